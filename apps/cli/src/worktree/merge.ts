import { isAppError } from '@tandem/protocol/error';
import { workingDirectory } from '../args/working-directory.ts';
import type { CommandInput } from '../command/run.ts';
import { openWorktrees } from '../compose.ts';
import { merge } from '../merge/merge.ts';

/**
 * Its own work comes into the files here where nothing changed meanwhile, uncommitted. Else it becomes a commit on its
 * own branch, and that is merged as any branch is: through the gate.
 */
export const mergeWorktree = async (input: CommandInput, name: string): Promise<number> => {
  const { parsed, host } = input;
  const origin = workingDirectory(parsed, host);
  const worktrees = await openWorktrees(host.env);
  try {
    const { files } = await worktrees.land({ origin, name });
    if (parsed.switches.has('json')) host.out(`${JSON.stringify({ how: 'landed', files })}\n`);
    else for (const { path } of files) host.out(`${path}\n`);
    host.err(
      `${files.length} ${files.length === 1 ? 'file' : 'files'} of ${name} brought in; the worktree stays\n`,
    );
    return 0;
  } catch (error) {
    if (!isAppError(error) || !Array.isArray(error.details.paths)) throw error;
    host.err(`${error.message}\n`);
  }
  const { commit, branch } = await worktrees.commit({ origin, name, message: `Work of ${name}` });
  host.err(
    `all of ${name} is commit ${commit.slice(0, 10)} on ${branch}; going on with tandem merge ${branch}\n`,
  );
  return merge({ ...input, parsed: { ...parsed, positionals: [branch] } });
};
