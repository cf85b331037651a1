import { mongoEffects } from '../../code/mongo-effects.ts';
import type { Command, Word } from '../../shell/command.ts';
import type { Context, Describe } from '../describe.ts';
import type { Effect } from '../effect.ts';
import { asksForHelp } from './flags.ts';
import { readLine } from './line.ts';
import { effectOf, type Outcome } from './tool.ts';

/** `mongosh`, `mongo`: JavaScript from `--eval`, files or standard input, judged by the methods it calls. */
export const describeMongo: Describe = (command, context) => {
  const line = readLine(command.args, knowledge);
  if (asksForHelp({ flags: line.flags, count: command.args.length })) return [effect('read', 'help')];
  const scripts = line.flags.flatMap((flag) =>
    flag.name === '--eval' && flag.value !== null ? [flag.value] : [],
  );
  const files = [
    ...line.flags.flatMap((flag) => (files_.has(flag.name) && flag.value !== null ? [flag.value] : [])),
    ...line.operands.filter((word) => /\.(?:js|mongodb)$/.test(word.text)),
  ];
  const effects = [...scripts.flatMap(ofWord), ...files.flatMap((file) => ofFile(file, command, context))];
  if (effects.length > 0) return effects;
  return ofStdin(command, context);
};

const files_ = new Set(['-f', '--file']);
const knowledge = {
  valued: new Set(
    '--eval -f --file --host --port -u --username -p --password --authenticationDatabase --authenticationMechanism --tlsCAFile --apiVersion --retryWrites'.split(
      ' ',
    ),
  ),
  plain: new Set(['--quiet', '--norc', '--shell', '--nodb', '--tls', '--json']),
};

const ofStdin = (command: Command, context: Context): readonly Effect[] => {
  const { stdin } = command;
  switch (stdin.type) {
    case 'none':
      return [effect('run', 'opens a session')];
    case 'text':
      return ofWord(stdin.text);
    case 'file':
      return ofFile(stdin.path, command, context);
    case 'pipe': {
      const { from } = stdin;
      if (from.name !== 'echo' && from.name !== 'printf') return [effect('run', 'statements from a pipe')];
      return ofText(
        from.args.map((word) => word.text).join(' '),
        from.args.every((word) => word.known),
      );
    }
  }
};

const ofFile = (file: Word, command: Command, context: Context): readonly Effect[] => [
  { type: 'read', path: context.path(file, command) },
  effect('run', `the script ${file.text}`),
];

const ofWord = (word: Word): readonly Effect[] => ofText(word.text, word.known);

/** What is not known of a script counts only where the rest of it destroys nothing. */
const ofText = (text: string, known: boolean): readonly Effect[] => {
  const effects = mongoEffects(text);
  return known
    ? effects
    : [
        ...effects,
        { type: 'opaque', at: 'code', what: 'the script for the database is not known before it runs' },
      ];
};

const effect = (outcome: Outcome, words: string): Effect =>
  effectOf({ system: 'database', outcome, words: `mongo: ${words}` });
