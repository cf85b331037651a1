import { expect, test } from 'vitest';
import type { Skill } from '../../src/skill/read-skills.ts';
import { skillTool } from '../../src/skill/skill-tool.ts';

const skill = (name: string, given: Partial<Skill> = {}): Skill => ({
  name,
  description: `about ${name}`,
  file: `/nowhere/${name}/SKILL.md`,
  owner: 'person',
  forModel: true,
  ...given,
});

test('only names and descriptions are part of every request, and few words of each', () => {
  const many = Array.from({ length: 200 }, (_, index) =>
    skill(`skill-${index}`, { description: 'x'.repeat(2_000) }),
  );
  const text = skillTool(many)?.spec.description ?? '';
  expect(text.length).toBeLessThan(10_000);
  expect(text).toContain(`- skill-0: ${'x'.repeat(300)}\n`);
  expect(text.endsWith('\n- skill-199')).toBe(true);
});

test('a skill that only a person calls for is unknown to a model; without any there is no tool', () => {
  const tool = skillTool([skill('mine', { forModel: false }), skill('ours')]);
  expect(tool?.spec.description).toMatch(/There are:\n- ours: about ours$/);
  expect(skillTool([skill('mine', { forModel: false })])).toBeNull();
});
