import { describe, expect, it } from 'vitest';
import { judgeEdit, judgeFiles, rulesOf } from './judge.ts';

const handler = (line: string): string => `import { db } from './db.js'

export async function remove(request, response, next) {
  const user = await db.find(request.params.id)
${line}  await db.delete(user.id)
  response.end()
}
`;

describe('lost guards', () => {
  it.each([
    ['a check of a right', '  if (!request.user.isAdmin) return response.status(403).end()\n', ''],
    ['a refusal', "  if (!canDelete(request.user, user)) throw new ForbiddenError('not allowed')\n", ''],
    [
      'an owner check',
      "  if (user.owner !== request.user.id) {\n    return next(new Error('not yours'))\n  }\n",
      '',
    ],
    ['a guard of prototypes', '  if (!Object.prototype.hasOwnProperty.call(map, key)) continue\n', ''],
    ['an escape', '  response.send(escapeHtml(user.name))\n', '  response.send(user.name)\n'],
    [
      'an escape in a template',
      '  response.send(`<b>${escapeHtml(user.name)}</b>`)\n',
      '  response.send(`<b>${user.name}</b>`)\n',
    ],
    [
      'an operator',
      "  if (role !== 'admin' || !user.active) return deny()\n",
      "  if (role !== 'admin' && !user.active) return deny()\n",
    ],
    ['a condition that holds always', '  if (token === expected) accept()\n', '  if (true) accept()\n'],
    ['a negation', '  if (!isAllowed(user)) return next()\n', '  if (isAllowed(user)) return next()\n'],
  ])('asks for %s', (_, before, after) => {
    const decision = judgeEdit('src/users.js', handler(before), handler(after));
    expect(decision.decision).toBe('ask');
    expect(decision.reasons[0]).toMatchObject({
      category: 'edit.security_removal',
      clause: 'keep-checks',
      line: 5,
    });
  });

  it.each([
    ['src/app.js', 'app.use(csrf())\napp.use(routes)\n', 'app.use(routes)\n'],
    [
      'src/views.py',
      '@login_required\ndef pay(request):\n    charge(request)\n',
      'def pay(request):\n    charge(request)\n',
    ],
    [
      'src/files.py',
      "def load(path):\n    if '..' in path:\n        raise ValueError('bad path')\n    return open(path)\n",
      'def load(path):\n    return open(path)\n',
    ],
    [
      'src/views.py',
      'class A(View):\n    permission_classes = [IsAuthenticated]\n',
      'class A(View):\n    permission_classes = []\n',
    ],
  ])('asks in %s for %s', (path, before, after) => {
    expect(judgeEdit(path, before, after).decision).toBe('ask');
  });

  it.each([
    ['a log', "  console.log('deleting', user)\n", ''],
    ['dead code', '  const old = legacy(user)\n  migrate(old)\n', ''],
    [
      'another name',
      '  if (!isAllowed(user)) throw new Forbidden()\n',
      '  if (!isPermitted(user)) throw new Forbidden()\n',
    ],
    ['a variable put in place', '  const name = user.name\n  send(name)\n', '  send(user.name)\n'],
    ['a remark', '  // prevent attackers from reading this\n', ''],
    [
      'another layout',
      '  if (!user.isAdmin) return next()\n',
      '  if (\n    !user.isAdmin\n  )\n    return next()\n',
    ],
  ])('allows %s', (_, before, after) => {
    expect(judgeEdit('src/users.js', handler(before), handler(after)).decision).toBe('allow');
  });

  it.each([
    [
      'edit.condition-weakened',
      "if (url.indexOf('javascript:') === 0 || url.indexOf('vbscript:') === 0) return ''\n",
      "if (url.indexOf('javascript:') === 0) return ''\n",
    ],
    [
      'edit.condition-weakened',
      "if name.startswith(('../', '..')): fail()\n",
      "if name.startswith('..'): fail()\n",
    ],
    [
      'edit.call-unwrapped',
      "send(query.callback.replace(/[^\\w$.]/g, '') + body)\n",
      'send(query.callback + body)\n',
    ],
    ['edit.call-unwrapped', "name = open(re.sub(UNSAFE, '_', name))\n", 'name = open(name)\n'],
    [
      'edit.option-lost',
      'a = Environment(loader=loader, autoescape=True)\n',
      'a = Environment(loader=loader)\n',
    ],
    ['edit.option-lost', "set('sid', id, { httpOnly: true })\n", "set('sid', id, {})\n"],
  ])('asks where a check is only narrowed (%s): %s', (rule, before, after) => {
    const path = /\|\||'sid'|\/g/.test(before) ? 'src/a.js' : 'src/a.py';
    expect(rulesOf(judgeEdit(path, `${before}done()\n`, `${after}done()\n`))).toContain(rule);
  });

  it.each([
    ["parts = path.split('/', 1)\n", 'parts = path.split()\n'],
    ['a = make(sandbox=True)\n', 'b = remake(sandbox=True)\n'],
    ["print(name.replace('a long text that is a wording', 'another one'))\n", 'print(name)\n'],
    ['sandbox = make()\nrun(sandbox)\n', 'run(make())\n'],
  ])('sees no narrowed check in %s', (before, after) => {
    const rules = rulesOf(judgeEdit('src/a.py', `${before}done()\n`, `${after}done()\n`));
    expect(rules.filter((rule) => /weakened|unwrapped|option-lost/.test(rule))).toEqual([]);
  });

  it('allows a guard to be added, or moved to another file', () => {
    const guard = '  if (!request.user.isAdmin) return response.status(403).end()\n';
    expect(judgeEdit('src/users.js', handler(''), handler(guard)).decision).toBe('allow');
    expect(
      judgeFiles([
        { path: 'src/users.js', before: handler(guard), after: handler('') },
        { path: 'src/items.js', before: handler(''), after: handler(guard) },
      ]).decision,
    ).toBe('allow');
  });

  it('reads a guard from a diff alone', () => {
    const lines = [
      '     return next()',
      '-    if (!isAdmin(user)) throw new ForbiddenError()',
      '     save(user)',
    ];
    const before = lines
      .filter((line) => line[0] !== '+')
      .map((line) => line.slice(1))
      .join('\n');
    const after = lines
      .filter((line) => line[0] === ' ')
      .map((line) => line.slice(1))
      .join('\n');
    const decision = judgeFiles([
      { path: 'src/a.js', before, after, beforeLines: [40, 41, 42], afterLines: [40, 41] },
    ]);
    expect(rulesOf(decision)).toEqual(['edit.guard-lost', 'edit.guard-gone']);
    expect(decision.reasons[0]).toMatchObject({ line: 41 });
  });
});
