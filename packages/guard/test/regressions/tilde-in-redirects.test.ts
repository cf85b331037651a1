import { expect, test } from 'vitest';
import { type JudgeRequest, loadGuard, loadRules } from '../../src/index.ts';

const guard = await loadGuard({
  rules: loadRules({ managed: null, user: null, workspace: null, workspaceTrusted: false }),
});

/** A tilde was left as a letter in redirects, assignments and here-strings, so that a file of the home looked like the workspace's. */
test.each([
  'echo x > ~/made.txt',
  'echo x >>~/made.txt',
  'cat a 2> ~/made.txt',
  'f=~/made.txt; echo x > "$f"',
  'echo x > ${f:-~/made.txt}',
])('%s writes into the home', async (input) => {
  const place = { cwd: '/srv/shop', workspace: '/srv/shop', home: '/home/me' };
  const request: JudgeRequest = { kind: 'bash', input, ...place };
  await guard.ready(request);
  const { effects, decision } = guard.judge(request);
  const written = effects.flatMap((effect) => (effect.type === 'write' ? [effect.path] : []));
  expect(written).toMatchObject([{ path: '/home/me/made.txt', place: 'home' }]);
  expect(decision).not.toBe('allow');
});
