import { describe, expect, test } from 'vitest';
import { commandOf, word } from '../../command-of.ts';
import { changeOf, effectsIn } from './context.ts';

const typesIn = (...call: Parameters<typeof effectsIn>) => effectsIn(...call).map((effect) => effect.type);

describe('clients that take SQL', () => {
  test.each([
    ["psql -c 'select 1'", 'read'],
    ["psql -h db -U me -Atc 'drop table x' app", 'destroy'],
    ["psql -c 'select 1' -c 'drop table x'", 'destroy'],
    ["psql --command='truncate x'", 'destroy'],
    ['psql -l -h localhost', 'read'],
    ["psql -c '\\dt'", 'read'],
    ['psql app', 'run'],
    ['psql -f migrate.sql', 'run'],
    ["mysql -uroot -e 'drop table x' app", 'destroy'],
    ["mysql -e'delete from x'", 'destroy'],
    ["sqlite3 app.db 'delete from x'", 'destroy'],
    ["sqlite3 -cmd 'drop table x' app.db", 'destroy'],
    ["sqlite3 -header -csv app.db 'delete from x'", 'destroy'],
    ["duckdb -c 'drop table x'", 'destroy'],
    ["clickhouse-client --query 'truncate table x'", 'destroy'],
    ["cqlsh -e 'drop keyspace k'", 'destroy'],
    ["sqlcmd -S host -Q 'drop database x'", 'destroy'],
  ])('%s: %s', (text, change) => {
    const remote = effectsIn(text).filter((effect) => effect.type === 'remote');
    expect(changeOf(remote)).toBe(change);
  });

  test('SQL from standard input', () => {
    expect(changeOf(effectsIn('psql app', { stdin: { type: 'text', text: word('drop table x') } }))).toBe(
      'destroy',
    );
    const from = commandOf("echo 'drop table x'");
    expect(changeOf(effectsIn('mysql app', { stdin: { type: 'pipe', from } }))).toBe('destroy');
    const cat = commandOf('cat dump.sql');
    expect(changeOf(effectsIn('psql app', { stdin: { type: 'pipe', from: cat } }))).toBe('run');
    expect(typesIn('psql app', { stdin: { type: 'file', path: word('a.sql') } })).toEqual(['read', 'remote']);
  });

  test('commands of the client reach the judge of SQL', () => {
    expect(effectsIn("mysql -e 'system rm x'")).toContainEqual(
      expect.objectContaining({ what: 'sql: \\! rm x' }),
    );
    expect(effectsIn("psql -c '\\copy t to x'")).toContainEqual(
      expect.objectContaining({ what: 'sql: \\copy t to x' }),
    );
  });
});

describe('redis-cli', () => {
  test.each([
    ['redis-cli -h host -p 6380 GET key', 'read'],
    ['redis-cli --scan --pattern x', 'read'],
    ['redis-cli KEYS x', 'read'],
    ['redis-cli config get maxmemory', 'read'],
    ['redis-cli SET key value', 'update'],
    ['redis-cli -n 2 flushall', 'destroy'],
    ['redis-cli DEL key', 'destroy'],
    ['redis-cli CONFIG SET dir /var/www', 'destroy'],
    ['redis-cli EVAL script 0', 'run'],
    ['redis-cli MODULE LOAD /x.so', 'run'],
    ['valkey-cli --cluster reshard host:1', 'destroy'],
  ])('%s: %s', (text, change) => expect(changeOf(effectsIn(text))).toBe(change));

  test('commands from standard input', () => {
    const stdin = { type: 'text', text: word('GET a\nFLUSHDB') } as const;
    expect(changeOf(effectsIn('redis-cli', { stdin }))).toBe('destroy');
  });
});

describe('mongosh', () => {
  test.each([
    ["mongosh app --eval 'db.users.find({})'", 'read'],
    ["mongosh --eval 'db.users.drop()'", 'destroy'],
    ["mongosh --eval 'db.dropDatabase()'", 'destroy'],
    ["mongo app --eval 'db.users.deleteMany({})'", 'destroy'],
    ["mongosh --eval 'db.users.insertOne({a:1})'", 'update'],
    ['mongosh app', 'run'],
  ])('%s: %s', (text, change) => expect(changeOf(effectsIn(text))).toBe(change));

  test('a script that is not known is opaque', () => {
    expect(typesIn('mongosh --eval \uFFFC')).toContain('opaque');
    expect(typesIn('mongosh --eval \'require("child_process").execSync("x")\'')).toContain('opaque');
  });
});
