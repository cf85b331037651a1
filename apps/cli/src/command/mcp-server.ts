import metadata from '../../package.json' with { type: 'json' };
import { workingDirectory } from '../args/working-directory.ts';
import { compose, openLook } from '../compose.ts';
import { confinement } from '../exec/confine.ts';
import { planTurn } from '../exec/plan.ts';
import { modelIdOf, readyModel } from '../exec/ready-model.ts';
import { sayUntrusted } from '../extend/untrusted.ts';
import { judgeLine } from '../judge/judge-line.ts';
import type { Machine, Place } from '../mcp/machine.ts';
import { modesUpTo } from '../mcp/modes.ts';
import { serve } from '../mcp/serve.ts';
import { configOf } from './config-of.ts';
import { guardOf, homeOf } from './judge.ts';
import type { CommandInput } from './run.ts';

/** `tandem mcp` without a verb: the agent as a server for another program. */
export const serveMcp = async (input: CommandInput): Promise<number> => {
  const { host, parsed, signal } = input;
  const root = workingDirectory(parsed, host);
  if (host.stdin === 'terminal')
    host.err(
      'tandem: mcp is for a client to start; see docs/extend.md, or tandem mcp --help for its verbs\n',
    );
  const planned = await planOf(input, root);
  const looking = await openLook({ env: host.env, config: planned.config, cwd: root, offline: true });
  const machine: Machine = {
    version: metadata.version,
    root,
    open: async (folder, stop) => await openPlace(input, { folder, root, signal: stop }),
    looking: { specs: looking.specs, look: lookingWith(looking, planned.plan.permissionMode) },
    judge: async (request, stop) => {
      const options = { guard: await guardOf(host), home: homeOf(host), signal: stop };
      return await judgeLine(JSON.stringify(request), options);
    },
    input: process.stdin,
    output: process.stdout,
  };
  await serve(machine, signal);
  return 0;
};

const lookingWith =
  ({ look }: Awaited<ReturnType<typeof openLook>>, mode: Place['mode']): Machine['looking']['look'] =>
  (call, signal) =>
    look({ ...call, mode }, signal);

const planOf = async ({ host, parsed }: CommandInput, cwd: string) => {
  const config = await configOf(host, cwd, { trust: parsed.switches.has('trust') });
  return { config, plan: planTurn({ parsed, host, config, cwd }) };
};

/** A folder below may have settings of its own; they may make things narrower than at the root, not wider. */
const openPlace = async (
  input: CommandInput,
  { folder, root, signal }: { readonly folder: string; readonly root: string; readonly signal: AbortSignal },
): Promise<Place> => {
  const { host } = input;
  const atRoot = (await planOf(input, root)).plan.permissionMode;
  const { config, plan } = await planOf(input, folder);
  const { offline, permissionMode } = plan;
  const sandbox = confinement(plan.sandbox, { host, signal });
  const app = await compose({ env: host.env, config, cwd: folder, offline, ...sandbox });
  await sayUntrusted(host, folder, config);
  return {
    client: app.client,
    model: await modelIdOf(plan.model),
    mode: modesUpTo(atRoot).includes(permissionMode) ? permissionMode : atRoot,
    options: plan.options,
    readyModel: async (stop) => void (await readyModel({ id: plan.model, offline, host, signal: stop })),
    close: app.close,
  };
};
