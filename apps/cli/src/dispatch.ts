import { bare, commands, laterCommands } from './args/commands.ts';
import { nearest } from './args/nearest.ts';
import { parse } from './args/parse.ts';
import { runCommand } from './command/run.ts';
import { createHost } from './host.ts';

/** Reads the command line and runs the command it names, to its exit code. Help pages load no command. */
export const dispatch = async (words: readonly string[]): Promise<number> => {
  const first = words[0];
  if (first !== undefined && laterCommands.includes(first)) {
    return refuse(`tandem: ${first} is not in this version yet`);
  }
  const command = commands.find(({ name }) => name === first);
  const rest = command === undefined ? words : words.slice(1);
  if (asksForHelp(rest) || (words.length === 1 && first === 'help')) {
    const { commandHelp, mainHelp } = await import('./args/help.ts');
    return print(command === undefined ? mainHelp() : commandHelp(command));
  }
  const result = parse(command ?? bare, rest);
  if (result.type === 'refused') return refuse(result.message);
  const typo = command === undefined ? likelyCommand(words) : null;
  if (typo !== null) return refuse(typo);
  return await runCommand(command?.name ?? bare.name, result.parsed, createHost());
};

const asksForHelp = (words: readonly string[]): boolean => {
  const end = words.indexOf('--');
  const read = end === -1 ? words : words.slice(0, end);
  return read.includes('--help') || read.includes('-h');
};

/** A single bare word near a command's name is a slip, not a prompt. */
const likelyCommand = (words: readonly string[]): string | null => {
  const [word] = words;
  if (words.length !== 1 || word === undefined || !/^[a-z]+$/.test(word)) return null;
  const near = nearest(
    word,
    commands.map(({ name }) => name),
  );
  return near === null
    ? null
    : `tandem: there is no command ${word}; did you mean tandem ${near}?\nTo send it as a prompt: tandem -p ${word}`;
};

const print = (text: string): number => {
  process.stdout.write(text);
  return 0;
};

const refuse = (message: string): number => {
  process.stderr.write(`${message}\n`);
  return 2;
};
