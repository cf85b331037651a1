import { AppError } from '@tandem/protocol/error';
import { workingDirectory } from '../args/working-directory.ts';
import { openWorktrees } from '../compose.ts';
import { discardWorktree } from '../worktree/discard.ts';
import { mergeWorktree } from '../worktree/merge.ts';
import { trashTable, worktreeTable } from '../worktree/table.ts';
import type { CommandInput, CommandRunner } from './run.ts';

/** `tandem worktree list|new|diff|merge|discard|trash|restore|purge`. */
export const worktree: CommandRunner = (input) => {
  const [verb = 'list'] = input.parsed.positionals;
  switch (verb) {
    case 'list':
      return list(input);
    case 'new':
      return create(input);
    case 'diff':
      return diff(input);
    case 'merge':
      return mergeWorktree(input, named(input, 'merge', 'the name of a worktree'));
    case 'discard':
      return discardWorktree(input, named(input, 'discard', 'the name of a worktree'));
    case 'trash':
      return trash(input);
    case 'restore':
      return restore(input);
    case 'purge':
      return purge(input);
    default:
      throw new AppError(
        'usage',
        `worktree knows list, new, diff, merge, discard, trash, restore and purge, not "${verb}"`,
      );
  }
};

const named = ({ parsed }: CommandInput, verb: string, what: string): string => {
  const typed = parsed.positionals[1];
  if (typed !== undefined) return typed;
  throw new AppError('usage', `worktree ${verb} needs ${what}; see tandem worktree list`);
};

const list = async ({ parsed, host }: CommandInput): Promise<number> => {
  const facts = await (await openWorktrees(host.env)).list(workingDirectory(parsed, host));
  if (parsed.switches.has('json')) host.out(`${JSON.stringify(facts)}\n`);
  else host.out(worktreeTable(facts, { columns: host.columns, now: Date.now() }));
  if (facts.length === 0) host.err('No worktrees here. The first one: tandem worktree new\n');
  return 0;
};

const create = async ({ parsed, host, signal }: CommandInput): Promise<number> => {
  const ref = parsed.values.get('from');
  const name = parsed.positionals[1];
  const made = await (await openWorktrees(host.env)).create(
    {
      origin: workingDirectory(parsed, host),
      start: ref === undefined ? { kind: 'mirror' } : { kind: 'ref', ref },
      ...(name === undefined ? {} : { name }),
    },
    { signal },
  );
  host.out(parsed.switches.has('json') ? `${JSON.stringify(made)}\n` : `${made.root}\n`);
  const { first, count } = made.ports;
  host.err(`${made.name}: branch ${made.branch}, ports ${first}-${first + count - 1}\n`);
  for (const path of made.left ?? []) host.err(`not brought along: ${path}\n`);
  return 0;
};

const diff = async (input: CommandInput): Promise<number> => {
  const { parsed, host } = input;
  const name = named(input, 'diff', 'the name of a worktree');
  const work = await (await openWorktrees(host.env)).diff({ origin: workingDirectory(parsed, host), name });
  host.out(parsed.switches.has('json') ? `${JSON.stringify(work)}\n` : work.diff);
  return 0;
};

const trash = async ({ parsed, host }: CommandInput): Promise<number> => {
  const entries = await (await openWorktrees(host.env)).discarded(workingDirectory(parsed, host));
  if (parsed.switches.has('json')) host.out(`${JSON.stringify(entries)}\n`);
  else if (entries.length === 0) host.err('The trash of this repository is empty.\n');
  else host.out(trashTable(entries, { columns: host.columns, now: Date.now() }));
  return 0;
};

const restore = async (input: CommandInput): Promise<number> => {
  const { parsed, host } = input;
  const id = named(input, 'restore', 'the id that tandem worktree trash shows');
  const origin = workingDirectory(parsed, host);
  const made = await (await openWorktrees(host.env)).restore({ origin, trash: id });
  host.out(parsed.switches.has('json') ? `${JSON.stringify(made)}\n` : `${made.root}\n`);
  return 0;
};

const purge = async (input: CommandInput): Promise<number> => {
  const { parsed, host } = input;
  const id = named(input, 'purge', 'the id that tandem worktree trash shows');
  await (await openWorktrees(host.env)).purge({ origin: workingDirectory(parsed, host), trash: id });
  host.err(`${id} is gone for good\n`);
  return 0;
};
