import type { Segment } from '../keeping.ts';
import type { Draft } from '../session/log.ts';
import type { Work } from './work.ts';

type Kept = Extract<Draft, { type: 'snapshot.taken' }>;

/** Keeps the workspace as it is now. The event says for what; the caller appends it with what it belongs to. */
export const takeSnapshot = async (
  work: Pick<Work, 'ports' | 'workspace' | 'log'>,
  about: { readonly reason: string; readonly after?: string; readonly notes?: readonly string[] },
): Promise<Kept> => {
  const snapshot = work.ports.ids.next('snp');
  const taken = await work.workspace.snapshot(snapshot, { session: work.log.session });
  const { reason, after } = about;
  const notes = [...taken.notes, ...(about.notes ?? [])];
  return {
    type: 'snapshot.taken',
    data: {
      snapshot,
      reason,
      ...(after === undefined ? {} : { after }),
      ...(notes.length === 0 ? {} : { notes: [...notes] }),
    },
  };
};

/**
 * Puts back what the segments did and nobody has changed since. Its events belong in one append: the state before,
 * what was put back, the state after.
 */
export const putBack = async (
  work: Pick<Work, 'ports' | 'workspace' | 'log' | 'progress'>,
  given: { readonly segments: readonly Segment[]; readonly target: string },
): Promise<readonly Draft[]> => {
  const before = await takeSnapshot(work, { reason: 'before putting back' });
  const now = before.data.snapshot;
  const { files, refs, conflicts } = await work.workspace.restore({
    segments: given.segments,
    now,
    others: 'leave',
  });
  const left = conflicts.map(({ path }) => path);
  if (left.length > 0) work.progress(`left as they are, for they were changed meanwhile: ${left.join(', ')}`);
  return [
    before,
    {
      type: 'snapshot.restored',
      data: {
        snapshot: given.target,
        files: [...files],
        ...(refs.length > 0 ? { refs: [...refs] } : {}),
        ...(left.length > 0 ? { left } : {}),
      },
    },
    await takeSnapshot(work, { reason: 'after putting back', after: now }),
  ];
};

/**
 * Puts back what a command wrote into files since a snapshot, and nothing of git: a repository's own folder is shared with
 * other worktrees, where somebody may be at work. Ignored files stay.
 */
export const filesBackTo = async (
  work: Pick<Work, 'ports' | 'workspace' | 'log'>,
  snapshot: string,
): Promise<void> => {
  const { workspace, ports, log } = work;
  const { files } = await workspace.diffSince(snapshot);
  if (files.length === 0) return;
  const now = ports.ids.next('snp');
  await workspace.snapshot(now, { session: log.session });
  const segment = { before: snapshot, after: now, paths: files.map(({ path }) => path) };
  await workspace.restore({ segments: [segment], now, others: 'leave' });
};
