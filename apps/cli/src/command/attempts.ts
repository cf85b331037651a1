import { AppError, foldAttempts, initialView, reduce, TurnOptions } from '@tandem/protocol';
import { listOf } from '../args/read.ts';
import { workingDirectory } from '../args/working-directory.ts';
import { attemptsSession, parentsOf } from '../attempts/find.ts';
import { resolveModels } from '../attempts/models.ts';
import { goOnWatching, runIn, type Shown, showReport, startAttempts } from '../attempts/perform.ts';
import { planAttempts } from '../attempts/plan.ts';
import { showAttempt, showList } from '../attempts/show.ts';
import { type App, type ComposeInput, compose } from '../compose.ts';
import { confinement, planSandbox } from '../exec/confine.ts';
import { overlapLine } from '../exec/describe.ts';
import { readPrompt } from '../exec/prompt.ts';
import { sayUntrusted } from '../extend/untrusted.ts';
import { configOf } from './config-of.ts';
import type { CommandInput, CommandRunner } from './run.ts';
import { withApp } from './with-app.ts';

/** `tandem attempts`: several tries at one goal; and what can be done with those that were made. */
export const attempts: CommandRunner = (input) => {
  const [verb, ...rest] = input.parsed.positionals;
  switch (verb) {
    case 'list':
      return list(input);
    case 'show':
      return show(input, rest);
    case 'accept':
      return accept(input, rest);
    case 'discard':
      return discard(input, rest);
    case 'resume':
      return resume(input, rest);
    default:
      return make(input);
  }
};

const make = async (input: CommandInput): Promise<number> => {
  const { parsed, host, signal } = input;
  if (parsed.positionals.length > 1)
    throw new AppError('usage', 'one goal, in quotes; or list, show, accept, discard, resume');
  const cwd = workingDirectory(parsed, host);
  const config = await configOf(host, cwd, { trust: parsed.switches.has('trust') });
  const plan = planAttempts({ parsed, host, config, cwd });
  const text = await readPrompt(host, parsed.positionals[0], signal);
  const { offline } = plan.turn;
  const models = await resolveModels(plan, { host, signal });
  const app = await openConfined(input, { config, cwd, offline });
  const { client } = app;
  await sayUntrusted(host, cwd, config);
  try {
    const settings = { model: models[0] ?? '', cwd, permissionMode: plan.turn.permissionMode };
    const { session } = await client.createSession({ settings, title: titleOf(text) });
    const options = { ...plan.turn.options, isolated: { ...plan.isolated, models: [...models] } };
    host.err(`session ${session}\n`);
    await startAttempts(host, { client, session, signal, text, options, after: 0 });
    if (plan.accept && (await runIn(client, session)).status === 'ok') await client.acceptAttempt(session);
    return await showReport(shownOf(input, plan.turn.outputFile), { client, session });
  } finally {
    await app.close();
  }
};

/** Nobody looks at what several attempts run side by side: confined where that holds, unless a person says `full`. */
const openConfined = (
  { parsed, host, signal }: CommandInput,
  given: Pick<ComposeInput, 'config' | 'cwd' | 'offline'>,
): Promise<App> => {
  const plan = planSandbox({ parsed, ...given, mode: 'auto' });
  return compose({ env: host.env, ...given, ...confinement(plan, { host, signal }) });
};

const titleOf = (text: string): string => (text.trim().split('\n')[0] ?? '').slice(0, 80);

const shownOf = ({ parsed, host }: CommandInput, outputFile: string | null): Shown => ({
  host,
  json: parsed.switches.has('json'),
  outputFile,
});

/** What is done is not done again: a turn that a kill left open goes on, one that was ended early is taken up. */
const resume = async (input: CommandInput, [typed]: readonly string[]): Promise<number> => {
  const { parsed, host, signal } = input;
  const cwd = workingDirectory(parsed, host);
  const config = await configOf(host, cwd, { trust: parsed.switches.has('trust') });
  const offline = parsed.switches.has('offline') || config.offline === true;
  const app = await openConfined(input, { config, cwd, offline });
  const { client } = app;
  try {
    const { id: session } = await attemptsSession(client, required(typed));
    const run = await runIn(client, session);
    const view = (await client.events(session)).reduce(reduce, initialView);
    const open = view.turns.find(({ status }) => status === 'running' || status === 'queued');
    const after = view.seq;
    if (open !== undefined) {
      await client.recover(session);
      await goOnWatching(host, { client, session, signal, turn: open.id, after });
    } else if (run.status !== 'ok') {
      const given = TurnOptions.parse(run.options);
      const isolated = { ...run.plan, resume: true };
      const options = { ...given, isolated };
      await startAttempts(host, { client, session, signal, text: run.goal, options, after });
    }
    return await showReport(shownOf(input, null), { client, session });
  } finally {
    await app.close();
  }
};

const list = ({ parsed, host }: CommandInput): Promise<number> =>
  withApp(host, async ({ client }) => {
    const cwd = workingDirectory(parsed, host);
    const here = parentsOf(await client.sessions()).filter((one) => one.cwd === cwd);
    const found = await Promise.all(
      here.map(async (info) => ({ info, run: foldAttempts(await client.events(info.id)) })),
    );
    // Agents are sessions of a session as well.
    const runs = found.flatMap(({ info, run }) => (run === null ? [] : [{ info, run }]));
    const { overlaps } = await client.live(cwd);
    for (const one of overlaps) host.err(`${one.session}: ${overlapLine(one)}\n`);
    return showList(host, runs, { json: parsed.switches.has('json') });
  });

const show = ({ parsed, host }: CommandInput, [typed, number]: readonly string[]): Promise<number> =>
  withApp(host, async ({ client }) => {
    const { id: session } = await attemptsSession(client, required(typed));
    if (number !== undefined) return showAttempt(host, await runIn(client, session), number);
    await showReport(shownOf({ parsed, host } as CommandInput, null), { client, session });
    return 0;
  });

const accept = ({ parsed, host }: CommandInput, [typed, number]: readonly string[]): Promise<number> =>
  withApp(host, async ({ client }) => {
    const { id: session, cwd } = await attemptsSession(client, required(typed));
    const { files } = await client.acceptAttempt(session, number === undefined ? {} : { attempt: number });
    if (parsed.switches.has('json')) host.out(`${JSON.stringify({ version: 1, session, files })}\n`);
    else for (const { path, added, removed } of files) host.out(`${path} +${added} −${removed}\n`);
    host.err(`In ${cwd}. To take it back: tandem undo --session ${session}\n`);
    return 0;
  });

const discard = ({ parsed, host }: CommandInput, [typed, number]: readonly string[]): Promise<number> =>
  withApp(host, async ({ client }) => {
    const { id: session } = await attemptsSession(client, required(typed));
    const { discarded } = await client.discardAttempts(session, {
      ...(number === undefined ? {} : { attempt: number }),
      despite: [...(listOf(parsed, 'despite') ?? [])],
    });
    for (const name of discarded) host.out(`${name}\n`);
    host.err(
      discarded.length === 0
        ? 'There was no worktree to discard.\n'
        : 'In the trash; tandem worktree trash shows them, tandem worktree restore brings one back.\n',
    );
    return 0;
  });

const required = (typed: string | undefined): string => {
  if (typed !== undefined) return typed;
  throw new AppError('usage', 'which? Give an ID of tandem attempts list');
};
