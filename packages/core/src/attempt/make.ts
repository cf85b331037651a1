import { AppError, type IsolatedAttempt, isAppError, isErrorCode, type TurnOptions } from '@tandem/protocol';
import { gist } from '../pipeline/failure.ts';
import type { Worktree } from '../worktrees.ts';
import { type ChildEnd, driveChild, type Hearing, turnsOf, usageOf } from './child.ts';
import { type Making, runOf, worktreeOf } from './making.ts';
import type { Planned } from './plan.ts';
import type { Slots } from './slots.ts';
import { asItWasMade, type Baseline, type Checked, check, type Place } from './verify.ts';

export type Lanes = {
  /** A model in this process: one session at a time has it. */
  readonly local: Slots;
  readonly remote: Slots;
  readonly verify: Slots;
};

const maxOutput = 4_000;

/** Its ids, then its worktree, each in the log before or as soon as it is there. Failing is an outcome. */
export const beginAttempt = async (making: Making, planned: Planned): Promise<void> => {
  const { ports } = making;
  const known = numbered(making, planned);
  if (known !== undefined && (known.status !== 'open' || known.path !== null)) return;
  const id = known?.id ?? ports.ids.next('att');
  const name = known?.worktree ?? `attempt-${planned.number}-${id.slice(-8)}`;
  const session = known?.session ?? ports.ids.next('ses');
  if (known === undefined) {
    const { number, model, seed, hypothesis } = planned;
    const data = { attempt: id, number, session, worktree: name, model, seed };
    await making.record({
      type: 'attempt.started',
      data: { ...data, ...(hypothesis === null ? {} : { hypothesis }) },
    });
  }
  await failing(making, id, async () => {
    const made = known === undefined ? null : await worktreeOf(making, known).catch(absent);
    const worktree = made ?? (await create(making, { name, session, attempt: id }));
    making.found.set(name, worktree);
    const path = worktree.root;
    await making.record({ type: 'worktree.created', data: { attempt: id, path, name, session } });
  });
};

const absent = (error: unknown): null => {
  if (isAppError(error) && error.code === 'not_found') return null;
  throw error;
};

const create = (
  { worktrees, settings, signal }: Making,
  named: { readonly name: string; readonly session: string; readonly attempt: string },
): Promise<Worktree> =>
  worktrees.create({ origin: settings.cwd, start: { kind: 'mirror' }, ...named }, { signal });

/** Its session to the end, then verify. What goes wrong is the outcome of this attempt and of no other. */
export const makeAttempt = async (
  making: Making,
  planned: Planned,
  { lanes, baseline }: { readonly lanes: Lanes; readonly baseline: Baseline },
): Promise<void> => {
  const attempt = numbered(making, planned);
  if (attempt === undefined || attempt.status !== 'open' || attempt.path === null) return;
  await failing(making, attempt.id, async () => {
    const model = await making.ports.model(planned.model);
    const { local } = await model.facts(making.signal);
    const worktree = await worktreeOf(making, attempt);
    const lane = local ? lanes.local : lanes.remote;
    const child = await lane.use(making.signal, () => driveOne(making, { attempt, planned, worktree }));
    await lanes.verify.use(making.signal, () => judge(making, { attempt, worktree, child, baseline }));
  });
};

type One = { readonly attempt: IsolatedAttempt; readonly planned: Planned; readonly worktree: Worktree };

const driveOne = (making: Making, { attempt, planned, worktree }: One): Promise<ChildEnd> => {
  const { engine, signal, log } = making;
  const goal = planned.prompt.split('\n')[0] ?? '';
  const task = {
    session: attempt.session,
    parent: log.session,
    title: `attempt ${attempt.number}: ${goal}`.slice(0, 120),
    model: planned.model,
    cwd: joined(worktree.root, making.prefix),
    prompt: planned.prompt,
    options: optionsFor(making, planned),
  };
  const progress = (text: string): void => making.progress(`attempt ${attempt.number}: ${text}`);
  const overlap: Hearing['overlap'] = async (data) => {
    if (data.advice === 'go on') return;
    await making.record({ type: 'overlap.noticed', data: { ...data, attempt: attempt.id } });
  };
  return driveChild(engine, task, { signal, progress, overlap });
};

/** What failing work is put back for does not hold here: the worktree is thrown away whole, or looked at. */
const optionsFor = (making: Making, planned: Planned): TurnOptions => {
  const { isolated: _, maxSeconds: __, maxCostUsd, ...given } = making.now().options;
  const left = maxCostUsd === undefined ? undefined : costLeft(making, maxCostUsd);
  return {
    ...given,
    permissionMode: given.permissionMode ?? making.settings.permissionMode,
    keep: true,
    tidyVerify: true,
    seed: planned.seed,
    ...(planned.temperature === undefined ? {} : { temperature: planned.temperature }),
    ...(planned.without === undefined ? {} : { without: [...(given.without ?? []), ...planned.without] }),
    ...(left === undefined ? {} : { maxCostUsd: left }),
  };
};

