import type { Command, Word } from '../../shell/command.ts';
import type { Context, Describe, Table } from '../describe.ts';
import type { Effect } from '../effect.ts';
import { asksForHelp } from './flags.ts';
import { type Flag, type Line, readLine } from './line.ts';

/** How a command-line client of a database takes its statements. */
type SqlClient = {
  /** Options whose value is SQL. */
  readonly sql?: string;
  /** Options whose value is a file of SQL. */
  readonly file?: string;
  readonly valued?: string;
  /** Options without a value. */
  readonly plain?: string;
  /** Operands from this index on are SQL. */
  readonly operandsFrom?: number;
  /** Options that only list or describe. */
  readonly read?: string;
  /** Single-letter options may be written together (`-Atc`). */
  readonly bundled?: boolean;
  /** The first operand is a database file. */
  readonly fileDatabase?: boolean;
};

/** Clients that run SQL given in options, operands, files or standard input. */
export const sqlClients: Table = Object.fromEntries(
  Object.entries({ ...commonClients(), ...otherClients() }).flatMap(([names, client]) =>
    names.split(' ').map((name): [string, Describe] => [name, describeSqlClient(client)]),
  ),
);

function commonClients(): Readonly<Record<string, SqlClient>> {
  const mysql =
    '-h --host -P --port -u --user -D --database -S --socket --protocol --ssl-ca --ssl-mode --delimiter --defaults-file --default-character-set --prompt --tee --connect-timeout --login-path';
  const postgres =
    '-h --host -p --port -U --username -d --dbname -v --set --variable -o --output -L --log-file -F --field-separator -P --pset -R --record-separator -T --table-attr';
  const sqlite = '-cmd -init -separator -newline -nullvalue -mmap -vfs -lookaside -pagecache -maxsize -nonce';
  const sqliteShows =
    '-append -ascii -bail -batch -box -column -csv -echo -header -noheader -html -json -jsonlines -line -list -markdown -nofollow -quote -readonly -safe -stats -table -tabs -zip';
  return {
    'psql ysqlsh cockroach-sql vsql gsql pgcli': {
      sql: '-c --command',
      file: '-f --file',
      valued: postgres,
      read: '-l --list',
      bundled: true,
    },
    'mysql mariadb mycli tidb-client': {
      sql: '-e --execute --init-command',
      valued: mysql,
      bundled: true,
      read: '--print-defaults',
    },
    mysqlsh: { sql: '-e --execute', file: '-f --file', valued: mysql },
    'sqlite3 sqlite litecli': {
      sql: '-cmd',
      file: '-init',
      valued: sqlite,
      plain: sqliteShows,
      operandsFrom: 1,
      fileDatabase: true,
    },
    duckdb: {
      sql: '-c -s -cmd',
      file: '-f -init',
      valued: sqlite,
      plain: sqliteShows,
      operandsFrom: 1,
      fileDatabase: true,
    },
  };
}

function otherClients(): Readonly<Record<string, SqlClient>> {
  return {
    'clickhouse-client clickhouse-local clickhouse': {
      sql: '-q --query',
      file: '--queries-file',
      valued: '-h --host --port -u --user --password -d --database --format --config-file -C',
    },
    'cqlsh ycqlsh': {
      sql: '-e --execute',
      file: '-f --file',
      valued:
        '-u --username -p --password -k --keyspace --cqlshrc --connect-timeout --request-timeout --encoding',
    },
    'sqlcmd mssql-cli osql': {
      sql: '-Q -q --query',
      file: '-i --input-file',
      valued: '-S -U -P -d -o -s -W -h -t -v --server --database --user-name',
    },
    'snowsql vertica': {
      sql: '-q --query',
      file: '-f --filename',
      valued: '-a -u -d -s -r -w -h -p -o -c --accountname --username --dbname',
    },
    'trino presto presto-cli impala-shell spark-sql hive beeline ksql': {
      sql: '--execute -e -q --query',
      file: '-f --file --script-file',
      valued: '--server --catalog --schema --user -u -n -p -d -i -k --hiveconf --hivevar --database',
    },
    'db2 sqlplus sql isql tsql isql-fb fisql bsqldb usql sqlline dolt': {
      sql: '-c --command -q --query',
      file: '-f --file -i',
      valued: '-S -U -P -H -p -D',
      operandsFrom: 0,
    },
    'steampipe osqueryi osqueryd textql dsq': {
      sql: '--query',
      operandsFrom: 0,
      valued: '--output --line --csv',
    },
    'crash questdb edgedb gel surreal tarantoolctl tarantool risingwave materialize': {
      sql: '-c --command -q --query --execute',
      file: '-f --file',
      valued: '--host --hosts -h -u --username -H -P --port -I --instance --conn --user --pass --ns --db',
    },
  };
}

