import type { Describe, Table } from '../describe.ts';
import type { Effect } from '../effect.ts';
import { grammar, wordWith } from './arguments.ts';
import { type Call, callOf } from './call.ts';
import { spawns } from './make.ts';
import { forAll, tableOf } from './spec.ts';
import { contentOf, tar } from './tar.ts';

const unzipGrammar = grammar({ values: '-d -P -O -I' });

const unzip: Describe = (command, context) => {
  const call = callOf(command, context, unzipGrammar);
  const [archive] = call.operands;
  if (!archive) return [];
  const read = call.read([archive]);
  if (call.has('-l', '-t', '-z', '-v', '-Z', '-p', '-c')) return read;
  const target = contentOf(call.values('-d')[0], archive);
  return [...read, ...call.write([target], call.has('-o') ? 'overwrite' : 'create')];
};

const zipGrammar = grammar({
  values:
    '-b -n -t -tt -P -s -i -x -O --out --output-file -TT --unzip-command --password --temp-path --include --exclude --suffixes',
  flags: '--move --test --delete --recurse-paths --junk-paths',
});

const zip: Describe = (command, context) => {
  // `-TT` is an option of its own and would be read as two.
  const args = command.args.map((word) =>
    word.text.startsWith('-TT')
      ? wordWith(word, word.text.replace(/^-TT=?/, '--unzip-command=').replace(/=$/, ''))
      : word,
  );
  const call = callOf({ ...command, args }, context, zipGrammar);
  const [archive, ...sources] = call.operands;
  return [
    ...call.values('--unzip-command').map((word) => spawns(word.text, 'zip tests the archive by a program')),
    ...(archive ? call.write(call.values('-O', '--out').concat(archive), 'edit') : []),
    ...(call.has('-d', '--delete') ? [] : call.read(sources)),
    ...(call.has('-m', '--move')
      ? call.remove(sources, { recursive: call.has('-r', '--recurse-paths') })
      : []),
  ];
};

const sevenZip: Describe = (command, context) => {
  const [verb, ...rest] = command.args;
  const switches = rest.filter((word) => /^-[a-z]/i.test(word.text));
  const call = callOf(
    { ...command, args: rest.filter((word) => !switches.includes(word)) },
    context,
    grammar({}),
  );
  const [archive, ...names] = call.operands;
  if (!verb || !archive) return [];
  const folder = switches.find((word) => /^-o./.test(word.text));
  const target = contentOf(folder && wordWith(folder, folder.text.slice(2)), archive);
  switch (verb.text) {
    case 'a':
    case 'u':
    case 'm': {
      const moving =
        verb.text === 'm' || switches.some((word) => word.text === '-sdel' || word.text === '-df');
      return [
        ...call.write([archive], 'edit'),
        ...call.read(names),
        ...(moving ? call.remove(names, { recursive: true }) : []),
      ];
    }
    case 'd':
    case 'rn':
      return call.write([archive], 'edit');
    case 'x':
    case 'e': {
      const how = switches.some((word) => /^-(y|aoa|o\+)$/.test(word.text)) ? 'overwrite' : 'create';
      return [
        ...call.read([archive]),
        ...(switches.some((word) => word.text === '-so') ? [] : call.write([target], how)),
      ];
    }
    case 'l':
    case 't':
    case 'h':
    case 'i':
    case 'b':
    case 'v':
    case 'p':
      return call.read([archive, ...names]);
    default:
      return null;
  }
};

const compressGrammar = grammar({
  values:
    '-S -o -b -T -M --suffix --output --output-dir-flat --threads --memlimit --format --filelist --patch-from -D',
  flags: '--stdout --to-stdout --test --list --keep --decompress --rm',
});

