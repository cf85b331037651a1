import { posix } from 'node:path';
import type { Word } from '../../shell/command.ts';
import type { Describe, Table } from '../describe.ts';
import type { Effect } from '../effect.ts';
import { grammar, wordWith } from './arguments.ts';
import { type Call, callOf } from './call.ts';
import { spawns } from './make.ts';
import { chmodEffects } from './modes.ts';
import { describeBy } from './spec.ts';

const copyGrammar = grammar({
  values: '-t --target-directory -S --suffix --sparse --strip-program -m --mode -o --owner -g --group',
  flags: '--link --symbolic-link --no-clobber --attributes-only --remove-destination --recursive --directory',
});

const copy: Describe = (command, context) => {
  const call = callOf(command, context, copyGrammar);
  const { sources, target } = sourcesAndTarget(call);
  if (!target) return call.read(sources);
  const linking = call.has('-l', '--link', '-s', '--symbolic-link');
  const how = call.has('-n', '--no-clobber') ? 'create' : 'overwrite';
  return sources.flatMap((source): readonly Effect[] => {
    const to = placed(source, target, intoFolder(call, sources, target));
    if (linking) return [{ type: 'link', path: call.path(to), target: call.path(source) }];
    if (source.text === '/dev/null') return call.write([to], 'truncate');
    return [...call.read([source]), ...call.write([to], how)];
  });
};

const install: Describe = (command, context) => {
  const call = callOf(command, context, copyGrammar);
  const written = call.has('-d', '--directory')
    ? call.write(call.operands, 'create')
    : (copy(command, context) ?? []);
  const mode = call.values('-m', '--mode')[0];
  const targets = call.operands.slice(-1);
  return [
    ...written,
    ...(mode ? chmodEffects(call, mode.text, targets, false) : []),
    ...call
      .values('--strip-program')
      .map((word) => spawns(word.text, 'install runs the program that strips')),
  ];
};

const moveGrammar = grammar({
  values: '-t --target-directory -S --suffix',
  flags: '--no-clobber --force --interactive',
});

const move: Describe = (command, context) => {
  const call = callOf(command, context, moveGrammar);
  const { sources, target } = sourcesAndTarget(call);
  if (!target) return [];
  return sources.flatMap((source): readonly Effect[] => {
    const to = call.path(placed(source, target, intoFolder(call, sources, target)));
    const gone = call.path(target).place === 'sink' ? call.remove([source], { recursive: true }) : [];
    return [{ type: 'move', from: call.path(source), to }, ...gone];
  });
};

const linkGrammar = grammar({ values: '-t --target-directory -S --suffix', flags: '--symbolic --force' });

const link: Describe = (command, context) => {
  const call = callOf(command, context, linkGrammar);
  const alone = call.operands.length === 1 && !call.has('-t', '--target-directory');
  const here = wordWith(call.operands[0] ?? command.program, '.');
  const { sources, target } = alone ? { sources: call.operands, target: here } : sourcesAndTarget(call);
  if (!target) return [];
  const into = alone || intoFolder(call, sources, target);
  return sources.flatMap((source): readonly Effect[] => {
    const path = placed(source, target, into);
    const relative = call.has('-s', '--symbolic') && !/^[/~\uFFFC]/.test(source.text);
    const pointed = relative ? wordWith(source, posix.join(posix.dirname(path.text), source.text)) : source;
    const replaced = call.has('-f', '--force') ? call.write([path]) : [];
    return [{ type: 'link', path: call.path(path), target: call.path(pointed) }, ...replaced];
  });
};

/** `cp a b dir`, `cp a b`, `cp -t dir a b`. */
const sourcesAndTarget = (call: Call): { sources: readonly Word[]; target: Word | undefined } => {
  const folder = call.values('-t', '--target-directory')[0];
  if (folder) return { sources: call.operands, target: folder };
  return { sources: call.operands.slice(0, -1), target: call.operands.at(-1) };
};

/** Only what is sure to be a folder without looking at the disk. */
const intoFolder = (call: Call, sources: readonly Word[], target: Word): boolean =>
  call.has('-t', '--target-directory') || sources.length > 1 || /(^|\/)\.{0,2}$/.test(target.text);

const placed = (source: Word, target: Word, into: boolean): Word => {
  const name = posix.basename(source.text);
  if (!into || name === '' || /^\.{1,2}$/.test(name)) return target;
  return {
    text: `${target.text.replace(/\/$/, '')}/${name}`,
    known: source.known && target.known,
    glob: source.glob || target.glob,
    quoted: target.quoted,
  };
};

const removeGrammar = grammar({
  flags: '--recursive --force --interactive --dir --verbose --no-preserve-root',
});

const remove: Describe = (command, context) => {
  const call = callOf(command, context, removeGrammar);
  return call.remove(call.operands, { recursive: call.has('-r', '-R', '--recursive') });
};

const shredGrammar = grammar({ values: '-n --iterations -s --size --random-source', flags: '--remove' });

const shred: Describe = (command, context) => {
  const call = callOf(command, context, shredGrammar);
  return call.remove(call.operands, { recursive: call.has('-r', '-R', '--recursive'), secure: true });
};

const truncateGrammar = grammar({ values: '-s --size -r --reference' });

const truncate: Describe = (command, context) => {
  const call = callOf(command, context, truncateGrammar);
  const grows =
    call.values('-s', '--size').every((size) => /^[+>]/.test(size.text)) && !call.has('-r', '--reference');
  return call.write(call.operands, grows ? 'append' : 'truncate');
};

const rmdir: Describe = (command, context) => {
  const call = callOf(command, context, grammar({}));
  return call.remove(call.operands, { recursive: false });
};

/** `dd if=a of=b`: operands are assignments. */
const dd: Describe = (command, context) => {
  const call = callOf(command, context, grammar({}));
  const given = (name: string) =>
    command.args.flatMap((word) =>
      word.text.startsWith(`${name}=`) ? [wordWith(word, word.text.slice(name.length + 1))] : [],
    );
  const flags = given('oflag')
    .concat(given('conv'))
    .map((word) => word.text)
    .join();
  const empty = given('if').some((word) => word.text === '/dev/null');
  const how = empty
    ? 'truncate'
    : flags.includes('append')
      ? 'append'
      : flags.includes('excl')
        ? 'create'
        : 'overwrite';
  return [...call.read(given('if')), ...call.write(given('of'), how)];
};

const touch = describeBy({ operands: 'append', values: '-d --date -t -A', reads: '-r --reference' });

/** Programs whose work is to make, copy, move and remove files. */
export const files: Table = {
  cp: copy,
  gcp: copy,
  install,
  ginstall: install,
  mv: move,
  gmv: move,
  ln: link,
  gln: link,
  link: (command, context) => link(command, context),
  rm: remove,
  grm: remove,
  srm: shred,
  wipe: shred,
  shred,
  unlink: remove,
  rmdir,
  truncate,
  dd,
  touch,
  mkdir: describeBy({ operands: 'create', values: '-m --mode -Z --context' }),
  mkfifo: describeBy({ operands: 'create', values: '-m --mode' }),
  mktemp: describeBy({ values: '-p --tmpdir --suffix', operands: 'none' }),
  tempfile: describeBy({ values: '-d -m -n -p -s', operands: 'none' }),
};
