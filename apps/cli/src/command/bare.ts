import type { Parsed } from '../args/parse.ts';
import { execTurn } from './exec.ts';
import type { CommandRunner } from './run.ts';

/** `tandem [prompt]`: the same turn as exec; on a terminal it streams and may ask. */
export const bare: CommandRunner = async (input) => {
  const { parsed, host } = input;
  const attended = host.outIsTerminal && host.stdin === 'terminal' && !isHeadless(parsed);
  if (parsed.positionals.length === 0 && !isHeadless(parsed)) {
    const { mainHelp } = await import('../args/help.ts');
    host.err(mainHelp());
    return 2;
  }
  if (attended) {
    host.err(
      'The full-screen terminal is not in this version yet: this runs one turn. To go on: tandem -c "…"\n',
    );
  }
  return await execTurn(input, { attended });
};

const isHeadless = ({ switches }: Parsed): boolean => switches.has('print');
