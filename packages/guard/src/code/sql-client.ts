import type { Effect } from '../effects/effect.ts';
import type { Where } from './code-effects.ts';

/** Commands that a client of a database runs itself: psql's and mysql's begin with `\`, sqlite's with a dot. */
export const clientCommand = (line: string, where: Where): readonly Effect[] => {
  const [, name = '', rest = ''] = /^\\?(\.?[a-z]+|!)\s*([\s\S]*)$/i.exec(line) ?? [];
  const spawned = (text: string): readonly Effect[] => [
    { type: 'spawn', program: text.split(/\s/)[0] ?? '', what: 'starts a program from the database client' },
    ...where.shell(text),
  ];
  const piped = /\bprogram\s+'([^']*)'/i.exec(rest)?.[1] ?? /^\|\s*(.*)$/.exec(rest)?.[1];
  if (piped !== undefined) return spawned(piped);
  switch (name) {
    case '!':
    case '.shell':
    case '.system':
    case 'system':
      return rest.trim() === '' ? spawned('sh') : spawned(rest);
    case '.import':
    case '.read':
    case 'i':
    case 'ir':
    case 'include':
    case 'source':
      return [
        { type: 'read', path: where.path(firstWord(rest)) },
        { type: 'remote', system: 'database', change: 'update', what: 'takes in a file' },
      ];
    case '.load':
      return [{ type: 'opaque', at: 'code', what: 'loads an extension into the database client' }];
    case '.output':
    case '.once':
    case 'o':
    case '.backup':
    case '.save':
    case '.dump':
    case '.clone':
    case 'tee':
      return rest === '' ? [] : [{ type: 'write', path: where.path(firstWord(rest)), how: 'overwrite' }];
    case 'copy':
      return /\bfrom\b/i.test(rest)
        ? [{ type: 'remote', system: 'database', change: 'update', what: 'takes in a file' }]
        : [];
    case '.restore':
      return [{ type: 'remote', system: 'database', change: 'destroy', what: 'restores over what is there' }];
    case 'gexec':
      return [{ type: 'opaque', at: 'code', what: 'runs SQL that a query made' }];
    case 'password':
      return [{ type: 'credential', change: 'write', what: 'changes a password' }];
    default:
      return [{ type: 'remote', system: 'database', change: 'read', what: 'asks the database client' }];
  }
};

const firstWord = (text: string): string =>
  /^(?:'([^']*)'|"([^"]*)"|(\S+))/
    .exec(text)
    ?.slice(1)
    .find((part) => part !== undefined) ?? '';
