import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { manualClock, memoryWorkspace } from '../../src/testing/index.ts';
import { Background } from '../../src/tool/background.ts';
import { checkArguments } from '../../src/tool/check-arguments.ts';
import { cleanPath, isOutside } from '../../src/tool/paths.ts';
import { toolTable } from '../../src/tool/table.ts';
import type { FileHistory, ToolOutcome } from '../../src/tool/tool.ts';
import { unifiedDiff } from '../../src/tool/unified-diff.ts';

const tools = toolTable(true);
const none: FileHistory = { seen: new Set(), failedEdits: new Map() };
const specOf = (name: string) => {
  const tool = tools.find((one) => one.spec.name === name);
  if (tool === undefined) throw new Error(`no tool ${name}`);
  return tool;
};

const use = (
  name: string,
  given: Record<string, unknown>,
  setting: { files?: Record<string, string>; history?: FileHistory } = {},
): Promise<ToolOutcome> =>
  specOf(name).run(given, {
    workspace: memoryWorkspace(setting.files ?? {}, {
      run: ({ command }) => ({ exit: command === 'bad' ? 3 : 0, output: command === 'quiet' ? '' : 'out' }),
    }),
    signal: new AbortController().signal,
    history: setting.history ?? none,
    onOutput: () => {},
    background: new Background({ clock: manualClock(), onEnd: async () => {} }),
    nextBackground: () => 'bg_1',
    fetchPage: async () => 'x'.repeat(50_000),
  });

describe('read', () => {
  const files = { long: 'line\n'.repeat(3_000), wide: `${'x'.repeat(100_000)}\nend\n`, empty: '' };

  it('numbers lines and gives a part', async () => {
    const { output } = await use(
      'read',
      { path: 'a', from: 2, to: 3 },
      { files: { a: 'one\ntwo\nthree\nfour\n' } },
    );
    expect(output).toBe('2\ttwo\n3\tthree\n(lines 2-3 of 4)');
  });

  it('caps lines and characters, and says what is left', async () => {
    expect((await use('read', { path: 'long' }, { files })).output).toMatch(/\(lines 1-2000 of 3000\)$/);
    const wide = (await use('read', { path: 'wide' }, { files })).output;
    expect(wide.length).toBeLessThan(60_100);
    expect(wide).toMatch(/\(line cut\)\n\(lines 1-1 of 2\)$/);
  });

  it('says what to do when there is nothing to show', async () => {
    expect((await use('read', { path: 'nothing' })).isError).toBe(true);
    expect((await use('read', { path: 'empty' }, { files })).output).toBe('(the file is empty)');
    expect((await use('read', { path: 'long', from: 9_000 }, { files })).output).toContain('3000 lines');
  });
});

describe('edit and write', () => {
  const files = { 'a.ts': 'let a = 1\n' };
  const seen: FileHistory = { ...none, seen: new Set(['a.ts']) };

  it('refuse a file that was not read', async () => {
    const edit = await use('edit', { path: './a.ts', old: '1', new: '2' }, { files });
    expect(edit).toMatchObject({ isError: true, output: expect.stringContaining('Read it first') });
    expect((await use('write', { path: 'a.ts', text: 'x' }, { files })).isError).toBe(true);
  });

  it('change a file that was read and tell the difference', async () => {
    const edit = await use('edit', { path: '/memory/a.ts', old: '1', new: '2' }, { files, history: seen });
    expect(edit).toEqual({
      output: 'Edited a.ts at line 1 (+1 -1).',
      isError: false,
      view: {
        type: 'file_change',
        files: [{ path: 'a.ts', added: 1, removed: 1 }],
        diff: '--- a/a.ts\n+++ b/a.ts\n@@ -1,1 +1,1 @@\n-let a = 1\n+let a = 2\n',
      },
    });
  });

  it('ask for the whole function after a second failure', async () => {
    const history: FileHistory = { ...seen, failedEdits: new Map([['a.ts', 1]]) };
    const wrong = { path: 'a.ts', old: 'completely other text that is nowhere', new: '2' };
    expect((await use('edit', wrong, { files, history: seen })).output).not.toContain('whole function');
    expect((await use('edit', wrong, { files, history })).output).toContain('whole function');
  });
});

