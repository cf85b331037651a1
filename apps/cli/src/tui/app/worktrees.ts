import { AppError } from '@tandem/protocol/error';
import type { Hands } from './actions.ts';
import { picking } from './run-command.ts';
import { say } from './say.ts';

/** `/worktree`: without words a list to choose from. */
export const worktree = async (hands: Hands, words: string): Promise<void> => {
  const [verb = '', name = ''] = words.split(/\s+/);
  switch (verb) {
    case '':
    case 'list':
      return await list(hands);
    case 'new':
      return await make(hands, name);
    case 'diff':
    case 'merge':
    case 'discard':
      if (name !== '') return await withWorktree(hands, name, verb);
  }
  throw new AppError('usage', '/worktree, /worktree new [NAME], or /worktree diff|merge|discard NAME');
};

const list = async (hands: Hands): Promise<void> => {
  const { worktrees, cwd } = hands.machine;
  const at = hands.screen().place.cwd;
  const found = await worktrees.list(cwd);
  if (found.length === 0)
    return say(hands, 'no worktrees here; /worktree new makes one with your files as they are');
  const back = at === cwd ? [] : [{ label: 'back', note: `to ${cwd}`, value: '' }];
  const choices = found.map(({ name, note, root }) => ({
    label: name,
    note: `${note}${root === at ? ', this session works in it' : ''}`,
    value: name,
  }));
  hands.change((screen) =>
    picking(screen, { title: 'Worktrees', purpose: 'worktree', choices: [...back, ...choices] }),
  );
};

const make = async (hands: Hands, name: string): Promise<void> => {
  const { worktrees, cwd } = hands.machine;
  const made = await worktrees.make({ origin: cwd, name }, hands.stop());
  await workIn(hands, made.root);
  say(hands, `${made.name} on branch ${made.branch}: a new session works in it; /worktree leads back`);
};

/** What is to be done with the one that was chosen; an empty name is the workspace itself. */
export const choseWorktree = async (hands: Hands, name: string): Promise<void> => {
  if (name === '') return await workIn(hands, hands.machine.cwd);
  const choices = [
    { label: 'work', note: 'a new session in it', value: 'work' },
    { label: 'diff', note: 'what was done in it', value: 'diff' },
    { label: 'merge', note: 'bring its work into your files', value: 'merge' },
    { label: 'discard', note: 'to the trash; refused where work would be lost', value: 'discard' },
  ];
  hands.change((screen) => picking(screen, { title: name, purpose: 'with worktree', choices, about: name }));
};

export const withWorktree = async (hands: Hands, name: string, action: string): Promise<void> => {
  const { worktrees, cwd, runTandem } = hands.machine;
  if (action === 'diff') return hands.page(`Work of ${name}`, { diff: await worktrees.diff(cwd, name) });
  if (action === 'work') {
    const found = (await worktrees.list(cwd)).find((one) => one.name === name);
    if (found?.present !== true) throw new AppError('not_found', `the folder of ${name} is gone`);
    return await workIn(hands, found.root);
  }
  const exit = await hands.lend(() => runTandem(['worktree', action, name], cwd));
  say(
    hands,
    exit === 0 ? `${action} of ${name}: done` : `${action} of ${name}: not done (exit ${exit})`,
    exit !== 0,
  );
};

const workIn = async (hands: Hands, cwd: string): Promise<void> => {
  await hands.goTo(cwd);
  await hands.open(null);
};
