import type { SessionInfo } from '@tandem/protocol';
import { covers } from '../config/trust.ts';

/**
 * The sessions of one workspace, those of their attempts too, which work in worktrees elsewhere. Settings and trust were read
 * for this workspace: a session of another one must not run under them.
 */
export const sessionsWithin = (root: string, all: readonly SessionInfo[]): readonly SessionInfo[] => {
  const known = new Set(all.filter(({ cwd }) => covers([root], cwd)).map((session) => session.id));
  let grew = true;
  while (grew) {
    const children = all.filter(
      ({ id, parent }) => parent !== undefined && known.has(parent) && !known.has(id),
    );
    for (const { id } of children) known.add(id);
    grew = children.length > 0;
  }
  return all.filter(({ id }) => known.has(id));
};
