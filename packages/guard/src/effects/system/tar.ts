import { posix } from 'node:path';
import type { Word } from '../../shell/command.ts';
import type { Describe } from '../describe.ts';
import type { Effect } from '../effect.ts';
import { grammar, wordWith } from './arguments.ts';
import { type Call, callOf } from './call.ts';
import { reaches, spawns, unclear } from './make.ts';
import { gravest, payloadOfFile } from './payload.ts';

const valued = 'fCbXTIFKLNVgHs';

const tarGrammar = grammar({
  values:
    `${[...valued].map((letter) => `-${letter}`).join(' ')} --file --directory --files-from --exclude-from --exclude --checkpoint-action --to-command ` +
    '--use-compress-program --info-script --new-volume-script --rsh-command --rmt-command --transform --xform --strip-components --owner --group --mode ' +
    '--mtime --format --warning --blocking-factor --newer --after-date --label --listed-incremental --starting-file --one-top-level-dir --sort',
  flags:
    '--checkpoint --extract --get --create --list --append --update --delete --diff --compare --concatenate --remove-files --to-stdout --absolute-names ' +
    '--keep-old-files --skip-old-files --overwrite --recursive-unlink --unlink-first --verbose --gzip --bzip2 --xz --zstd --auto-compress --wildcards --preserve-permissions',
});

/** Creates, lists or extracts; several of its options run a program. */
export const tar: Describe = (command, context) => {
  const call = callOf({ ...command, args: dashed(command.args) }, context, tarGrammar);
  const archives = call.values('-f', '--file');
  const folder = call.values('-C', '--directory').at(-1);
  const common = [
    ...spawned(call),
    ...call.read(call.values('-T', '--files-from', '-X', '--exclude-from')),
    ...call.write(call.values('-g', '--listed-incremental'), 'edit'),
  ];
  const inFolder = (word: Word): Word =>
    folder && !/^[/~]/.test(word.text)
      ? { ...wordWith(word, posix.join(folder.text, word.text)), known: word.known && folder.known }
      : word;
  const members = call.operands.map(inFolder);
  const removed = call.has('--remove-files') ? call.remove(members, { recursive: true }) : [];
  if (call.has('-x', '--extract', '--get'))
    return [...common, ...opened(call, archives), ...extracted(call, folder)];
  if (call.has('-c', '--create'))
    return [...common, ...call.read(members), ...stored(call, archives, members, 'overwrite'), ...removed];
  if (call.has('-r', '--append', '-u', '--update', '-A', '--concatenate', '--delete')) {
    return [...common, ...call.read(members), ...stored(call, archives, members, 'edit'), ...removed];
  }
  return [...common, ...opened(call, archives)];
};

/** What lies in a folder, by names that an archive knows and we do not. */
export const contentOf = (folder: Word | undefined, like: Word): Word => ({
  ...wordWith(like, folder ? `${folder.text.replace(/\/$/, '')}/*` : '*'),
  known: folder?.known ?? true,
  glob: true,
});

/** `tar xzf a -C b` in the old style: the letters take the words that follow, in their order. */
const dashed = (words: readonly Word[]): readonly Word[] => {
  const [bundle, ...rest] = words;
  if (!bundle || bundle.text.startsWith('-') || !/^[A-Za-z]+$/.test(bundle.text)) return words;
  const sorted: Word[] = [];
  for (const letter of bundle.text) {
    sorted.push(wordWith(bundle, `-${letter}`));
    const value = valued.includes(letter) ? rest.shift() : undefined;
    if (value) sorted.push(value);
  }
  return [...sorted, ...rest];
};

const compressors =
  /^(\S*\/)?(g?zip|pigz|p?bzip2|lbzip2|xz|pixz|zstd|zstdmt|pzstd|unzstd|lz4|lzop|lzip|plzip|lzma|brotli|compress|gunzip|bunzip2|unxz)( +-{1,2}[\w=-]+)*$/;

const spawned = (call: Call): readonly Effect[] => [
  ...call
    .values('--checkpoint-action')
    .filter((word) => /^exec/.test(word.text) || !word.known)
    .map((word) => spawns(word.text.replace(/^exec=?/, ''), 'tar runs a program at a checkpoint')),
  ...call
    .values('-I', '--use-compress-program')
    .filter((word) => !compressors.test(word.text))
    .map((word) => spawns(word.text, 'tar runs a program as its compressor')),
  ...call
    .values('--to-command', '-F', '--info-script', '--new-volume-script', '--rsh-command', '--rmt-command')
    .map((word) => spawns(word.text, 'tar runs the program given to it')),
];

const isRemote = (word: Word): boolean => /^[^/\s]+:/.test(word.text) && !/^[A-Za-z]:\\/.test(word.text);

const opened = (call: Call, archives: readonly Word[]): readonly Effect[] =>
  archives.flatMap((word) =>
    isRemote(word) && !call.has('--force-local')
      ? [reaches('fetch', word.text, `reads ${word.text}`)]
      : call.read([word]),
  );

const stored = (
  call: Call,
  archives: readonly Word[],
  members: readonly Word[],
  how: 'overwrite' | 'edit',
): readonly Effect[] =>
  archives.flatMap((word) => {
    if (!isRemote(word) || call.has('--force-local')) return call.write([word], how);
    const payload = gravest(members.map((member) => payloadOfFile(call.path(member)))) ?? 'unknown';
    return [reaches('send', word.text, `writes ${word.text}`, payload)];
  });

const extracted = (call: Call, folder: Word | undefined): readonly Effect[] => {
  if (call.has('-O', '--to-stdout', '--to-command')) return [];
  const keeps = call.has('-k', '--keep-old-files', '--skip-old-files');
  const target = contentOf(folder, call.command.program);
  return [
    ...call.write([target], keeps ? 'create' : 'overwrite'),
    ...(call.has('-P', '--absolute-names')
      ? [unclear('target', 'extracts to wherever the archive says')]
      : []),
  ];
};