describe('the other tools', () => {
  it('bash tells the exit code', async () => {
    expect(await use('bash', { command: 'bad' })).toEqual({
      output: 'out\n(exit 3)',
      isError: true,
      view: { type: 'command', command: 'bad', exit: 3 },
    });
    expect((await use('bash', { command: 'quiet' })).output).toBe('(exit 0)');
  });

  it('grep and glob find, cap and explain', async () => {
    const files = { 'a.ts': 'foo\nbar\n'.repeat(300), 'b.md': 'foo\n' };
    expect((await use('grep', { pattern: 'foo', glob: '*.md' }, { files })).output).toBe('b.md:1: foo');
    expect((await use('grep', { pattern: 'foo' }, { files })).output).toContain('more hits left out');
    expect((await use('grep', { pattern: '(' }, { files })).output).toContain('no regular expression');
    expect((await use('grep', { pattern: 'zzz' }, { files })).output).toBe('Nothing found.');
    expect((await use('glob', { pattern: '*.ts' }, { files })).output).toBe('a.ts');
  });

  it('web_fetch caps a page and takes web addresses only', async () => {
    expect((await use('web_fetch', { url: 'https://x' })).output.length).toBeLessThan(40_100);
    expect((await use('web_fetch', { url: 'file:///etc/passwd' })).isError).toBe(true);
    expect(toolTable(false).map((tool) => tool.spec.name)).not.toContain('web_fetch');
  });
});

describe('checkArguments', () => {
  const check = (name: string, given: unknown) => checkArguments(specOf(name).spec, given);

  it('forgives numbers and objects written as text, and drops what it does not know', () => {
    expect(check('read', '{"path":"a","from":"3","why":"x","to":null}')).toEqual({
      type: 'good',
      value: { path: 'a', from: 3 },
    });
  });

  it('says what is wrong and how to call', () => {
    const bad = (name: string, given: unknown) => {
      const checked = check(name, given);
      return checked.type === 'bad' ? checked.message : 'good';
    };
    expect(bad('bash', {})).toBe(
      'bash: "command" is missing. Call it as bash({"command": string, "timeout"?: integer, "background"?: boolean}).',
    );
    expect(bad('bash', { command: 3 })).toContain('"command" must be a string');
    expect(bad('bash', 'ls')).toContain('the whole must be an object');
    expect(bad('todo', { steps: [{ text: 'a', status: 'later' }] })).toContain(
      '"steps.0.status" must be one of',
    );
    expect(bad('todo', { steps: [{}] })).toContain('"steps.0.text" is missing');
  });

  it('never throws, whatever a model sends', () => {
    fc.assert(
      fc.property(fc.constantFrom(...tools), fc.anything(), (tool, given) => {
        expect(['good', 'bad']).toContain(checkArguments(tool.spec, given).type);
      }),
    );
  });
});

describe('paths', () => {
  it('names a file one way', () => {
    for (const path of ['a/b.ts', './a/b.ts', 'a//b.ts', 'a/./b.ts', 'a/x/../b.ts', '/w/a/b.ts', 'a\\b.ts'])
      expect(cleanPath(path, '/w')).toBe('a/b.ts');
  });

  it('keeps every path that goes out recognisable', () => {
    const part = fc.constantFrom('..', '.', 'a', 'b', '');
    fc.assert(
      fc.property(fc.array(part, { minLength: 1, maxLength: 8 }), (parts) => {
        let depth = 0;
        let least = 0;
        const path = `x/${parts.join('/')}`;
        for (const one of path.split('/')) {
          if (one === '..') depth -= 1;
          else if (one !== '' && one !== '.') depth += 1;
          least = Math.min(least, depth);
        }
        expect(isOutside(path, '/w')).toBe(least < 0);
      }),
    );
  });
});

describe('unifiedDiff', () => {
  it('is what git applies', () => {
    const folder = mkdtempSync(join(tmpdir(), 'tandem-diff-'));
    const text = fc
      .array(fc.constantFrom('a', 'b', 'c', 'd', ''), { maxLength: 14 })
      .chain((lines) => fc.constantFrom(lines.join('\n'), lines.map((line) => `${line}\n`).join('')));
    try {
      fc.assert(
        fc.property(text, text, (before, after) => {
          fc.pre(before !== after && before !== '' && after !== '');
          writeFileSync(join(folder, 'f'), before);
          const { diff } = unifiedDiff('f', before, after);
          execFileSync('git', ['apply', '--whitespace=nowarn', '--unidiff-zero', '-'], {
            cwd: folder,
            input: diff,
          });
          expect(readFileSync(join(folder, 'f'), 'utf8')).toBe(after);
        }),
        { numRuns: 60 },
      );
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});
