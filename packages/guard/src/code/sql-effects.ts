import type { Effect } from '../effects/effect.ts';
import { hole } from '../shell/command.ts';
import type { Where } from './code-effects.ts';
import { clientCommand } from './sql-client.ts';
import { type SqlToken, sqlStatements } from './sql-tokens.ts';

/** What SQL, and the commands of its clients (`\!`, `.shell`), would do. */
export const sqlEffects = (text: string, where: Where): readonly Effect[] => {
  const effects: Effect[] = [];
  const lines = text.split('\n');
  const client = lines.filter((line) => /^\s*(?:\\[a-z!]|\.[a-z]{2,})/i.test(line));
  for (const line of client) effects.push(...clientCommand(line.trim(), where));
  const rest = lines.filter((line) => !client.includes(line)).join('\n');
  for (const inline of rest.matchAll(/\\(?:!|o|copy|g)\s[^\n]*|\\gexec\b/g))
    effects.push(...clientCommand(inline[0], where));
  const statements = sqlStatements(rest.replace(/\\(?:!|o|copy)\s[^\n]*/g, ''));
  const kept = rolledBack(statements)
    ? statements.filter((statement) => outlastsRollback(statement))
    : statements;
  for (const statement of kept) effects.push(...statementEffects(statement, where));
  return effects.length === 0 ? [database('read', 'asks the database')] : effects;
};

type Change = Extract<Effect, { type: 'remote' }>['change'];

const database = (change: Change, what: string): Effect => ({
  type: 'remote',
  system: 'database',
  change,
  what,
});
const account = (what: string): Effect => ({ type: 'credential', change: 'write', what });

const wordsOf = (statement: readonly SqlToken[]): string =>
  statement
    .map((token) =>
      token.type === 'word'
        ? token.text
        : token.type === 'sign'
          ? token.text
          : token.type === 'number'
            ? token.text
            : '?',
    )
    .join(' ');

/** One transaction that ends with ROLLBACK and never commits. */
const rolledBack = (statements: readonly (readonly SqlToken[])[]): boolean => {
  const starts = statements.map((statement) => statement[0]?.text ?? '');
  const begins = starts[0] === 'BEGIN' || starts[0] === 'START';
  return (
    begins &&
    starts.at(-1) === 'ROLLBACK' &&
    wordsOf(statements.at(-1)!) === 'ROLLBACK' &&
    !starts.some((word) => /^(?:COMMIT|END)$/.test(word))
  );
};

/** Definitions commit by themselves in MySQL and Oracle, and files and programs know no rollback. */
const outlastsRollback = (statement: readonly SqlToken[]): boolean =>
  /^(?:DROP|TRUNCATE|ALTER|CREATE|GRANT|REVOKE|COPY|CALL|EXEC|LOAD|SHUTDOWN)\b/.test(wordsOf(statement)) ||
  reachesOut.test(wordsOf(statement));

