import { execFileSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { Machine } from './tandem.ts';

const machine = new Machine();

const sessionOf = async (...words: string[]): Promise<string> => {
  const { code, out, err } = await machine.run(['exec', '--json', ...words]);
  expect([code, err]).toEqual([0, expect.any(String)]);
  return JSON.parse(out).session;
};

test('a session is listed, continued, shown, forked, exported and undone', async () => {
  expect(await machine.run(['sessions'])).toEqual({
    code: 0,
    out: '',
    err: 'No sessions yet. The first one: tandem exec "…"\n',
  });
  machine.write('kept.txt', 'before\n');
  const model = machine.script('edit', [
    { toolCalls: [{ name: 'read', arguments: { path: 'kept.txt' } }] },
    { toolCalls: [{ name: 'write', arguments: { path: 'kept.txt', text: 'after\n' } }] },
    { text: 'Changed kept.txt.' },
  ]);
  const session = await sessionOf('--model', model, 'Change kept.txt');
  expect(machine.read('kept.txt')).toBe('after\n');
  machine.expectGolden('sessions', await machine.run(['sessions']));
  machine.expectGolden('resume-shows', await machine.run(['resume', '--last']));
  machine.expectGolden('export-markdown', await machine.run(['export', session]));

  const fork = await machine.run(['fork', session]);
  expect([fork.code, fork.out]).toEqual([0, expect.stringMatching(/^ses_\w+\n$/)]);
  const { out: forked } = await machine.run(['export', fork.out.trim(), '--json']);
  expect(JSON.parse(forked).events.map(({ type }: { type: string }) => type)).toContain('turn.completed');

  const undone = await machine.run(['undo', '--session', session]);
  expect(undone).toEqual({ code: 0, out: 'kept.txt\n', err: `1 file put back in ${machine.workspace}\n` });
  expect(machine.read('kept.txt')).toBe('before\n');
  const again = await machine.run(['undo', '--session', session]);
  expect([again.code, again.out]).toEqual([1, '']);
});

test('an undo that had nothing to put back says which session it was', async () => {
  const session = await sessionOf('--model', machine.script('talk', [{ text: 'Nothing to do.' }]), 'Look');
  expect(await machine.run(['undo'])).toEqual({
    code: 0,
    out: '',
    err: `0 files put back in ${machine.workspace}\n${session} changed nothing there; --session ID takes another one of tandem sessions\n`,
  });
});

test('undo shows what somebody else changed and stops; --force goes over it, redo brings it back', async () => {
  const model = machine.script('move', [
    { toolCalls: [{ name: 'write', arguments: { path: 'moved.txt', text: 'agent\n' } }] },
    { text: 'Wrote moved.txt.' },
  ]);
  const session = await sessionOf('--model', model, '--permission-mode', 'acceptEdits', 'Write moved.txt');
  machine.write('moved.txt', 'mine\n');
  const move = async (...words: string[]) => {
    const { code, out, err } = await machine.run([...words, '--session', session]);
    return { code, out, err, text: machine.read('moved.txt') };
  };
  machine.expectGolden('undo-refused', await machine.run(['undo', '--session', session]));
  expect(machine.read('moved.txt')).toBe('mine\n');
  expect(await move('undo', '--force')).toMatchObject({ code: 0, out: 'moved.txt\n', text: null });
  expect(await move('redo')).toMatchObject({ code: 0, out: 'moved.txt\n', text: 'mine\n' });
  expect(await move('rewind', '1', '--code')).toMatchObject({ code: 1, text: 'mine\n' });
  expect(await move('rewind', '1', '--force')).toMatchObject({ code: 0, text: null });
  expect((await machine.run(['export', session])).out).toContain(
    '(Gone back over: no part of the conversation)',
  );
  expect(await move('redo')).toMatchObject({ code: 0, text: 'mine\n' });
  expect((await machine.run(['export', session])).out).not.toContain('Gone back over');
  expect(await move('redo')).toMatchObject({ code: 1, err: 'tandem: there is nothing to redo\n' });
  expect(await move('rewind', 'trn_none')).toMatchObject({ code: 1, out: '' });
  expect(await move('redo', 'twice')).toMatchObject({
    code: 2,
    err: 'tandem: redo takes a number of undos, not "twice"\n',
  });
});

test('what a shell command throws away of files, branches and stash comes back', async () => {
  const elsewhere = new Machine();
  const git = (...words: string[]): string =>
    execFileSync('git', ['-c', 'user.name=t', '-c', 'user.email=t@t', ...words], {
      cwd: elsewhere.workspace,
      encoding: 'utf8',
    });
  git('init', '-q', '-b', 'main');
  elsewhere.write('.gitignore', '.env\n');
  elsewhere.write('a.txt', 'committed\n');
  git('add', '-A');
  git('commit', '-qm', 'first');
  git('branch', 'side');
  elsewhere.write('a.txt', 'stashed\n');
  git('stash', '-q');
  elsewhere.write('a.txt', 'not committed\n');
  elsewhere.write('new.txt', 'not tracked\n');
  elsewhere.write('.env', 'ignored\n');
  const before = [git('for-each-ref'), git('stash', 'list'), git('status', '--porcelain', '--ignored')];
  const command =
    'git reset -q --hard && git clean -qfdx && git branch -qD side && git stash clear && git gc -q --prune=now';
  const model = elsewhere.script('loss', [
    { toolCalls: [{ name: 'bash', arguments: { command } }] },
    { text: 'Tidied up.' },
  ]);
  const run = ['exec', '--model', model, '--permission-mode', 'bypass', '--sandbox', 'full', 'Tidy up'];
  expect(await elsewhere.run(run)).toMatchObject({ code: 0, err: expect.stringContaining('exit 0') });
  expect([git('branch', '--list', 'side'), elsewhere.read('.env')]).toEqual(['', null]);
  expect(await elsewhere.run(['undo'])).toMatchObject({
    code: 0,
    out: '.env\na.txt\nnew.txt\nrefs/heads/side\nrefs/stash\n',
  });
  expect([git('for-each-ref'), git('stash', 'list'), git('status', '--porcelain', '--ignored')]).toEqual(
    before,
  );
  expect(elsewhere.read('a.txt')).toBe('not committed\n');
  expect(git('show', 'stash:a.txt')).toBe('stashed\n');
});

test('--continue, resume and --session go on in the same session', async () => {
  const model = machine.script('three', [{ text: 'One.' }]);
  const session = await sessionOf('--model', model, 'First');
  expect(await sessionOf('--continue', 'Second')).toBe(session);
  expect(await sessionOf('--session', session.slice(0, -2), 'Third')).toBe(session);
  const resumed = await machine.run(['resume', session, 'Fourth', '--json']);
  expect(JSON.parse(resumed.out)).toMatchObject({ session, status: 'completed', answer: 'One.' });
  const { err, code } = await machine.run(['exec', '-c', '-m', 'scripted/other.json', 'Fifth']);
  expect([code, err]).toEqual([2, expect.stringContaining('leave --model out')]);
});

test('a session that is not there', async () => {
  for (const words of [
    ['resume', 'ses_nothere', 'x'],
    ['export', 'ses_nothere'],
    ['fork', 'ses_nothere'],
  ]) {
    expect(await machine.run(words)).toEqual({
      code: 1,
      out: '',
      err: 'tandem: there is no session ses_nothere; see tandem sessions\n',
    });
  }
});