const costLeft = (making: Making, limit: number): number => {
  const spent = runOf(making.log).attempts.reduce((sum, { usage }) => sum + usage.costUsd, 0);
  if (spent < limit) return limit - spent;
  throw new AppError('limit', `the attempts before it cost the limit of ${limit} USD; raise --max-cost`);
};

const judge = async (
  making: Making,
  input: {
    readonly attempt: IsolatedAttempt;
    readonly worktree: Worktree;
    readonly child: ChildEnd;
    readonly baseline: Baseline;
  },
): Promise<void> => {
  const { attempt, worktree, child, baseline } = input;
  const place = await placeOf(making, attempt);
  const { error, patch } = child.end;
  const { session } = making.log;
  if (error !== undefined && error.code !== 'verify_failed') {
    const { files } = await making.worktrees.diff(worktree);
    if (files.length === 0)
      throw new AppError(isErrorCode(error.code) ? error.code : 'internal', error.message);
  }
  await asItWasMade(making, place);
  const { diff, files } = await making.worktrees.diff(worktree);
  if (files.length === 0 && patch === undefined) throw new AppError('verify_failed', 'it changed nothing');
  making.progress(`attempt ${attempt.number}: verifying`);
  // Without a change there is nothing to verify: its session has said what its best try came to.
  const checked = files.length === 0 ? null : await check(making, place, baseline);
  const verify = checked === null ? child.end.verify : (checked.run ?? null);
  const { sandbox } = place.workspace;
  await making.record({
    type: 'attempt.verified',
    data: {
      attempt: attempt.id,
      number: attempt.number,
      source: 'session',
      verify: verify === null ? null : { command: verify.command, exit: verify.exit },
      ms: Math.round(child.ms + (checked?.ms ?? 0)),
      tokens: { in: child.usage.in, out: child.usage.out },
      note: noteOf(checked, error?.message ?? child.end.answer),
      files: [...files],
      diff:
        patch !== undefined && files.length === 0
          ? patch
          : await making.ports.keepFile(session, `attempt-${attempt.number}.diff`, diff),
      output: gist(checked?.result?.output ?? '', maxOutput),
      regressions: [...(checked?.regressions ?? [])],
      sandbox: { profile: sandbox?.profile ?? 'full', level: sandbox?.level ?? 'none' },
      usage: child.usage,
    },
  });
};

/** Of what verify said, the line that says most. */
const telling = /^\s*(?:\w*(?:Error|Exception)\b|E {2}|not ok\b|[✖✗×] |FAIL|--- FAIL|panicked|assert)/;

const noteOf = (checked: Checked | null, otherwise: string): string => {
  if (checked?.result?.timedOut === true) return 'verify was stopped: it ran past its limit';
  if (checked?.run?.exit === 0) return 'passed';
  const said = checked?.result == null ? otherwise : gist(checked.result.output, maxOutput);
  const lines = said.trim().split('\n');
  const line = (lines.find((one) => telling.test(one)) ?? lines.at(-1) ?? '').trim();
  return line === '' ? `it ends with exit ${checked?.run?.exit ?? 1}` : line.slice(0, 200);
};

/** Where an attempt is verified. */
export const placeOf = async (making: Making, attempt: IsolatedAttempt): Promise<Place> => {
  const { root } = await worktreeOf(making, attempt);
  const { prefix, ports, engine } = making;
  const made = `${attempt.id.replace(/^att_/, 'snp_')}${await turnsOf(engine, attempt.session)}`;
  return { workspace: await ports.workspace(root), cwd: prefix === '' ? undefined : prefix, made };
};

/** Runs a part of an attempt; a refusal, or trouble that has a name, is recorded as its outcome. */
const failing = async (making: Making, id: string, part: () => Promise<void>): Promise<void> => {
  const started = making.ports.clock.ms();
  try {
    await part();
  } catch (thrown) {
    const error = making.signal.aborted ? making.signal.reason : thrown;
    if (making.turnSignal.aborted || !isAppError(error)) throw error;
    const ms = Math.round(making.ports.clock.ms() - started);
    const { code, message } = error;
    const attempt = runOf(making.log).attempts.find((one) => one.id === id);
    const usage = await usageOf(making.engine, attempt?.session ?? '');
    await making.record({
      type: 'attempt.failed',
      data: { attempt: id, error: { code, message: message.slice(0, 2_000) }, ms, usage },
    });
  }
};

const numbered = (making: Making, { number }: Planned): IsolatedAttempt | undefined =>
  runOf(making.log).attempts.find((one) => one.number === number);

const joined = (root: string, prefix: string): string => (prefix === '' ? root : `${root}/${prefix}`);
