import type { Word } from '../../shell/command.ts';
import type { Describe, Table } from '../describe.ts';
import type { Effect } from '../effect.ts';
import { grammar } from './arguments.ts';
import { type Call, callOf } from './call.ts';
import { changes } from './make.ts';

type Chmod = Extract<Effect, { type: 'chmod' }>;

/** Effects of giving files a mode, numeric or symbolic. */
export const chmodEffects = (
  call: Call,
  mode: string,
  paths: readonly Word[],
  recursive: boolean,
): readonly Effect[] =>
  paths.map(
    (word): Chmod => ({
      type: 'chmod',
      path: call.path(word),
      recursive,
      how: weakens(mode) ? 'weaken' : 'mode',
    }),
  );

/** Lets everyone write, or lets a program run as its owner. */
const weakens = (mode: string): boolean => {
  if (/^[0-7]+$/.test(mode)) {
    const digits = mode.padStart(4, '0');
    return (Number(digits.at(-1)) & 2) !== 0 || (Number(digits.at(-4)) & 6) !== 0;
  }
  return mode.split(',').some((part) => {
    const match = /^([ugoa]*)((?:[+=-][rwxXstugo]*)+)$/.exec(part);
    if (!match) return false;
    const given = [...match[2]!.matchAll(/[+=]([rwxXstugo]*)/g)].map((each) => each[1]!).join('');
    return given.includes('s') || (given.includes('w') && /[oa]/.test(match[1]!));
  });
};

const chmod: Describe = (command, context) => {
  // `-x` and `-w` are modes and not options.
  const isOption = (word: Word) => /^(--.+|-[RfvcHLPh]+)$/.test(word.text);
  const call = callOf(command, context, grammar({ flags: '--recursive --reference' }));
  const words = command.args.filter((word) => !isOption(word));
  const recursive = command.args.some((word) => /^(-[fvcHLPh]*R\w*|--rec\w*)$/.test(word.text));
  const byExample = command.args.some((word) => word.text.startsWith('--ref'));
  const mode = byExample ? '' : (words[0]?.text ?? '');
  return chmodEffects(call, mode, words.slice(byExample ? 0 : 1), recursive);
};

const ownerGrammar = grammar({ values: '--from --reference', flags: '--recursive' });

const owner: Describe = (command, context) => {
  const call = callOf(command, context, ownerGrammar);
  const recursive = call.has('-R', '--recursive');
  const paths = call.has('--reference') ? call.operands : call.operands.slice(1);
  return paths.map((word) => ({ type: 'chmod', path: call.path(word), recursive, how: 'own' }));
};

const setfacl: Describe = (command, context) => {
  const call = callOf(command, context, grammar({ values: '-m -x -M -X --modify --remove --restore --set' }));
  if (call.has('--test')) return [];
  const entries = call
    .values('-m', '--modify', '--set')
    .map((word) => word.text)
    .join(',');
  const how = /(^|,)(d:|default:)?((o|other)s?::?[r-]*w|m:.*w|(u|user|g|group):[^:,]+:[r-]*w)/.test(entries)
    ? 'weaken'
    : 'mode';
  return call.operands.map((word) => ({
    type: 'chmod',
    path: call.path(word),
    recursive: call.has('-R', '--recursive'),
    how,
  }));
};

const chattr: Describe = (command, context) => {
  const call = callOf(command, context, grammar({ values: '-v -p' }));
  const modes = call.operands.filter((word) => /^[+=]/.test(word.text));
  const taken = command.args.some((word) => /^[-+=][A-Za-z]*[ia]/.test(word.text));
  return call.operands
    .filter((word) => !modes.includes(word))
    .map((word) => ({
      type: 'chmod',
      path: call.path(word),
      recursive: call.has('-R'),
      how: taken ? 'weaken' : 'mode',
    }));
};

const setcap: Describe = (command, context) => {
  const call = callOf(command, context, grammar({ values: '-n' }));
  if (call.has('-v')) return [];
  return [
    changes('privilege', 'gives a program capabilities of root'),
    ...call.operands
      .slice(1)
      .map((word): Chmod => ({ type: 'chmod', path: call.path(word), recursive: false, how: 'weaken' })),
  ];
};

const xattr: Describe = (command, context) => {
  const call = callOf(command, context, grammar({}));
  if (call.has('-d', '-c', '-w') === false) return call.read(call.operands);
  const quarantine =
    command.args.some((word) => word.text.includes('com.apple.quarantine')) || call.has('-c');
  return quarantine
    ? [changes('defense', 'takes the quarantine mark from a file')]
    : call.write(call.operands.slice(-1), 'edit');
};

/** Permissions, owners, attributes and capabilities of files. */
export const modes: Table = {
  chmod,
  gchmod: chmod,
  chown: owner,
  gchown: owner,
  chgrp: owner,
  lchown: owner,
  setfacl,
  chattr,
  chflags: owner,
  setcap,
  xattr,
  setfattr: (command, context) => {
    const call = callOf(command, context, grammar({ values: '-n -v -x' }));
    return call.write(call.operands, 'edit');
  },
};
