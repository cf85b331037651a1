import type { KeptWorktrees } from '@tandem/workspace';
import type { Host } from '../host.ts';
import type { Machine } from '../tui/app/machine.ts';

const opened = async ({ env }: Host): Promise<KeptWorktrees> =>
  await (await import('../compose.ts')).openWorktrees(env);

/** The worktrees of a repository as the screen asks for them. */
export const worktreesOf = (host: Host): Machine['worktrees'] => ({
  list: async (origin) =>
    (await (await opened(host)).list(origin)).map(({ name, root, present, files, commits }) => {
      const added = files.reduce((sum, file) => sum + file.added, 0);
      const removed = files.reduce((sum, file) => sum + file.removed, 0);
      const work = files.length === 0 ? 'no work' : `${counted(files.length, 'file')} +${added} −${removed}`;
      const more = commits === 0 ? '' : `, ${counted(commits, 'commit')}`;
      return { name, root, present, note: present ? `${work}${more}` : 'its folder is gone' };
    }),
  make: async ({ origin, name }, signal) => {
    const start = { kind: 'mirror' } as const;
    const worktrees = await opened(host);
    return await worktrees.create({ origin, start, ...(name === '' ? {} : { name }) }, { signal });
  },
  diff: async (origin, name) => (await (await opened(host)).diff({ origin, name })).diff,
});

const counted = (count: number, what: string): string => `${count} ${what}${count === 1 ? '' : 's'}`;
