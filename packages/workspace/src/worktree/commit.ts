import { AppError } from '@tandem/protocol';
import { branchTip } from './admin.ts';
import { type Places, requirePresent } from './record.ts';
import { git, gitOrNull } from './repository.ts';

/**
 * Puts all that is in the worktree into one commit on its branch, so that it can be merged. It is a person's commit like
 * any other, without hooks or signature. @throws AppError not_found; conflict when another branch is checked out there
 */
export const commitWorktree = async (
  places: Places,
  input: { readonly name: string; readonly message: string },
): Promise<{ readonly commit: string; readonly branch: string }> => {
  const record = await requirePresent(places, input.name);
  const { branch, root } = record.worktree;
  const stands = (await gitOrNull(root, ['symbolic-ref', '--quiet', 'HEAD']))?.trim() ?? 'no branch';
  if (stands !== `refs/heads/${branch}`)
    throw new AppError(
      'conflict',
      `${root} is on ${stands}, not on ${branch}; check ${branch} out there first.`,
    );
  await git(root, ['add', '-A', '--', '.']);
  if ((await gitOrNull(root, ['diff-index', '--cached', '--quiet', 'HEAD'])) === null)
    await git(root, ['commit', '--quiet', '--no-verify', '--no-gpg-sign', '-m', input.message]);
  return { commit: (await branchTip(record)) as string, branch };
};