/** Replaces each file by its other form: what it holds is kept. */
const compress: Describe = (command, context) => {
  const call = callOf(command, context, compressGrammar);
  const outputs = call.write(call.values('-o', '--output'));
  if (call.has('-c', '--stdout', '--to-stdout', '-t', '--test', '-l', '--list'))
    return [...call.read(call.operands), ...outputs];
  return [...outputs, ...call.write(call.operands, 'edit')];
};

const cpioGrammar = grammar({
  values: '-F -I -O -E -D -H -C -M -R --file --format --directory --rsh-command --owner --pattern-file',
  flags: '--extract --create --pass-through --list --to-stdout --unconditional',
});

const cpio: Describe = (command, context) => {
  const call = callOf(command, context, cpioGrammar);
  const spawned = call
    .values('--rsh-command')
    .map((word) => spawns(word.text, 'cpio runs the program given to it'));
  const archive = call.values('-F', '-I', '--file');
  if (call.has('-o', '--create')) return [...spawned, ...call.write([...call.values('-O'), ...archive])];
  if (call.has('-p', '--pass-through')) return [...spawned, ...call.write(call.operands.slice(-1))];
  if (call.has('-t', '--list', '--to-stdout') || !call.has('-i', '--extract'))
    return [...spawned, ...call.read(archive)];
  const target = contentOf(call.values('-D', '--directory')[0], command.program);
  return [
    ...spawned,
    ...call.read(archive),
    ...call.write([target], call.has('-u', '--unconditional') ? 'overwrite' : 'create'),
  ];
};

const pax: Describe = (command, context) => {
  const call = callOf(command, context, grammar({ values: '-f -x -b -s -p -B -o -T' }));
  const archive = call.values('-f');
  if (call.has('-r') && call.has('-w')) return copied(call);
  if (call.has('-r')) return [...call.read(archive), ...call.write([contentOf(undefined, command.program)])];
  return call.has('-w') ? [...call.write(archive), ...call.read(call.operands)] : call.read(archive);
};

const copied = (call: Call): readonly Effect[] => [
  ...call.read(call.operands.slice(0, -1)),
  ...call.write(call.operands.slice(-1)),
];

const unar: Describe = (command, context) => {
  const call = callOf(command, context, grammar({ values: '-o -output-directory -p -e', single: true }));
  return [
    ...call.read(call.operands),
    ...call.write([contentOf(call.values('-o', '-output-directory')[0], command.program)]),
  ];
};

/** `rar x`, `arj a`, `ar rcs`: a verb of letters, the archive, the names. */
const lettered: Describe = (command, context) => {
  const [verb, archive, ...rest] = command.args.filter(
    (word, index) => index === 0 || !word.text.startsWith('-'),
  );
  if (!verb || !archive) return [];
  const call = callOf(command, context, grammar({}));
  const letter = verb.text.replace(/^-/, '').charAt(0);
  if ('tlpv'.includes(letter)) return call.read([archive]);
  if ('xe'.includes(letter)) return [...call.read([archive]), ...call.write([contentOf(undefined, archive)])];
  const removed = letter === 'm' && command.name !== 'ar' ? call.remove(rest, { recursive: true }) : [];
  return [...call.write([archive], 'edit'), ...call.read(rest), ...removed];
};

/** Archives and compressed files. */
export const archives: Table = {
  ...forAll('tar gtar gnutar bsdtar star', tar),
  ...forAll('unzip funzip', unzip),
  ...forAll('7z 7za 7zr 7zz p7zip', sevenZip),
  ...forAll(
    'gzip gunzip pigz unpigz bzip2 bunzip2 pbzip2 lbzip2 xz unxz lzma unlzma pixz zstd unzstd pzstd lz4 unlz4 brotli compress uncompress lzop lzip plzip',
    compress,
  ),
  ...forAll('rar unrar arj ar lha jar', lettered),
  ...tableOf({
    zipsplit: { operands: 'read' },
    zipnote: { operands: 'read' },
    zipcloak: { operands: 'edit' },
    lsar: { operands: 'read' },
  }),
  zip,
  cpio,
  pax,
  unar,
};
