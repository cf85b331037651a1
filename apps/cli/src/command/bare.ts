import { AppError } from '@tandem/protocol/error';
import type { Parsed } from '../args/parse.ts';
import { workingDirectory } from '../args/working-directory.ts';
import type { CommandInput, CommandRunner } from './run.ts';
import { isTerminal, openTerminal, type TerminalInput } from './terminal.ts';

/** `tandem [prompt]`: the terminal screen before a person; elsewhere, and with -p, the same turn as exec. */
export const bare: CommandRunner = async (input) => {
  const { parsed, host } = input;
  if (parsed.values.has('host')) return await (await import('./elsewhere.ts')).elsewhere(input);
  if (parsed.values.has('host-program'))
    throw new AppError('usage', '--host-program says what tandem is called on another machine: with --host');
  if (isTerminal(input)) return await screen(input);
  if (parsed.positionals.length === 0 && !isHeadless(parsed)) {
    const { mainHelp } = await import('../args/help.ts');
    host.err(mainHelp());
    return 2;
  }
  const { execTurn } = await import('./exec.ts');
  return await execTurn(input, {
    attended: host.outIsTerminal && host.stdin === 'terminal' && !isHeadless(parsed),
  });
};

const isHeadless = ({ switches }: Parsed): boolean => switches.has('print');

const screen = async (input: CommandInput): Promise<number> => {
  const { parsed, host } = input;
  const cwd = workingDirectory(parsed, host);
  const id = parsed.values.get('session');
  const chooses = id !== undefined || parsed.switches.has('continue');
  const open: TerminalInput['open'] = chooses
    ? async (client) => {
        const { newestSession, sessionById } = await import('../exec/choose-session.ts');
        return id === undefined ? await newestSession(client, cwd) : await sessionById(client, id);
      }
    : null;
  return await openTerminal({ ...input, cwd, prompt: parsed.positionals[0] ?? null, open });
};
