import { describe, expect, it } from 'vitest';
import { loadGuard } from '../../src/load-guard.ts';
import { defaultRules } from '../../src/rules/default-rules.ts';
import { ruleSet } from '../../src/rules/rule-set.ts';

const guard = await loadGuard({ rules: ruleSet({ default: defaultRules() }), learned: false });

const decisionOn = async (input: string): Promise<string> => {
  const request = { kind: 'bash', input, cwd: '/w/app', workspace: '/w/app' } as const;
  await guard.ready(request);
  return guard.judge(request).decision;
};

/** Tools that change a database or a server's jobs, whichever table describes them. */
describe('migrations and jobs', () => {
  it.each(['supabase migration list', 'flyway info', 'alembic history'])('%s reads', async (line) => {
    expect(await decisionOn(line)).toBe('allow');
  });

  it.each([
    'jenkins-cli -s http://localhost/ delete-job deploy',
    'supabase db reset --linked',
    'supabase db push',
    'flyway clean',
    'alembic downgrade base',
  ])('%s asks', async (line) => {
    expect(await decisionOn(line)).toBe('ask');
  });
});
