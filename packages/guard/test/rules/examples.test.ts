import { expect, it } from 'vitest';
import { loadGuard } from '../../src/load-guard.ts';
import { collect } from '../../src/rules/collect.ts';
import { defaultRules } from '../../src/rules/default-rules.ts';
import { judgeExamples } from '../../src/rules/examples.ts';
import { ruleSet } from '../../src/rules/rule-set.ts';

const workspace = '/home/user/project';

it('the examples in the rules that ship hold, by the whole guard', async () => {
  const rules = ruleSet({ default: defaultRules() });
  const guard = await loadGuard({ rules, learned: false });
  const requestOf = (input: string) =>
    ({ kind: 'bash', cwd: workspace, workspace, home: '/home/user', input }) as const;
  for (const { match, notMatch } of defaultRules())
    for (const text of [...match, ...notMatch]) await guard.ready(requestOf(text));
  const matched = (text: string): readonly string[] => {
    const { commands, found } = guard.judge(requestOf(text));
    return collect(rules, { commands, effects: found, facts: { workspace } }).map(
      ({ placed }) => placed.rule.id,
    );
  };
  expect(judgeExamples(defaultRules(), matched)).toEqual([]);
});
