import { AppError } from '@tandem/protocol';
import type { Client } from '@tandem/sdk';
import type { Parsed } from '../args/parse.ts';
import { workingDirectory } from '../args/working-directory.ts';
import { compose } from '../compose.ts';
import { newestSession, type SessionInUse, sessionById, useSession } from '../exec/choose-session.ts';
import { confinement, sayConfined } from '../exec/confine.ts';
import { perform } from '../exec/perform.ts';
import { planTurn, type TurnPlan } from '../exec/plan.ts';
import { readPrompt } from '../exec/prompt.ts';
import { readyModel } from '../exec/ready-model.ts';
import { expanded } from '../extend/expanded.ts';
import { sayUntrusted } from '../extend/untrusted.ts';
import { configOf } from './config-of.ts';
import type { CommandInput, CommandRunner } from './run.ts';

/** `tandem exec`: one turn without a screen. */
export const exec: CommandRunner = async (input) => {
  const { switches, values } = input.parsed;
  if (switches.has('remote')) return await (await import('../task/remote.ts')).execRemote(input);
  const only = ['repository', 'host'].find((name) => values.has(name));
  if (only !== undefined) throw new AppError('usage', `--${only} goes with --remote`);
  return await execTurn(input, { attended: false });
};

export const execTurn = async (
  { parsed, host, signal }: CommandInput,
  { attended }: { readonly attended: boolean },
): Promise<number> => {
  refuseContradictions(parsed);
  const cwd = workingDirectory(parsed, host);
  const config = await configOf(host, cwd, { trust: parsed.switches.has('trust') });
  const plan = planTurn({ parsed, host, config, cwd });
  const typed = await readPrompt(host, parsed.positionals[0], signal);
  const ephemeral = parsed.switches.has('ephemeral');
  const kept = plan.keptDir === null ? {} : { keptDir: plan.keptDir };
  const sandbox = confinement(plan.sandbox, { host, signal });
  const { offline } = plan;
  const app = await compose({ env: host.env, config, cwd, offline, ephemeral, ...kept, ...sandbox });
  sayConfined(host, app);
  await sayUntrusted(host, cwd, config);
  try {
    const session = await chooseSession(app.client, parsed, plan);
    const model = await readyModel({ id: session?.model ?? plan.model, offline: plan.offline, host, signal });
    const text = await expanded(host, app, { typed, signal });
    return await perform({ client: app.client, host, signal, plan, model, session, text, attended });
  } finally {
    await app.close();
  }
};

const chooseSession = async (
  client: Client,
  parsed: Parsed,
  plan: TurnPlan,
): Promise<SessionInUse | null> => {
  const id = parsed.values.get('session');
  if (id !== undefined) return await useSession(client, await sessionById(client, id), plan);
  if (!parsed.switches.has('continue')) return null;
  return await useSession(client, await newestSession(client, plan.cwd), plan);
};

const refuseContradictions = ({ values, switches }: Parsed): void => {
  const goesOn = values.has('session') ? '--session' : switches.has('continue') ? '--continue' : null;
  if (goesOn === null) return;
  if (values.has('session') && switches.has('continue')) {
    throw new AppError('usage', 'give --session or --continue, not both');
  }
  if (switches.has('ephemeral')) {
    throw new AppError(
      'usage',
      `--ephemeral leaves no session behind, so it cannot go on with one (${goesOn})`,
    );
  }
};
