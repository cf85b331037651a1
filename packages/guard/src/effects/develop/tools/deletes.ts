import type { Effect } from '../../effect.ts';
import { grammarOf, has, parseArguments } from '../arguments.ts';
import type { Develop, DevelopTable } from '../develop.ts';

const removal: Develop = (command, context) => {
  const parsed = parseArguments(
    command.args,
    grammarOf('--impl= --max-retries= --retry-delay= --backoff= --tmp= --cwd='),
  );
  if (has(parsed, '--help', '-h', '--version', '-n', '--dry-run', '-d'))
    return [{ type: 'run', program: command.name ?? '', origin: 'known', what: `${command.name}` }];
  return parsed.operands
    .filter(({ text }) => !text.startsWith('!'))
    .map((word): Effect => ({ type: 'delete', path: context.path(word, command), recursive: true }));
};

/** Shell commands for every system, written in JavaScript. */
const shx: Develop = (command, context) => {
  const [name, ...args] = command.args;
  if (!name) return [];
  if (name.text !== 'rm') return context.inner(command.args, command);
  const parsed = parseArguments(args, grammarOf(''));
  const recursive = has(parsed, '-r', '-R', '--recursive');
  return parsed.operands.map(
    (word): Effect => ({ type: 'delete', path: context.path(word, command), recursive }),
  );
};

/** Deleters that come as packages. */
export const deleteTable: DevelopTable = {
  rimraf: removal,
  'del-cli': removal,
  shx,
};
