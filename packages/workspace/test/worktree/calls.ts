import type { Worktree, WorktreeHold, WorktreeStart } from '@tandem/core';
import { createWorktrees, type KeptWorktrees } from '../../src/worktree/create-worktrees.ts';

/** Worktrees of one repository, with the calls that the tests make all the time. */
export const callsOf = (origin: string, stateDir: string) => {
  let second = 0;
  const worktrees: KeptWorktrees = createWorktrees({
    stateDir,
    now: () => new Date(Date.UTC(2026, 0, 1, 0, 0, second++)).toISOString(),
  });
  const { signal } = new AbortController();
  return {
    worktrees,
    stateDir,
    create: (name: string, start: WorktreeStart = { kind: 'mirror' }): Promise<Worktree> =>
      worktrees.create({ origin, start, name }, { signal }),
    holds: async (name: string): Promise<Readonly<Record<string, readonly string[]>>> => {
      const facts = (await worktrees.list(origin)).find((one) => one.name === name);
      return Object.fromEntries(facts?.holds.map((hold) => [hold.kind, hold.names]) ?? []);
    },
    discard: (name: string, ...despite: readonly WorktreeHold['kind'][]) =>
      worktrees.discard({ origin, name }, { despite }),
    restore: (trash: string) => worktrees.restore({ origin, trash }),
    land: (name: string) => worktrees.land({ origin, name }),
    diff: (name: string) => worktrees.diff({ origin, name }),
  };
};
