import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { readSkills } from '../../src/skill/read-skills.ts';

const home = mkdtempSync(join(tmpdir(), 'tandem-skills-'));
const elsewhere = join(home, 'elsewhere');
afterAll(() => rmSync(home, { recursive: true, force: true }));

test.each([
  ['PDF Processing', 'PDF-Processing'],
  ['  spaced out / twice  ', 'spaced-out-twice'],
  ['größer', 'größer'],
  ['`$(x)`', 'x'],
])('a name that is no word is made one: %s', async (name, word) => {
  const folder = join(home, '.agents/skills/one');
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'SKILL.md'), `---\nname: ${name}\ndescription: does things\n---\nBody\n`);
  const found = await readSkills({ home, config: home, root: elsewhere, cwd: elsewhere });
  expect(found.map((skill) => skill.name)).toEqual([word]);
});
