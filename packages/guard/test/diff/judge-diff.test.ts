import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readDiff } from '../../src/diff/read-diff.ts';
import { judgeChange, judgeEdit, judgeFiles, rulesOf } from './judge.ts';

const snippet = fc
  .array(
    fc.constantFrom(
      "it('a', () => {",
      '  expect(f()).toBe(1)',
      '})',
      'if (!user.isAdmin) throw new Error("no")',
      'def test_a():',
      '    assert x == 1',
      'eval(input)',
      'password = "hunter2hunter2"',
      '// eslint-disable',
      '`',
      '/*',
      '',
    ),
    { maxLength: 15 },
  )
  .map((lines) => lines.map((line) => `${line}\n`).join(''));
const path = fc.constantFrom(
  'src/a.js',
  'test/a.test.ts',
  'src/a.py',
  '.github/workflows/ci.yml',
  'package.json',
  'a.go',
  'b.tsx',
);

describe('the diff gate', () => {
  it('has nothing to say about a change that changes nothing', () => {
    fc.assert(
      fc.property(path, snippet, (name, text) => {
        expect(judgeEdit(name, text, text).reasons).toEqual([]);
      }),
      { numRuns: 50 },
    );
  });

  it('gives every change a decision that its reasons bear out', () => {
    fc.assert(
      fc.property(path, snippet, snippet, (name, before, after) => {
        for (const [left, right] of [
          [before, after],
          [after, before],
          [null, after],
          [before, null],
        ] as const) {
          const { decision, reasons, score } = judgeEdit(name, left, right);
          expect(decision).toBe(reasons[0]?.decision ?? 'allow');
          expect(score >= 0 && score <= 1).toBe(true);
        }
      }),
      { numRuns: 50 },
    );
  });

  it('asks about what it cannot read', () => {
    const decision = judgeChange(readDiff('--- a/x\n+++ b/x\n@@ -1,9 +1,9 @@\n a\n'));
    expect(decision.reasons).toMatchObject([{ decision: 'ask', rule: 'edit.unreadable' }]);
  });

  it('asks about more code than it would read', () => {
    const decision = judgeEdit('src/a.js', 'a\n'.repeat(2_500_000), '');
    expect(rulesOf(decision)).toEqual(['edit.unreadable']);
  });

  it.each([
    ['src/a.py', 'import subprocess\nsubprocess.run(command, shell=True)\n'],
    ['src/a.js', 'element.innerHTML = request.query.name\n'],
    ['a.go', 'config := &tls.Config{InsecureSkipVerify: true}\n'],
    ['a.php', '<?php system("ls " . $_GET["d"]);\n'],
  ])('asks about insecure code that is added to %s, and not when it was there', (name, code) => {
    expect(rulesOf(judgeEdit(name, '', code))[0]).toMatch(/^edit\.weakness-/);
    expect(judgeEdit(name, code, `${code}\n// end\n`).decision).toBe('allow');
  });

  it('asks about a secret, denies a private key, and lets made-up ones pass', () => {
    const token = `ghp_${'a1B2c3D4e5F6g7H8i9'.repeat(2)}`;
    expect(rulesOf(judgeEdit('src/a.js', '', `const t = '${token}'\n`))).toEqual([
      'edit.secret-github-token',
    ]);
    expect(judgeEdit('src/a.js', `x('${token}')\n`, `y('${token}')\n`).decision).toBe('allow');
    const key = `-----BEGIN RSA ${'PRIVATE'} KEY-----\n${'MIIEpAIBAAKCAQEA7bq1'.repeat(4)}\n`;
    expect(judgeEdit('src/key.pem', null, key).decision).toBe('deny');
    expect(judgeEdit('test/fixtures/key.pem', null, key).decision).toBe('allow');
    expect(judgeEdit('src/a.js', '', "const password = 'changeme'\n").decision).toBe('allow');
  });

  it('asks about many deleted files, lost lines and code that was left out', () => {
    const files = Array.from({ length: 12 }, (_, index) => ({
      path: `src/${index}.txt`,
      before: `${index}\n`,
      after: null,
    }));
    expect(rulesOf(judgeFiles(files))).toEqual(['edit.many-files-deleted']);
    const long = Array.from({ length: 100 }, (_, index) => `call${index}()\n`).join('');
    expect(rulesOf(judgeEdit('src/a.js', long, 'call1()\ncall2()\n'))).toEqual(['edit.lines-deleted']);
    const cut = long.replace(/call5\(\)[\s\S]*call9\(\)\n/, '// ... rest of the code unchanged ...\n');
    expect(rulesOf(judgeEdit('src/a.js', long, cut))).toContain('edit.code-left-out');
  });

  it.each([
    ['src/a.ts', 'export function f(a: string) {}', 'export function f(a: string, b: number) {}'],
    ['src/a.ts', 'export function f(a: string, b = 1) {}', 'export function f(a: string) {}'],
    ['src/a.py', 'def f(self, a, *rest):', 'def f(self, a):'],
  ])('remarks on an exported function that takes other arguments: %s %s', (path, before, after) => {
    expect(judgeEdit(path, `${before}\n`, `${after}\n`).reasons).toMatchObject([
      { decision: 'allow', rule: 'edit.signature-changed', line: 1 },
    ]);
    const wider = judgeEdit(path, 'def f(a):\n', 'def f(a, b=None, **more):\n').reasons;
    expect(wider).toEqual([]);
  });

  it('asks when many exports go, and only remarks on one', () => {
    const all = Array.from({ length: 9 }, (_, index) => `export const name${index} = ${index}\n`).join('');
    expect(rulesOf(judgeEdit('src/a.ts', all, 'export {}\n'))).toEqual(['edit.exports-removed']);
    expect(judgeEdit('src/a.ts', all, all.replace('export const name3 = 3\n', '')).reasons).toMatchObject([
      { decision: 'allow', rule: 'edit.exports-removed', line: 4 },
    ]);
  });

  it('pairs a deleted and a new file with the same lines as renamed', () => {
    const text = Array.from({ length: 30 }, (_, index) => `export const value${index} = ${index}\n`).join('');
    const decision = judgeFiles([
      { path: 'src/old.ts', before: text, after: null },
      { path: 'src/new.ts', before: null, after: `${text}more()\n` },
    ]);
    expect(decision.reasons).toEqual([]);
  });
});