function describeSqlClient(client: SqlClient): Describe {
  const sql = setOf(client.sql);
  const files = setOf(client.file);
  const knowledge = {
    valued: new Set([...sql, ...files, ...setOf(client.valued)]),
    plain: setOf(client.plain),
    bundled: client.bundled === true,
  };
  return (command, context) => {
    const line = readLine(command.args, knowledge);
    if (asksForHelp({ flags: line.flags, count: command.args.length })) return [known(command)];
    const operands = client.operandsFrom === undefined ? [] : line.operands.slice(client.operandsFrom);
    const statements = [...valuesOf(line.flags, sql), ...operands];
    const scripts = valuesOf(line.flags, files);
    const given = [
      ...statements.flatMap((word) => statementEffects(word, command, context)),
      ...scripts.flatMap((word) => scriptEffects(word, command, context)),
    ];
    const database = client.fileDatabase === true ? databaseFile(line, command, context) : [];
    const input = given.length === 0 || command.stdin.type === 'text' ? stdinEffects(command, context) : [];
    if (given.length + input.length > 0) return [...database, ...given, ...input];
    const listing = line.flags.some((flag) => setOf(client.read).has(flag.name));
    return [
      ...database,
      remote(
        listing ? 'read' : 'run',
        `${listing ? 'lists databases' : 'opens a session'} with ${command.name}`,
      ),
    ];
  };
}

const known = (command: Command): Effect => ({
  type: 'run',
  program: command.name ?? '',
  origin: 'known',
  what: `asks ${command.name} for help`,
});

const remote = (change: 'read' | 'run' | 'update', what: string): Effect => ({
  type: 'remote',
  system: 'database',
  change,
  what,
});

const valuesOf = (flags: readonly Flag[], names: ReadonlySet<string>): readonly Word[] =>
  flags.flatMap((flag) => (names.has(flag.name) && flag.value !== null ? [flag.value] : []));

/** MySQL's client takes `system x` for `\\! x`, which the judge of SQL knows. */
const statementEffects = (word: Word, command: Command, context: Context): readonly Effect[] => {
  const text = mysqlNames.has(command.name ?? '')
    ? word.text.replace(/^(\s*)system\s+/gim, '$1\\! ')
    : word.text;
  return context.code('sql', { ...word, text }, command);
};

const mysqlNames = new Set(['mysql', 'mariadb', 'mycli']);

const scriptEffects = (word: Word, command: Command, context: Context): readonly Effect[] =>
  word.text === '-'
    ? []
    : [
        { type: 'read', path: context.path(word, command) },
        remote('run', `runs the statements in ${word.text}`),
      ];

const databaseFile = (line: Line, command: Command, context: Context): readonly Effect[] => {
  const file = line.operands[0];
  return file === undefined || file.text === ':memory:'
    ? []
    : [{ type: 'read', path: context.path(file, command) }];
};

const stdinEffects = (command: Command, context: Context): readonly Effect[] => {
  const { stdin } = command;
  switch (stdin.type) {
    case 'none':
      return [];
    case 'text':
      return statementEffects(stdin.text, command, context);
    case 'file':
      return scriptEffects(stdin.path, command, context);
    case 'pipe':
      return pipeEffects(stdin.from, command, context);
  }
};

/** What `echo` prints is known; what other programs print is not. */
const pipeEffects = (from: Command, command: Command, context: Context): readonly Effect[] => {
  if (from.name !== 'echo' && from.name !== 'printf')
    return [remote('run', `runs the statements that ${from.name ?? 'a program'} prints`)];
  const words = from.args.filter((word) => !/^-[neE]+$/.test(word.text));
  const text = words.map((word) => word.text).join(' ');
  return statementEffects(
    { text, known: words.every((word) => word.known), glob: false, quoted: true },
    command,
    context,
  );
};

function setOf(text: string | undefined): ReadonlySet<string> {
  return new Set(text?.split(' ') ?? []);
}
