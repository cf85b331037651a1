import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { areValid } from '../guard/measure-rewrites.ts';
import { createRewriter } from '../guard/rewrite.ts';

const lines = [
  'grep -c one notes.txt',
  'sort -r notes.txt | head -n 2',
  'cat notes.txt > copy.txt && wc -l copy.txt',
  `for name in a b; do printf '%s\\n' "it's $name"; done`,
  'mkdir -p made/deep; touch made/deep/x; ls *.txt',
];

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'rewrites-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Runs each text in a fresh folder; what it printed, how it ended and which files there are then. */
const runAll = (texts: readonly string[]): readonly string[] => {
  for (const [index, text] of texts.entries()) writeFileSync(join(folder, `${index}.sh`), text);
  const script = `cd "$1"; i=0
while [ "$i" -lt "$2" ]; do
  mkdir "in$i"; cd "in$i"; printf 'one\\ntwo\\nthree\\n' > notes.txt
  bash "../$i.sh" > "../$i.out" 2> /dev/null; echo "ended $?" >> "../$i.out"
  shopt -s globstar; echo ** >> "../$i.out"
  cd ..; rm -rf "in$i"; i=$((i + 1))
done`;
  spawnSync('bash', ['-c', script, 'bash', folder, String(texts.length)]);
  return texts.map((_, index) => readFileSync(join(folder, `${index}.out`), 'utf8'));
};

const isHere = (program: string): boolean => spawnSync('which', [program]).status === 0;

describe('a rewrite', () => {
  test('does what the line did', async () => {
    const rewriter = await createRewriter();
    const missing = ['busybox', 'setsid'].filter((program) => !isHere(program));
    const all = lines.flatMap((line) => {
      const rewritten = rewriter(line).filter(({ name }) => !missing.includes(name));
      return [{ name: 'as it stands', text: line, line }, ...rewritten.map((one) => ({ ...one, line }))];
    });
    const did = runAll(all.map(({ text }) => text));
    const expected = new Map(all.map(({ name, line }, index) => [`${name} ${line}`, did[index]]));
    for (const [index, { name, text, line }] of all.entries())
      expect({ name, text, did: did[index] }).toEqual({
        name,
        text,
        did: expected.get(`as it stands ${line}`),
      });
    expect(did[0]).toContain('ended 0');
    expect(new Set(all.map(({ name }) => name)).size).toBeGreaterThan(40);
  });

  test('changes the text, and every name stands once', async () => {
    const rewriter = await createRewriter();
    for (const line of lines) {
      const rewritten = rewriter(line);
      expect(rewritten.filter(({ text }) => text === line)).toEqual([]);
      expect(new Set(rewritten.map(({ name }) => name)).size).toBe(rewritten.length);
    }
  });

  test('leaves alone what means something else inside another shell', async () => {
    const rewriter = await createRewriter();
    expect(rewriter('echo "$1" "$@"')).toEqual([]);
    expect(rewriter('kill $$')).toEqual([]);
  });

  test('touches neither words in quotes nor texts for other programs', async () => {
    const rewriter = await createRewriter();
    const found = rewriter('echo "ls -l"').find(({ name }) => name === 'backslash in the name');
    expect(found?.text).toBe('\\echo "ls -l"');
  });
});

describe('areValid', () => {
  test('tells what bash can read, and runs nothing', () => {
    const witness = join(folder, 'ran');
    expect(areValid(['echo ok', 'echo "open', `touch ${witness}`, 'if true; then', '']).join()).toBe(
      'true,false,true,false,true',
    );
    expect(existsSync(witness)).toBe(false);
  });
});
