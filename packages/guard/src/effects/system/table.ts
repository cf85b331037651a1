import { oneTable, type Table } from '../describe.ts';
import { accounts } from './accounts.ts';
import { archives } from './archives.ts';
import { builtins } from './builtins.ts';
import { crypto } from './crypto.ts';
import { defense } from './defense.ts';
import { disk } from './disk.ts';
import { editors } from './editors.ts';
import { files } from './files.ts';
import { find } from './find.ts';
import { withHelp } from './help.ts';
import { hooks } from './hooks.ts';
import { interpreterTable } from './interpreters.ts';
import { launcherTable } from './launchers.ts';
import { mac, trashes } from './mac.ts';
import { modes } from './modes.ts';
import { multiplexers } from './multiplexers.ts';
import { network } from './network.ts';
import { plain } from './plain.ts';
import { processes } from './processes.ts';
import { remoteCopy } from './remote-copy.ts';
import { sockets } from './sockets.ts';
import { text } from './text.ts';
import { web } from './web.ts';
import { windows } from './windows.ts';

/** The tables that it is made of; no two of them describe the same program. */
export const systemParts: readonly Table[] = [
  windows,
  plain,
  text,
  files,
  modes,
  archives,
  disk,
  { find, gfind: find },
  processes,
  accounts,
  defense,
  network,
  web,
  sockets,
  remoteCopy,
  crypto,
  mac,
  trashes,
  editors,
  interpreterTable,
  hooks,
  launcherTable,
  multiplexers,
  builtins,
];

/** Programs of the system itself: files, text, processes, disks, networks, editors, shells. */
export const systemTable: Table = withHelp(oneTable(...systemParts));
