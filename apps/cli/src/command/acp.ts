import { Readable, Writable } from 'node:stream';
import metadata from '../../package.json' with { type: 'json' };
import type { Place } from '../acp/machine.ts';
import { serve } from '../acp/serve.ts';
import { workingDirectory } from '../args/working-directory.ts';
import { compose } from '../compose.ts';
import { allowKind } from '../config/allow-kind.ts';
import { confinement, sayConfined } from '../exec/confine.ts';
import { readyModel } from '../exec/ready-model.ts';
import { expanded } from '../extend/expanded.ts';
import { sayUntrusted } from '../extend/untrusted.ts';
import type { CommandInput, CommandRunner } from './run.ts';
import { attendedSettings } from './terminal.ts';

/** `tandem acp`: a screen that is drawn by another program. */
export const acp: CommandRunner = async (input) => {
  const { host, parsed, signal } = input;
  const machine = {
    version: metadata.version,
    cwd: host.cwd,
    directory: (path: string) =>
      workingDirectory({ ...parsed, values: new Map([...parsed.values, ['cwd', path]]) }, host),
    open: (cwd: string, servers: Readonly<Record<string, object>>) => openPlace(input, cwd, servers),
    input: Readable.toWeb(process.stdin) as ReadableStream<Uint8Array>,
    output: Writable.toWeb(process.stdout) as WritableStream<Uint8Array>,
  };
  if (host.stdin === 'terminal') host.err('tandem: acp is for an editor to start; see docs/acp.md\n');
  await serve(machine, signal);
  return 0;
};

const openPlace = async (
  { host, parsed, signal }: CommandInput,
  cwd: string,
  servers: Readonly<Record<string, object>>,
): Promise<Place> => {
  const { config, plan, settings } = await attendedSettings({ parsed, host, cwd });
  const { offline } = plan;
  // The mode is the session's, so that it can be changed in the middle; a turn's own would win over it.
  const { permissionMode: _headless, ...options } = plan.options;
  const sandbox = confinement(plan.sandbox, { host, signal });
  const app = await compose({ env: host.env, config, cwd, offline, servers, ...sandbox });
  sayConfined(host, app);
  await sayUntrusted(host, cwd, config);
  return {
    client: app.client,
    model: settings.model,
    mode: settings.mode,
    options,
    readyModel: async (id, stop) => void (await readyModel({ id, offline, host, signal: stop })),
    expand: (typed, stop) => expanded(host, app, { typed, signal: stop }),
    allowKind: (rule) => {
      allowKind(host.env, rule);
      app.policyChanged();
    },
    close: app.close,
  };
};
