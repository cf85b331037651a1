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
    [
      'edit.condition-inverted',
      'a.py',
      'if not allowed(user):\n    raise Denied()\n',
      'if allowed(user):\n    raise Denied()\n',
    ],
    [
      'edit.condition-inverted',
      'a.js',
      'if (sent !== expected) throw new Forbidden()\n',
      'if (sent === expected) throw new Forbidden()\n',
    ],
    [
      'edit.condition-weakened',
      'a.js',
      'if (!data || !ids.includes(data.id)) throw new Denied()\n',
      'if (!ids.includes(data.id)) throw new Denied()\n',
    ],
    [
      'edit.condition-weakened',
      'a.py',
      'if a.old or (b.late and c):\n    raise Late()\n',
      'if b.late and c:\n    raise Late()\n',
    ],
    ['edit.condition-weakened', 'a.py', 'return user.is_admin and user.active\n', 'return user.active\n'],
    [
      'edit.condition-weakened',
      'a.js',
      'if (!saved || sent !== saved) throw wrong\n',
      'if (!saved && sent !== saved) throw wrong\n',
    ],
    ['edit.condition-weakened', 'a.py', 'ok = hmac.compare_digest(mine, sent)\n', 'ok = mine == sent\n'],
    [
      'edit.condition-weakened',
      'a.js',
      "text = text.replace(/'/g, twice)\n",
      "text = text.replace(/'/, twice)\n",
    ],
    [
      'edit.condition-weakened',
      'a.py',
      "BLOCKED_HOSTS = ['localhost', 'metadata']\n",
      "BLOCKED_HOSTS = ['localhost']\n",
    ],
    [
      'edit.refusal-gone',
      'a.py',
      'if late:\n    raise Expired(token)\n',
      'if late:\n    log.warning(token)\n',
    ],
    [
      'edit.error-swallowed',
      'a.py',
      'try:\n    verify(a)\nexcept Bad:\n    raise\n',
      'try:\n    verify(a)\nexcept Bad:\n    pass\n',
    ],
    ['edit.guard-gone', 'a.js', 'await this.verifyOwner(request)\n', ''],
    [
      'edit.guard-gone',
      'a.py',
      'def can_write(user):\n    if user.locked:\n        return False\n    return user.is_owner\n',
      'def can_write(user):\n    return True\n',
    ],
    ['edit.guard-gone', 'a.js', 'if (data.length > maxSize) throw new Error()\n', ''],
    [
      'edit.protector-removed',
      'a.js',
      "router.post('/x', requireLogin, save)\n",
      "router.post('/x', save)\n",
    ],
    [
      'edit.protector-removed',
      'a.py',
      "@needs_scope('tokens')\ndef remove():\n    go()\n",
      'def remove():\n    go()\n',
    ],
    ['edit.option-lost', 'a.py', 'start(verify_token=True)\n', 'start(verify_token=False)\n'],
    [
      'edit.condition-weakened',
      'a.py',
      'if not path.startswith(root + os.sep):\n    raise NotFound()\n',
      'if not path.startswith(root):\n    raise NotFound()\n',
    ],
    [
      'edit.condition-weakened',
      'a.js',
      "if (type === 'html' || type === 'mathml') value = sanitize(value)\n",
      "if (type === 'html') value = sanitize(value)\n",
    ],
    [
      'edit.condition-weakened',
      'a.py',
      'tokens = Token.filter_by(id=id, revoked=False)\n',
      'tokens = Token.filter_by(id=id)\n',
    ],
    ['edit.call-unwrapped', 'a.py', 'data = yaml.safe_load(text)\n', 'data = yaml.load(text)\n'],
    [
      'edit.guard-gone',
      'a.js',
      "const parts = text.split('.')\nif (parts.length < 3) throw bad\nif (!parts[2]) throw new Error('signature is required')\n",
      '',
    ],
    [
      'edit.permission-opened',
      'a.js',
      "const allowedOrigins = ['https://a.example']\n",
      "const allowedOrigins = ['*']\n",
    ],
  ])('asks for one small change to a check (%s in %s): %s', (rule, path, before, after) => {
    const around = (text: string): string => `first()\n${text}done()\n`;
    expect(rulesOf(judgeEdit(`src/${path}`, around(before), around(after)))).toContain(rule);
  });

  it.each([
    [
      'moved down',
      'if (!isOwner(user)) throw new Denied()\nconst a = b()\n',
      'const a = b()\nif (!isOwner(user)) throw new Denied()\n',
    ],
    [
      'made a function',
      'if (!isOwner(user)) throw new Denied()\n',
      'ensureOwner(user)\nfunction ensureOwner(user) {\n  if (!isOwner(user)) throw new Denied()\n}\n',
    ],
    [
      'given a name',
      'if (!user || user.banned) throw new Denied()\n',
      'const refused = !user || user.banned\nif (refused) throw new Denied()\n',
    ],
    [
      'told in other words',
      "if (!isOwner(user)) throw new Denied('no')\n",
      "if (!isOwner(user)) throw new Denied('not yours')\n",
    ],
    ['done by another call', 'checkOwner(user)\n', 'verifyOwner(user)\n'],
    [
      'made two conditions',
      'if (!user || user.banned) throw new Denied()\n',
      'if (!user) throw new Denied()\nif (user.banned) throw new Denied()\n',
    ],
    ['no check at all', 'if (cache) return cache\nlog(a)\n', ''],
  ])('allows a check that is %s', (_, before, after) => {
    const around = (text: string): string => `first()\n${text}done()\n`;
    expect(judgeEdit('src/a.js', around(before), around(after)).decision).toBe('allow');
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
