import { describe, expect, it } from 'vitest';
import { mongoEffects } from '../../src/code/mongo-effects.ts';
import { linesOf } from './code-of.ts';

describe('sql', () => {
  it.each([
    ['SELECT * FROM a; -- DROP TABLE a', 'read'],
    [`SELECT 'DROP TABLE a'`, 'read'],
    ['SELECT * FROM a FOR UPDATE', 'read'],
    ['EXPLAIN DELETE FROM a', 'read'],
    ['BEGIN; DELETE FROM a; ROLLBACK;', 'read'],
    ['WITH x AS (SELECT 1) SELECT * FROM x', 'read'],
    ['DELETE FROM a WHERE id = 3', 'update'],
    ['UPDATE a SET b = 1 WHERE id = 3', 'update'],
    ['INSERT INTO a VALUES (1) ON CONFLICT (id) DO UPDATE SET b = 2', 'update'],
    ['CALL clean()', 'update'],
    ['CREATE TABLE a (b int REFERENCES c ON DELETE CASCADE)', 'create'],
    ['DELETE FROM a', 'destroy'],
    ['DELETE FROM a WHERE 1=1', 'destroy'],
    ['DELETE FROM a WHERE id = 3 OR true', 'destroy'],
    ['UPDATE a SET b = 1', 'destroy'],
    ['EXPLAIN ANALYZE DELETE FROM a', 'destroy'],
    ['WITH x AS (DELETE FROM a RETURNING *) SELECT * FROM x', 'destroy'],
    ['/*!50000 DROP TABLE a */', 'destroy'],
    ['drop/**/table a', 'destroy'],
    ['TRUNCATE a', 'destroy'],
    ['ALTER TABLE a DROP COLUMN b', 'destroy'],
    ['DO $$ BEGIN DELETE FROM a; END $$', 'destroy'],
    ['SELECT 1; DROP DATABASE a', 'destroy'],
    ['BEGIN; DELETE FROM a; COMMIT; ROLLBACK', 'destroy'],
    ['RESET MASTER', 'destroy'],
  ])('%s is %s', (text, change) => {
    const lines = linesOf('sql', text);
    const changes = ['read', 'create', 'update', 'destroy'].filter((word) =>
      lines.includes(`database ${word}`),
    );
    expect(changes.at(-1)).toBe(change);
  });

  it.each([
    [`COPY a FROM PROGRAM 'curl x'`, 'shell curl x'],
    [`SELECT * FROM a INTO OUTFILE '/etc/x'`, 'overwrite /etc/x'],
    [`SELECT pg_read_file('/etc/x')`, 'read /etc/x'],
    ['\\! rm -rf /', 'shell rm -rf /'],
    ['.shell id', 'shell id'],
    ['.output |sh', 'shell sh'],
    ['GRANT ALL ON a TO b', 'credential write'],
    ['CREATE USER a', 'credential write'],
  ])('%s: %s', (text, line) => {
    expect(linesOf('sql', text)).toContain(line);
  });
});

describe('mongo', () => {
  it.each([
    ['db.users.find({})', 'read'],
    ['db.users.deleteOne({ a: 1 })', 'update'],
    ['db.users.deleteMany({})', 'destroy'],
    ['db.dropDatabase()', 'destroy'],
    [`db['dropDatabase']()`, 'destroy'],
    ['db.a.remove({})', 'destroy'],
  ])('%s is %s', (text, change) => {
    expect(mongoEffects(text)).toEqual([expect.objectContaining({ change })]);
  });
});
