import { AppError, isAppError, RewindScope } from '@tandem/protocol';
import type { Client, Moved } from '@tandem/sdk';
import { workingDirectory } from '../args/working-directory.ts';
import { newestSession, sessionById } from '../exec/choose-session.ts';
import type { CommandInput, CommandRunner } from './run.ts';
import { withApp } from './with-app.ts';

export const undo: CommandRunner = async (input) => {
  const turns = countOf(input, 'undo takes a number of turns');
  return move(input, (client, session, force) => client.undo(session, { turns, force }));
};

export const redo: CommandRunner = async (input) => {
  const times = countOf(input, 'redo takes a number of undos');
  return move(input, (client, session, force) => client.redo(session, { times, force }));
};

export const rewind: CommandRunner = async (input) => {
  const to = input.parsed.positionals[0] ?? '';
  const scope = RewindScope.parse(input.parsed.values.get('scope') ?? 'both');
  return move(input, (client, session, force) => client.rewind(session, { to, scope, force }));
};

const countOf = ({ parsed }: CommandInput, what: string): number => {
  const typed = parsed.positionals[0] ?? '1';
  const count = Number(typed);
  if (Number.isSafeInteger(count) && count >= 1) return count;
  throw new AppError('usage', `${what}, not "${typed}"`);
};

/** Moves the chosen session; the changed paths on stdout, one a line. */
const move = (
  { parsed, host }: CommandInput,
  work: (client: Client, session: string, force: boolean) => Promise<Moved>,
): Promise<number> => {
  const cwd = workingDirectory(parsed, host);
  const id = parsed.values.get('session');
  const force = parsed.switches.has('force');
  return withApp(host, async ({ client }) => {
    const session = id === undefined ? await newestSession(client, cwd) : await sessionById(client, id);
    try {
      const { files, refs } = await work(client, session.id, force);
      for (const file of [...files, ...refs]) host.out(`${file}\n`);
      const count = (of: readonly string[], what: string): string =>
        `${of.length} ${what}${of.length === 1 ? '' : 's'}`;
      const moved = refs.length === 0 ? '' : ` and ${count(refs, 'ref')}`;
      host.err(`${count(files, 'file')}${moved} put back in ${session.cwd}\n`);
      // A question, or a turn that failed, is often the newest: the change that is meant is in another session.
      if (files.length + refs.length === 0 && id === undefined)
        host.err(`${session.id} changed nothing there; --session ID takes another one of tandem sessions\n`);
      return 0;
    } catch (error) {
      for (const diff of diffsOf(error)) host.err(diff);
      throw error;
    }
  });
};

/** What somebody else changed, as the refusal shows it. */
const diffsOf = (error: unknown): readonly string[] => {
  const conflicts = isAppError(error) ? error.details.conflicts : undefined;
  if (!Array.isArray(conflicts)) return [];
  return conflicts.flatMap((one: { readonly diff?: unknown }) =>
    typeof one.diff === 'string' && one.diff !== ''
      ? [one.diff.endsWith('\n') ? one.diff : `${one.diff}\n`]
      : [],
  );
};
