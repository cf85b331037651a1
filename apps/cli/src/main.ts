/**
 * The tandem command. A dispatcher that loads as little as it can: the version and every help page are answered
 * before the engine, a schema or a network stack is loaded. No command's own code may go in here.
 */
import metadata from '../package.json' with { type: 'json' };
import type { Command } from './args/command.ts';
import type { Parsed } from './args/parse.ts';
import type { Host } from './host.ts';

const main = async (words: readonly string[]): Promise<number> => {
  const first = words[0];
  if (first === '--version' || first === '-V') return print(`tandem ${metadata.version}\n`);
  const { bare, commands, laterCommands } = await import('./args/commands.ts');
  if (first !== undefined && laterCommands.includes(first)) {
    return refuse(`tandem: ${first} is not in this version yet`);
  }
  const command = commands.find(({ name }) => name === first);
  const rest = command === undefined ? words : words.slice(1);
  if (asksForHelp(rest) || (words.length === 1 && first === 'help')) {
    const { commandHelp, mainHelp } = await import('./args/help.ts');
    return print(command === undefined ? mainHelp() : commandHelp(command));
  }
  const { parse } = await import('./args/parse.ts');
  const result = parse(command ?? bare, rest);
  if (result.type === 'refused') return refuse(result.message);
  const typo = command === undefined ? await likelyCommand(words) : null;
  if (typo !== null) return refuse(typo);
  const { createHost } = await import('./host.ts');
  return run(command?.name ?? bare.name, result.parsed, createHost());
};

const asksForHelp = (words: readonly string[]): boolean => {
  const end = words.indexOf('--');
  const read = end === -1 ? words : words.slice(0, end);
  return read.includes('--help') || read.includes('-h');
};

/** A single bare word near a command's name is a slip, not a prompt. */
const likelyCommand = async (words: readonly string[]): Promise<string | null> => {
  const [word] = words;
  if (words.length !== 1 || word === undefined || !/^[a-z]+$/.test(word)) return null;
  const [{ commands }, { nearest }] = await Promise.all([
    import('./args/commands.ts'),
    import('./args/nearest.ts'),
  ]);
  const near = nearest(
    word,
    commands.map(({ name }) => name),
  );
  return near === null
    ? null
    : `tandem: there is no command ${word}; did you mean tandem ${near}?\nTo send it as a prompt: tandem -p ${word}`;
};

const run = async (name: Command['name'], parsed: Parsed, host: Host): Promise<number> => {
  const { runCommand } = await import('./command/run.ts');
  return await runCommand(name, parsed, host);
};

const print = (text: string): number => {
  process.stdout.write(text);
  return 0;
};

const refuse = (message: string): number => {
  process.stderr.write(`${message}\n`);
  return 2;
};

// A reader that has seen enough (`tandem … | head`) is no failure, and nobody is left to tell.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  // A running command listens for this one and ends its turn first.
  if (!(process as NodeJS.EventEmitter).emit('tandem:reader-gone')) process.exit(0);
});
process.stderr.on('error', () => {});
// The launcher's own cache; the commands that a turn runs must not inherit it.
delete process.env.NODE_COMPILE_CACHE;

const code = await main(process.argv.slice(2));
// Written here and not left to an idle loop: an inference engine's threads would keep the process.
process.stdout.write('', () => process.stderr.write('', () => process.exit(code)));
