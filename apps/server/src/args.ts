import { parseArgs } from 'node:util';
import { AppError } from '@tandem/protocol/error';

type Verb = {
  readonly usage: string;
  readonly summary: string;
  readonly options: Readonly<Record<string, { readonly value?: string; readonly help: string }>>;
  readonly positionals: number | { readonly least: number; readonly most: number };
  readonly notes?: string;
};

const port = { value: 'N', help: 'the port on loopback (4747); 0 takes a free one' };
const json = { help: 'machine-readable, on stdout' };

export const verbs: Readonly<Record<string, Verb>> = {
  start: {
    usage: 'tandem server start [--port N] [--sandbox PROFILE] [--tasks N] [--rate N] [--webhooks-to RANGES]',
    summary: 'bring up the database and the door; runs until it is stopped',
    positionals: 0,
    options: {
      port,
      sandbox: {
        value: 'PROFILE',
        help: 'workspace-write (default), read-only, or full: commands have this process’s rights',
      },
      tasks: { value: 'N', help: 'tasks worked on at once (2); 0: this server only takes them in' },
      rate: { value: 'N', help: 'requests that one key may make in a minute (1200); 0: as many as it likes' },
      'webhooks-to': {
        value: 'RANGES',
        help: 'what webhooks may reach besides the public internet: 127.0.0.1,10.2.0.0/16 (loopback over http too)',
      },
    },
    notes:
      'Without DATABASE_URL the server brings its own PostgreSQL, in $XDG_STATE_HOME/tandem/server/postgres, on a socket\nthat only its owner may use. The token of the door is in $XDG_STATE_HOME/tandem/server/token.',
  },
  stop: {
    usage: 'tandem server stop',
    summary: 'end the server, and its database with it',
    positionals: 0,
    options: {},
  },
  status: {
    usage: 'tandem server status [--json]',
    summary: 'whether it runs and where; exit 1 if it does not',
    positionals: 0,
    options: { json },
  },
  setup: {
    usage: 'tandem server setup',
    summary: 'a new one-time code for the first organisation; the first start prints one too',
    positionals: 0,
    options: {},
  },
  organisation: {
    usage: 'tandem server organisation create NAME [--max N] | list',
    summary: 'who shares the server, and how many tasks each may run at once',
    positionals: { least: 1, most: 2 },
    options: { max: { value: 'N', help: 'tasks at once (2); further ones wait' }, json },
  },
  key: {
    usage: 'tandem server key create ORGANISATION MEMBER [--role ROLE]',
    summary: 'a key for a member, who is made if need be; the key is printed this once',
    positionals: { least: 3, most: 3 },
    options: {
      role: {
        value: 'ROLE',
        help: 'of a new member: owner, maintainer, developer (default), reviewer, viewer',
      },
      json,
    },
  },
  repository: {
    usage: 'tandem server repository add ORGANISATION NAME PATH | list ORGANISATION',
    summary: 'what an organisation’s tasks may work on: a git repository on this machine',
    positionals: { least: 2, most: 4 },
    options: { json },
  },
  audit: {
    usage: 'tandem server audit verify [ORGANISATION] [--expect SEQ:HASH]',
    summary: 'whether the audit is whole, and where it breaks; exit 1 if it does',
    positionals: { least: 1, most: 2 },
    options: {
      expect: { value: 'SEQ:HASH', help: 'a head that was noted before: the chain must still hold it' },
    },
    notes:
      'Note the head now and then outside of the database: only it shows that rows at the end are missing.',
  },
  migrate: {
    usage: 'tandem server migrate [--check]',
    summary: 'bring the database forward to this version',
    positionals: 0,
    options: { check: { help: 'only say what would be done; exit 1 if there is something' } },
  },
  doctor: {
    usage: 'tandem server doctor',
    summary: 'what holds here, one line each; exit 1 if unusable',
    positionals: 0,
    options: {},
  },
  backup: {
    usage: 'tandem server backup FILE',
    summary: 'everything in the database, at one moment, while the server runs',
    positionals: 1,
    options: {},
    notes: 'FILE is made anew, readable by its owner only. It can be restored into any later version.',
  },
  restore: {
    usage: 'tandem server restore FILE',
    summary: 'a backup into an empty database: all of it or nothing',
    positionals: 1,
    options: {},
  },
};

export type Parsed = {
  readonly verb: string;
  readonly switches: ReadonlySet<string>;
  readonly values: ReadonlyMap<string, string>;
  readonly positionals: readonly string[];
};

/** @throws AppError usage, saying what to type instead */
export const parse = (words: readonly string[]): Parsed => {
  const [name = '', ...rest] = words;
  const verb = verbs[name];
  if (verb === undefined)
    throw new AppError(
      'usage',
      `${name === '' ? 'a verb is missing' : `there is no "${name}"`}; one of ${Object.keys(verbs).join(', ')}`,
    );
  const { positionals: wanted } = verb;
  const { least, most } = typeof wanted === 'number' ? { least: wanted, most: wanted } : wanted;
  const options = Object.fromEntries(
    Object.entries(verb.options).map(([key, { value }]) => [
      key,
      { type: value === undefined ? 'boolean' : 'string' } as const,
    ]),
  );
  try {
    const { values, positionals } = parseArgs({
      args: rest,
      options,
      allowPositionals: most > 0,
    });
    if (positionals.length < least || positionals.length > most) throw new Error('wrong number of arguments');
    const entries = Object.entries(values);
    return {
      verb: name,
      switches: new Set(entries.filter(([, value]) => value === true).map(([key]) => key)),
      values: new Map(entries.filter((entry): entry is [string, string] => typeof entry[1] === 'string')),
      positionals,
    };
  } catch (cause) {
    const message = cause instanceof Error ? cause.message.split('. ')[0] : String(cause);
    throw new AppError('usage', `${message}: ${verb.usage}`, { cause });
  }
};

export const help = (name?: string): string => {
  const verb = name === undefined ? undefined : verbs[name];
  if (verb === undefined) {
    const lines = Object.entries(verbs).map(([key, { summary }]) => `  ${key.padEnd(12)} ${summary}\n`);
    return `tandem server VERB [options]\n\nThe team server.\n\n${lines.join('')}\ntandem server VERB --help says more.\n`;
  }
  const lines = Object.entries(verb.options).map(
    ([key, { value, help: text }]) =>
      `  ${`--${key}${value === undefined ? '' : ` ${value}`}`.padEnd(18)} ${text}\n`,
  );
  const options = lines.length === 0 ? '' : `\n${lines.join('')}`;
  return `${verb.usage}\n\n${verb.summary}\n${options}${verb.notes === undefined ? '' : `\n${verb.notes}\n`}`;
};
