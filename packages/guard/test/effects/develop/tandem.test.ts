import { expect, test } from 'vitest';
import { type JudgeRequest, loadGuard, loadRules } from '../../../src/index.ts';

const guard = await loadGuard({
  rules: loadRules({ managed: null, user: null, workspace: null, workspaceTrusted: false }),
});

const decide = async (input: string): Promise<string> => {
  const place = { cwd: '/srv/shop', workspace: '/srv/shop', home: '/home/me' };
  const request: JudgeRequest = { kind: 'bash', input, ...place };
  await guard.ready(request);
  return guard.judge(request).decision;
};

test.each([
  'tandem trust',
  'tandem trust . && echo done',
  'bin/tandem exec --trust "go on"',
  'tandem mcp approve db',
  'tandem mcp add x -- sh -c id',
  'echo "{}" > ~/.local/share/tandem/trust.json',
  'cat ~/.local/share/tandem/mcp-tokens.json',
  'cp mine.json ~/.local/share/tandem/mcp-servers.json',
])('%s is not for an agent to decide', async (input) => {
  expect(await decide(input)).not.toBe('allow');
});

test('what only lists is not in its way', async () => {
  expect(await decide('tandem trust --list')).toBe('allow');
});
