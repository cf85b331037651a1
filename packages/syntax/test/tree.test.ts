import { describe, expect, it } from 'vitest';
import { createParser, languageOf, parse, type SyntaxNode } from '../src/index.ts';

const typesOf = (root: SyntaxNode): readonly string[] =>
  [...root.walk()].filter((node) => node.named).map((node) => node.type);

describe('createParser', () => {
  it('reads the shell, at once after loading', async () => {
    const read = await createParser('bash');
    const { root } = read('cd a && rm "$x" > log');
    expect(typesOf(root)).toContain('file_redirect');
    expect(root.text).toBe('cd a && rm "$x" > log');
    expect([...root.walk()].some((node) => node.type === 'ERROR')).toBe(false);
    expect([...read('if then (').root.walk()].some((node) => node.type === 'ERROR' || node.missing)).toBe(
      true,
    );
  });

  it('numbers lines from 1 and offsets in characters, also behind wide ones', async () => {
    const read = await createParser('python');
    const { root } = read('a = "😀"\nb = 2\n');
    const second = root.parts[1];
    expect([second?.line, second?.text]).toEqual([2, 'b = 2']);
  });

  it('gives up when it is told to, and reads the next text as if nothing had been', async () => {
    const read = await createParser('typescript');
    let asked = 0;
    expect(read('}-'.repeat(300), () => ++asked < 3)).toBe(null);
    expect(asked).toBe(3);
    expect(read('a = 1')?.root.text).toBe('a = 1');
  });
});

describe('parse', () => {
  it.each(['a.ts', 'b.tsx', 'c.mjs', 'd.py'])('reads %s by its ending', async (path) => {
    expect((await parse(path, 'x = 1\n'))?.root.children.length).toBeGreaterThan(0);
  });

  it('knows no grammar for other files', async () => {
    expect(languageOf('a.sh')).toBe('other');
    expect(await parse('a.txt', 'x')).toBe(null);
  });
});
