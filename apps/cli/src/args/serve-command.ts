import type { Command } from './command.ts';
import { acpOptions, cwdOption } from './exec-options.ts';

/** `tandem serve`: the door of one workspace, for a browser, an editor, a phone. */
export const serve: Command = {
  name: 'serve',
  usage: 'tandem serve [options]\n       tandem serve devices [--json]\n       tandem serve revoke NAME',
  summary: 'this workspace in a browser, or on a phone',
  positionals: { least: 0, most: 2 },
  options: [
    { name: 'port', value: 'N', help: 'listen on port N (4748); 0 takes one that is free' },
    { name: 'lan', help: 'also for other devices of the local network: only with a key of --device' },
    {
      name: 'device',
      value: 'NAME',
      help: 'make a key for one more device, and show it as a QR code',
    },
    { name: 'may', value: 'a,b', list: true, help: 'what that device may do: view, prompt, approve (view)' },
    {
      name: 'host',
      value: 'NAME',
      many: true,
      help: 'also answer under this name, as behind a tunnel; once for each',
    },
    { name: 'stdio', help: 'on stdin and stdout, without a port: what tandem --host starts over ssh' },
    ...acpOptions,
    cwdOption,
    { name: 'json', help: 'with devices: machine-readable, on stdout' },
  ],
  notes: [
    'Prints a link with a token that opens the page, and runs until Ctrl-C. Whoever has the link does what you may do with this\nworkspace. It lists and opens the sessions of this workspace alone.',
    'devices  which devices have a key, and what each may do\nrevoke   takes the key of one back, at once',
    'The token is in the file serve/token of the state folder, which only you may read. --lan is plain HTTP: whoever can listen on\nthe network can read along; where that matters use a tunnel (ssh -L, or one with --host).',
  ],
};