const reachesOut =
  /\b(?:PG_READ_(?:BINARY_)?FILE|PG_LS_DIR|LO_(?:IMPORT|EXPORT)|XP_CMDSHELL|XP_\w+|SP_OACREATE|SP_CONFIGURE|LOAD_FILE|SYS_EXEC|SYS_EVAL|UTL_HTTP|UTL_FILE|DBMS_SCHEDULER|DBMS_JAVA|DBLINK(?:_EXEC|_CONNECT)?|OPENROWSET|LOAD_EXTENSION|WRITEFILE|READFILE|EDIT|FILE_WRITE|PG_EXECUTE_SERVER_PROGRAM)\s*\(?|\bINTO (?:OUTFILE|DUMPFILE)\b|\b(?:TO|FROM) PROGRAM\b/;
const disturbs =
  /\bPG_(?:TERMINATE|CANCEL)_BACKEND\b|\bPG_RELOAD_CONF\b|\bPG_SWITCH_WAL\b|\bSETVAL\b|\bPG_SLEEP\b|\bBENCHMARK \(/;

const statementEffects = (statement: readonly SqlToken[], where: Where): readonly Effect[] => {
  const words = wordsOf(statement);
  const effects: Effect[] = [];
  if (reachesOut.test(words)) effects.push(...reaches(words, statement, where));
  if (disturbs.test(words)) effects.push(database('update', 'disturbs the server'));
  // A change can hide in a table expression, an explained statement or a procedure's body.
  for (const inner of changesIn(words)) effects.push(inner);
  for (const token of statement)
    if (
      token.type === 'text' &&
      /^(?:DO|CREATE|EXEC|EXECUTE|PREPARE)\b/.test(words) &&
      /\b(?:drop|delete|truncate|alter|grant|update)\b/i.test(token.text)
    )
      effects.push(...sqlEffects(token.text, where));
  return effects.length === 0 ? [leading(words)] : effects;
};

const changesIn = (words: string): readonly Effect[] => {
  const start = /^(\S*)/.exec(words)?.[1] ?? '';
  if (start === 'EXPLAIN' && !/^EXPLAIN (?:\( [^)]*\b)?ANALY[SZ]E/.test(words)) return [];
  if (start === 'COMMENT' || start === 'SHOW' || start === 'DESCRIBE' || start === 'DESC') return [];
  const body = words.replace(
    /\bON (?:DELETE|UPDATE) (?:CASCADE|SET|RESTRICT|NO|DO|\w+)|\bFOR (?:NO KEY )?UPDATE\b|\b(?:BEFORE|AFTER|OR|INSTEAD OF) (?:INSERT|UPDATE|DELETE)\b|\bON DUPLICATE KEY UPDATE\b|\bDO UPDATE\b/g,
    ' ',
  );
  const effects: Effect[] = [];
  for (const match of body.matchAll(/\b(?:DELETE|UPDATE)\b/g)) {
    const before = body.slice(0, match.index).trimEnd();
    if (!/(?:^|\(|\bAS|\bBEGIN|\bTHEN|\bANALYZE|\bANALYSE|\bVERBOSE|\)|\bDO)$/.test(before)) continue;
    effects.push(rowChange(match[0], scopeOf(body.slice(match.index))));
  }
  if (/\bDROP\b/.test(body) && /^(?:DROP|ALTER|CREATE|DO|BEGIN|EXEC|EXECUTE)\b/.test(body))
    effects.push(dropped(body));
  if (/^TRUNCATE\b|\bBEGIN TRUNCATE\b/.test(body)) effects.push(database('destroy', 'empties a table'));
  if (/\bGRANT\b/.test(body) && /^(?:GRANT|CREATE|DO)\b/.test(body)) effects.push(granted(body));
  return effects;
};

/** Up to the bracket that closes what the statement stands in. */
const scopeOf = (words: string): string => {
  let depth = 0;
  for (const match of words.matchAll(/[()]/g)) {
    depth += match[0] === '(' ? 1 : -1;
    if (depth < 0) return words.slice(0, match.index);
  }
  return words;
};

const rowChange = (verb: string, scope: string): Effect => {
  const condition = /\bWHERE\b(.*)$/
    .exec(scope)?.[1]
    ?.replace(/\b(?:RETURNING|ORDER|LIMIT)\b.*$/, '')
    .trim();
  const every = condition === undefined || alwaysTrue(condition);
  const limited = condition === undefined && /\bLIMIT \d/.test(scope) && verb === 'UPDATE';
  if (verb === 'DELETE')
    return every
      ? database('destroy', 'deletes all rows of a table')
      : database('update', 'deletes rows that match');
  return every && !limited
    ? database('destroy', 'changes all rows of a table')
    : database('update', 'changes rows that match');
};

/** `1 = 1`, `TRUE`, `id = id`, `… OR 1 = 1`: every row fits. */
const alwaysTrue = (condition: string): boolean => {
  const bare = condition.replace(/[()]/g, ' ').replace(/\s+/g, ' ').trim();
  if (/\bOR (?:TRUE|(\w+) = \1|1)$/.test(bare)) return true;
  return bare
    .split(/ AND /)
    .every(
      (part) =>
        /^(?:TRUE|[1-9]\d*|NOT FALSE|(\S+) (?:=|>=|<=|LIKE) \1|\d+ (?:<>|!=) \d+|\? LIKE \?|\w+ LIKE \?|1 > 0|0 < 1|\w+ IS NOT NULL OR \w+ IS NULL)$/.test(
          part.trim(),
        ) && !/^(?:\w+|\?) LIKE \?$/.test(part.trim()),
    );
};

const dropped = (words: string): Effect => {
  const what =
    /\bDROP (?:TEMPORARY |TEMP |UNIQUE |MATERIALIZED |FOREIGN )?(\w+)/.exec(words)?.[1]?.toLowerCase() ??
    'object';
  if (/^(?:user|role|login)$/.test(what))
    return { type: 'credential', change: 'destroy', what: `drops a ${what}` };
  if (/^(?:default|not|expression|identity)$/.test(what)) return database('update', 'changes a column');
  return database('destroy', `drops a ${what}`);
};

const granted = (words: string): Effect =>
  /\bGRANT (?:ALL|SUPER|DBA|SYSADMIN|RDS_SUPERUSER)|\bWITH (?:GRANT|ADMIN) OPTION|\bTO (?:PUBLIC|ANONYMOUS)\b/.test(
    words,
  )
    ? account('gives all rights')
    : database('update', 'gives rights');

const reaches = (words: string, statement: readonly SqlToken[], where: Where): readonly Effect[] => {
  const path = statement.find((token) => token.type === 'text')?.text ?? hole;
  if (/PROGRAM|XP_CMDSHELL|SYS_EXEC|SYS_EVAL|OACREATE|DBMS_SCHEDULER|DBMS_JAVA/.test(words))
    return [
      { type: 'spawn', program: path, what: 'the database server starts a program' },
      ...where.shell(path),
    ];
  if (/OUTFILE|DUMPFILE|LO_EXPORT|WRITEFILE|UTL_FILE|FILE_WRITE/.test(words))
    return [
      { type: 'write', path: where.path(path), how: 'overwrite' },
      database('run', 'the database server writes a file'),
    ];
  if (/READ_|LS_DIR|LO_IMPORT|LOAD_FILE|READFILE/.test(words))
    return [{ type: 'read', path: where.path(path) }, database('run', 'the database server reads a file')];
  return [database('run', 'the database server reaches outside')];
};

/** What a statement does, by its first word. */
const leading = (words: string): Effect => {
  const [first = '', second = ''] = words.split(' ');
  if (first === hole) return { type: 'opaque', at: 'code', what: 'runs SQL that is not known before' };
  if (
    /^(?:SELECT|SHOW|EXPLAIN|DESCRIBE|DESC|USE|VALUES|TABLE|HELP|LIST|BEGIN|START|COMMIT|END|ROLLBACK|SAVEPOINT|RELEASE|DECLARE|FETCH|CLOSE|PRINT|IF|GO|\(|ANALYZE|VACUUM|CHECK|CHECKPOINT|LISTEN|UNLISTEN|STATUS|QUIT|EXIT|\?|\d+)$/.test(
      first,
    )
  ) {
    return /\bINTO\b(?! STRICT)/.test(words) && first === 'SELECT' && !/\bINTO (?:@|:)/.test(words)
      ? database('create', 'makes a table from rows')
      : database('read', 'asks the database');
  }
  if (first === 'WITH')
    return /\b(?:INSERT|MERGE)\b/.test(words)
      ? database('update', 'changes rows')
      : database('read', 'asks the database');
  if (first === 'PRAGMA')
    return words.includes('=')
      ? database('update', 'changes a setting')
      : database('read', 'asks the database');
  if (first === 'SET')
    return /\bPASSWORD\b/.test(words)
      ? account('changes a password')
      : /\bGLOBAL|PERSIST\b/.test(words)
        ? database('update', 'changes a setting of the server')
        : database('read', 'sets a variable');
  if (/^(?:CREATE|ALTER)$/.test(first) && /^(?:USER|ROLE|LOGIN)$/.test(second))
    return account(`${first === 'CREATE' ? 'makes' : 'changes'} an account`);
  if (/^(?:CREATE|COMMENT)$/.test(first))
    return database(/\bOR REPLACE\b/.test(words) ? 'update' : 'create', 'changes the schema');
  if (first === 'REVOKE') return account('takes rights away');
  if (/^(?:PURGE|FLUSH|SHUTDOWN|RESET|KILL|DETACH)$/.test(first))
    return database('destroy', `${first.toLowerCase()} at the server`);
  if (first === 'ALTER' && /\bALTER SYSTEM\b/.test(words)) return database('destroy', 'changes the server');
  if (
    /^(?:RESTORE|REPLACE|LOAD|MERGE|UPSERT|INSERT|COPY|IMPORT|ALTER|REINDEX|REFRESH|CLUSTER|LOCK|RENAME|NOTIFY|OPTIMIZE|REPAIR|ATTACH|CALL|DO|EXEC|EXECUTE|PREPARE|DEALLOCATE|BACKUP|EXPORT|UNLOCK|DISCARD|SECURITY|REASSIGN|IMPERSONATE)$/.test(
      first,
    )
  )
    return changed(first, words);
  return database('update', 'runs a statement that is not known');
};

const changed = (first: string, words: string): Effect => {
  if (first === 'COPY' && /\bTO STDOUT\b|^COPY \(/.test(words) && !/\bTO \?/.test(words))
    return database('read', 'asks the database');
  if (first === 'RESTORE') return database('destroy', 'restores over what is there');
  return database('update', 'changes the database');
};
