import { AppError, isAppError } from '@tandem/protocol/error';
import type { WorktreeHold } from '@tandem/workspace';
import { listOf } from '../args/read.ts';
import { workingDirectory } from '../args/working-directory.ts';
import { clean } from '../attempts/table.ts';
import type { CommandInput } from '../command/run.ts';
import { openWorktrees } from '../compose.ts';

/** What a person may wave through; the rest is somebody else's, or in use. */
const waivable = ['commits', 'changes', 'untracked', 'ignored', 'submodule', 'missing'] as const;
/** Names of one kind that are shown; the JSON of the list has all of them. */
const maxNames = 20;

export const discardWorktree = async (input: CommandInput, name: string): Promise<number> => {
  const { parsed, host } = input;
  const despite = (listOf(parsed, 'despite') ?? []).map(kindOf);
  const origin = workingDirectory(parsed, host);
  try {
    const gone = await (await openWorktrees(host.env)).discard({ origin, name }, { despite });
    host.out(parsed.switches.has('json') ? `${JSON.stringify(gone)}\n` : `${gone.trash}\n`);
    host.err(`${name} is in the trash. To bring it back: tandem worktree restore ${gone.trash}\n`);
    return 0;
  } catch (error) {
    for (const line of holdLines(error)) host.err(`${line}\n`);
    throw error;
  }
};

const kindOf = (typed: string): (typeof waivable)[number] => {
  const kind = waivable.find((one) => one === typed);
  if (kind !== undefined) return kind;
  throw new AppError('usage', `--despite is one or more of ${waivable.join(', ')}, not "${typed}"`);
};

/** Everything that keeps a worktree, a line each. */
const holdLines = (error: unknown): readonly string[] => {
  const holds = isAppError(error) ? error.details.holds : undefined;
  if (!Array.isArray(holds)) return [];
  return (holds as readonly WorktreeHold[]).flatMap(({ kind, names }) => [
    ...names.slice(0, maxNames).map((one) => `${kind.padEnd(9)}  ${clean(one)}`),
    ...(names.length > maxNames ? [`${kind.padEnd(9)}  ${names.length - maxNames} more`] : []),
  ]);
};
