import { readFileSync } from 'node:fs';
import type { AttemptsRun, IsolatedAttempt } from '@tandem/protocol';
import { AppError } from '@tandem/protocol/error';
import { type Hands, send } from './actions.ts';
import { picking } from './run-command.ts';
import { say } from './say.ts';
import { modelOf, modeOf } from './screen.ts';

const usualCount = 3;
const mostAttempts = 64;

/** `/attempts`: without words those of this session, else a turn of several tries at one goal. */
export const attempts = async (hands: Hands, words: string): Promise<void> => {
  if (words === '') return await list(hands);
  const [, typed, rest = ''] = /^(?:(\d+)(?:\s+|$))?([\s\S]*)$/.exec(words) ?? [];
  const count = typed === undefined ? usualCount : Number(typed);
  if (rest.trim() === '' || count < 1 || count > mostAttempts)
    throw new AppError('usage', `/attempts [HOW MANY] GOAL, at most ${mostAttempts}`);
  // Nobody is asked in an attempt, and its files are its own: edits need no yes there.
  const mode = modeOf(hands.screen());
  const permissionMode = mode === 'default' ? ('acceptEdits' as const) : mode;
  await send(hands, rest, { isolated: { for: 'all', count }, permissionMode });
};

const runOf = async (hands: Hands): Promise<{ readonly session: string; readonly run: AttemptsRun }> => {
  const { session } = await hands.conversation();
  const { foldAttempts } = await import('@tandem/protocol');
  const run = session === null ? null : foldAttempts(await (await hands.door()).client.events(session));
  if (session === null || run === null)
    throw new AppError('not_found', 'this session has no attempts; /attempts GOAL makes some');
  return { session, run };
};

const list = async (hands: Hands): Promise<void> => {
  const { run } = await runOf(hands);
  const sorted = run.attempts.toSorted((left, right) => left.number - right.number);
  const model = modelOf(hands.screen());
  const choices = sorted.map((one) => ({ label: labelOf(one), note: noteOf(one, model), value: one.id }));
  hands.change((screen) => picking(screen, { title: 'Attempts', purpose: 'attempt', choices }));
};

const labelOf = ({ number, status, verify, error }: IsolatedAttempt): string => {
  if (status === 'open') return `#${number} … at work`;
  if (error !== null) return `#${number} ✗ failed`;
  if (verify === null) return `#${number} made`;
  return `#${number} ${verify.exit === 0 ? '✓ passes' : `✗ exit ${verify.exit}`}`;
};

/** The model only where it is not the session's. */
const noteOf = (one: IsolatedAttempt, model: string): string => {
  const added = one.files.reduce((sum, file) => sum + file.added, 0);
  const removed = one.files.reduce((sum, file) => sum + file.removed, 0);
  const marks = [
    ...(one.chosen ? ['chosen'] : []),
    ...(one.landed ? ['in your files'] : []),
    ...(one.discarded === null ? [] : ['discarded']),
  ];
  const how = one.error?.message ?? one.hypothesis ?? (one.model === model ? null : one.model);
  return [`+${added} −${removed}`, ...marks, ...(how === null ? [] : [how])].join(' · ');
};

export const choseAttempt = async (hands: Hands, id: string): Promise<void> => {
  const { run } = await runOf(hands);
  const number = run.attempts.find((one) => one.id === id)?.number ?? 0;
  const choices = [
    { label: 'diff', note: 'what it did', value: 'diff' },
    { label: 'take', note: 'bring it into your files; /undo takes it back', value: 'take' },
    { label: 'open', note: 'its own session, all that was said in it', value: 'open' },
    { label: 'discard', note: 'its worktree to the trash', value: 'discard' },
  ];
  hands.change((screen) =>
    picking(screen, { title: `Attempt ${number}`, purpose: 'with attempt', choices, about: id }),
  );
};

export const withAttempt = async (hands: Hands, id: string, action: string): Promise<void> => {
  const { session, run } = await runOf(hands);
  const one = run.attempts.find((attempt) => attempt.id === id);
  if (one === undefined) return;
  const { client } = await hands.door();
  if (action === 'open') return await hands.open(one.session);
  if (action === 'diff') return hands.page(`Attempt ${one.number}`, { diff: readKept(one) });
  if (action === 'take') {
    const { files } = await client.acceptAttempt(session, { attempt: id });
    return say(hands, `attempt ${one.number} is in your files: ${files.map(({ path }) => path).join(', ')}`);
  }
  const { discarded } = await client.discardAttempts(session, { attempt: id });
  say(
    hands,
    discarded.length === 0
      ? 'there was no worktree to discard'
      : `${discarded.join(', ')} is in the trash; tandem worktree restore brings it back`,
  );
};

const readKept = ({ diff, number }: IsolatedAttempt): string => {
  if (diff === null) throw new AppError('not_found', `attempt ${number} has no diff`);
  try {
    return readFileSync(diff, 'utf8');
  } catch (cause) {
    throw new AppError('not_found', `the diff was kept in ${diff}, which cannot be read`, { cause });
  }
};
