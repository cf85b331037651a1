import type { Command, Word } from '../../shell/command.ts';
import type { Context } from '../describe.ts';
import type { Effect } from '../effect.ts';
import type { Flag, Line } from './line.ts';

/** What the operands and option values of an unknown program are by their looks: paths, addresses, SQL, programs. */
export const operandEffects = (line: Line, command: Command, context: Context): readonly Effect[] => {
  const values = line.flags.filter((flag) => !outputFlags.has(flag.name)).flatMap((flag) => flag.value ?? []);
  const words = [...line.operands, ...values];
  return [
    ...words.flatMap((word) => effectsOfWord(word, command, context)),
    ...line.flags.flatMap((flag) => spawnOfFlag(flag, command, context)),
    ...spawnAfterDashes(line),
    ...statements(command, context),
  ];
};

/** Files that the program is told to write. */
export const outputEffects = (line: Line, command: Command, context: Context): readonly Effect[] =>
  line.flags.flatMap((flag): Effect[] => {
    if (!outputFlags.has(flag.name) || flag.value === null || !looksLikePath(flag.value)) return [];
    return [{ type: 'write', path: context.path(flag.value, command), how: 'overwrite' }];
  });

const outputFlags = new Set(
  `-o --output --out --outfile --out-file --output-file --outdir --out-dir --output-dir --output-path --dest --destination
   --target-dir --dist --save --save-to --write-to --log-file --logfile`.split(/\s+/),
);

const effectsOfWord = (word: Word, command: Command, context: Context): readonly Effect[] => {
  if (!word.known) return [];
  const address = /^([a-z][a-z0-9+.-]*):\/\/(?:[^@/\s]*@)?(\[[^\]]+\]|[^/:?#\s]+)/i.exec(word.text);
  if (address !== null) return fetched.has(address[1]!.toLowerCase()) ? reach(address[2]!, word.text) : [];
  if (sqlStart.test(word.text)) return context.code('sql', word, command);
  const shell = shellProgram.exec(word.text);
  if (shell !== null)
    return [{ type: 'spawn', program: shell[1]!, what: `is given a shell: ${word.text.slice(0, 80)}` }];
  if (!looksLikePath(word)) return [];
  return [
    {
      type: 'read',
      path: context.path(word.text.startsWith('@') ? { ...word, text: word.text.slice(1) } : word, command),
    },
  ];
};

/** Other schemes name things of the tool's own service (`s3://`, `op://`). */
const fetched = new Set([
  'http',
  'https',
  'ftp',
  'ftps',
  'sftp',
  'ws',
  'wss',
  'tcp',
  'udp',
  'ssh',
  'git',
  'rsync',
  'scp',
]);

/** SQL in a here-document. */
const statements = (command: Command, context: Context): readonly Effect[] => {
  const { stdin } = command;
  return stdin.type === 'text' && sqlStart.test(stdin.text.text)
    ? context.code('sql', stdin.text, command)
    : [];
};

const reach = (host: string, address: string): readonly Effect[] => {
  const local = /^(?:localhost|127\.\d+\.\d+\.\d+|\[::1\]|0\.0\.0\.0|[\w-]+\.localhost)$/i.test(host);
  return [
    { type: 'reach', host, how: 'fetch', local, what: `is given the address ${address.slice(0, 100)}` },
  ];
};

const sqlStart =
  /^\s*(?:drop\s+(?:table|database|schema|index|view|user|role|keyspace|collection|measurement|retention)|delete\s+from|truncate(?:\s+table)?\s+\w|alter\s+(?:table|user|role|system|database)|insert\s+into|update\s+\S+\s+set|create\s+(?:table|user|database|role)|grant\s+\w|select\s.+\sfrom\s)/is;

const shellProgram =
  /^\s*(\/(?:usr\/)?(?:bin\/)?(?:ba|z|da|k|c|tc)?sh|(?:ba|z|da|k)?sh\s+-[a-z]*[ci][a-z]*)(?:\s|$)/;

const looksLikePath = (word: Word): boolean =>
  word.known &&
  !/\s/.test(word.text) &&
  (/^@?(?:\.{0,2}\/|~|[A-Za-z]:\\)/.test(word.text) ||
    word.text === '.' ||
    word.text === '..' ||
    /^[\w@.*-]+(?:\/[\w@.*-]+)*\.[A-Za-z][A-Za-z0-9]{0,5}$/.test(word.text));

/** `--exec 'rm -rf x'`: an option that takes a command line. */
const spawnOfFlag = (flag: Flag, command: Command, context: Context): readonly Effect[] => {
  if (flag.value === null || !commandFlag.test(flag.name)) return [];
  const program = flag.value.text.trim().split(/\s+/)[0]!.split('/').at(-1)!;
  if (!risky.has(program))
    return /\s/.test(flag.value.text) ? context.code('shell', flag.value, command) : [];
  return [{ type: 'spawn', program, what: `${flag.name} runs ${flag.value.text.slice(0, 80)}` }];
};

/** `tool run -- rm -rf x`. */
const spawnAfterDashes = (line: Line): readonly Effect[] => {
  const program = line.after[0]?.text.split('/').at(-1);
  if (program === undefined || !risky.has(program)) return [];
  return [
    {
      type: 'spawn',
      program,
      what: `runs ${line.after
        .slice(0, 4)
        .map((word) => word.text)
        .join(' ')}`,
    },
  ];
};

const commandFlag =
  /^-{1,2}(?:[\w-]*-)?(?:exec|execute|command|cmd|shell|pager|editor|hook|script|run|program|filter|proxy|call|eval|ssh|rsh|browser)(?:-[\w-]+)?$/i;
const risky = new Set(
  `sh bash zsh dash ksh rm rmdir shred dd mkfs chmod chown chattr curl wget nc ncat netcat socat ssh scp sudo su doas
   kill killall pkill eval python python3 perl ruby node php truncate mv crontab systemctl iptables find xargs powershell pwsh`.split(
    /\s+/,
  ),
);
