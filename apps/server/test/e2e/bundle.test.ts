import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { join } from 'node:path';
import { type Bundle, maxBundleBytes, type Task } from '@tandem/protocol/team';
import { createTeamClient } from '@tandem/sdk';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { bundleIn, commitIn, gitIn } from '../support/bundle.ts';
import { describeEmbedded } from '../support/each-database.ts';
import { Machine } from '../support/machine.ts';
import { commandModel, tillModel } from '../support/script.ts';
import { branchesOf, makeRepository, serveTeam, TeamDoor } from '../support/team.ts';

describeEmbedded('work that exists only on a person’s machine', () => {
  const machine = new Machine();
  const repository = join(machine.home, 'till.git');
  const mine = join(machine.home, 'till');
  let base = '';
  let key = '';
  let door: TeamDoor;
  let server: Awaited<ReturnType<typeof serveTeam>>;

  const restart = async (words: readonly string[] = []): Promise<void> => {
    server.child.kill('SIGKILL');
    await server.ended;
    server = await serveTeam(machine, words);
  };
  const upload = (bytes: Uint8Array<ArrayBuffer>): Promise<Bundle> =>
    createTeamClient({ fetch, baseUrl: server.url, token: key }).createBundle('till', new Blob([bytes]));
  const create = (bundle: string, model: string): Promise<Task> =>
    door.must('POST', '/tasks', {
      ...{ repository: 'till', prompt: 'Set the till' },
      options: { model, permissionMode: 'acceptEdits', publish: false, base: { bundle } },
    });
  /** Ends in the working tree of a person. */
  const remote = (words: readonly string[], model: string) =>
    machine.tandem(['exec', '--remote', '--permission-mode', 'acceptEdits', ...words], {
      cwd: mine,
      env: { TANDEM_API_KEY: key, TANDEM_HOST: server.url, TANDEM_MODEL: model },
    });
  const task = (...words: string[]) =>
    machine.tandem(['task', ...words], { cwd: mine, env: { TANDEM_API_KEY: key, TANDEM_HOST: server.url } })
      .ended;
  /** All that a hand-over must leave as it is. */
  const untouched = (): readonly unknown[] => [
    gitIn(mine, 'for-each-ref'),
    gitIn(mine, 'rev-parse', 'HEAD'),
    gitIn(mine, 'count-objects'),
    readFileSync(join(mine, '.git', 'index')).toString('base64'),
    readdirSync(join(mine, '.git')).toSorted(),
  ];

  beforeAll(async () => {
    base = makeRepository(mine);
    execFileSync('git', ['clone', '--quiet', '--bare', mine, repository]);
    server = await serveTeam(machine);
    const run = async (...words: string[]): Promise<string> => {
      const { code, out, err } = await machine.run(words);
      expect([code, err]).toEqual([0, expect.any(String)]);
      return out.trim();
    };
    await run('organisation', 'create', 'shop');
    await run('repository', 'add', 'shop', 'till', repository);
    key = await run('key', 'create', 'shop', 'ada');
    door = new TeamDoor((path, init) => fetch(`${server.url}${path}`, init), {
      authorization: `Bearer ${key}`,
    });
  }, 60_000);
  afterAll(() => machine.remove(), 60_000);

  it('a dirty tree is handed over, worked on, and the change comes into the files here', async () => {
    commitIn(mine, 'local.txt', 'not pushed\n');
    commitIn(mine, '.gitignore', 'secret.txt\n');
    writeFileSync(join(mine, 'till.txt'), 'eleven\n');
    mkdirSync(join(mine, 'new'));
    writeFileSync(join(mine, 'new', 'untracked.txt'), 'untracked\n');
    writeFileSync(join(mine, 'secret.txt'), 'ignored\n');
    writeFileSync(join(mine, 'staged.txt'), 'staged\n');
    gitIn(mine, 'add', 'staged.txt');
    const before = untouched();
    const look =
      'cat local.txt till.txt new/untracked.txt staged.txt > sum.txt; echo more >> new/untracked.txt; test ! -e secret.txt';
    const worked = await remote(
      ['Set the sum', '--verify', 'grep -q eleven sum.txt'],
      commandModel(machine.home, look),
    ).ended;
    expect([worked.code, worked.out]).toEqual([0, 'Done.\n']);
    expect(readFileSync(join(mine, 'sum.txt'), 'utf8')).toBe('not pushed\neleven\nuntracked\nstaged\n');
    expect(readFileSync(join(mine, 'new', 'untracked.txt'), 'utf8')).toBe('untracked\nmore\n');
    expect(untouched()).toEqual(before);
    expect(branchesOf(repository, 'sum.txt')).toEqual({});
    const [, id = ''] = /tandem task apply (task_\w+) --reverse/.exec(worked.err) ?? [];
    expect(await door.task(id)).toMatchObject({
      state: 'completed',
      why: 'the change is ready to be taken',
      branch: null,
    });
    expect((await task('apply', id, '--reverse')).code).toBe(0);
    expect(existsSync(join(mine, 'sum.txt'))).toBe(false);
    expect(readFileSync(join(mine, 'new', 'untracked.txt'), 'utf8')).toBe('untracked\n');
    while (readdirSync(join(machine.state, 'bundles')).length > 0) await new Promise(setImmediate);
  });

  it('what was changed here meanwhile is not overwritten, and the change is kept', async () => {
    const slow = tillModel(machine.home, 'twelve', 2_000);
    const running = remote(['Set the sum', '-r', 'till'], slow);
    await running.shows('stage completed: prepare');
    writeFileSync(join(mine, 'sum.txt'), 'mine\n');
    const { code, err } = await running.ended;
    expect([code, err]).toEqual([1, expect.stringContaining('You changed sum.txt meanwhile')]);
    expect(readFileSync(join(mine, 'sum.txt'), 'utf8')).toBe('mine\n');
    const [, id = ''] = /(task_\w+): \d+ bytes/.exec(err) ?? [];
    expect((await task('apply', id)).code).toBe(1);
    rmSync(join(mine, 'sum.txt'));
    expect((await task('apply', id)).code).toBe(0);
    expect(readFileSync(join(mine, 'sum.txt'), 'utf8')).toBe('twelve\n');
  });

  it('Ctrl-C leaves it running, and says how to go on', async () => {
    rmSync(join(mine, 'sum.txt'));
    const running = remote(['Set the sum'], tillModel(machine.home, 'thirteen', 1_000));
    await running.shows('stage completed: prepare');
    running.child.kill('SIGINT');
    const { code, err } = await running.ended;
    const [, id = ''] =
      /goes on without you: tandem task watch (task_\w+), then tandem task apply/.exec(err) ?? [];
    expect([code, (await task('watch', id)).code]).toEqual([130, 0]);
    expect((await task('apply', id)).code).toBe(0);
    expect(readFileSync(join(mine, 'sum.txt'), 'utf8')).toBe('thirteen\n');
  });

  it('a question is said with how to answer it; a check that fails leaves the files as they are', async () => {
    rmSync(join(mine, 'sum.txt'), { force: true });
    const asks = commandModel(machine.home, 'echo asked > sum.txt');
    const { code, err } = await remote(['Set it', '--permission-mode', 'default'], asks).ended;
    const [, id = ''] =
      /the agent asks: .*\ntandem task answer (task_\w+), then tandem task watch/.exec(err) ?? [];
    expect([code, (await task('answer', id)).code, (await task('watch', id)).code]).toEqual([3, 0, 0]);
    const words = ['Set it', '--verify', 'grep twenty sum.txt', '--json'];
    const failed = await remote(words, tillModel(machine.home, 'five')).ended;
    const told = JSON.parse(failed.out) as Task;
    expect([failed.code, told.state, told.error?.code]).toEqual([4, 'failed', 'verify_failed']);
    expect(failed.err).toContain(`failed: ${told.why}`);
    expect(existsSync(join(mine, 'sum.txt'))).toBe(false);
  });

  it('what the repository has all of is not sent at all', async () => {
    const clean = join(machine.home, 'clean');
    execFileSync('git', ['clone', '--quiet', repository, clean]);
    const { code, err } = await machine.tandem(['exec', '--remote', 'Set it', '-r', 'till', '--full-auto'], {
      cwd: clean,
      env: { TANDEM_API_KEY: key, TANDEM_HOST: server.url, TANDEM_MODEL: tillModel(machine.home, 'one') },
    }).ended;
    expect([code, err]).toEqual([0, expect.stringContaining('nothing here is new to it')]);
    expect(readFileSync(join(clean, 'sum.txt'), 'utf8')).toBe('one\n');
    const both = await remote(['Set it', '--attempts', '3'], 'scripted/none').ended;
    expect([both.code, both.err]).toEqual([2, expect.stringContaining('--attempts is not for a task')]);
  });

  it('refuses a bundle that begins after what the repository lacks, and one that is damaged, saying what to do', async () => {
    const middle = commitIn(mine, 'middle.txt', 'middle\n');
    commitIn(mine, 'last.txt', 'last\n');
    const late = await upload(bundleIn(mine, middle));
    const damaged = bundleIn(mine, base);
    damaged[damaged.length - 30]! ^= 0xff;
    const broken = await upload(damaged);
    const made = [late, broken].map(({ id }) => create(id, tillModel(machine.home, 'never')));
    const [first, second] = await Promise.all(made);
    await Promise.all([first!, second!].map(({ id }) => door.untilOver(id)));
    expect(await door.task(first!.id)).toMatchObject({
      state: 'failed',
      error: { code: 'conflict', message: expect.stringContaining(`begins after ${middle.slice(0, 12)}`) },
    });
    expect(await door.task(second!.id)).toMatchObject({ state: 'failed', error: { code: 'usage' } });
    const mirror = join(machine.state, 'repositories', `${first!.repository}.git`);
    expect(gitIn(mirror, 'for-each-ref', 'refs/tandem/bundles')).toBe('');
  });

  it('refuses what its own check of objects finds, and what has a name that tries to be a ref of ours', async () => {
    const blob = gitIn(mine, 'hash-object', '-w', 'till.txt');
    const tree = execFileSync('git', ['mktree'], {
      cwd: mine,
      input: `100644 blob ${blob}\t.git\n`,
      encoding: 'utf8',
    }).trim();
    const evil = gitIn(mine, 'commit-tree', tree, '-p', base, '-m', 'evil');
    gitIn(mine, 'update-ref', 'refs/heads/evil', evil);
    gitIn(mine, 'bundle', 'create', '--quiet', '.git/evil.bundle', 'refs/heads/evil', `^${base}`);
    const bytes = new Uint8Array(readFileSync(join(mine, '.git/evil.bundle')));
    const { id } = await create((await upload(bytes)).id, tillModel(machine.home, 'never'));
    await door.untilOver(id);
    expect((await door.task(id)).error).toMatchObject({
      code: 'usage',
      message: expect.stringContaining('.git'),
    });
    const head = commitIn(mine, 'named.txt', 'named\n');
    gitIn(mine, 'update-ref', 'refs/heads/main-of-theirs', head);
    gitIn(mine, 'bundle', 'create', '--quiet', '.git/named.bundle', 'refs/heads/main-of-theirs', `^${base}`);
    const named = new Uint8Array(readFileSync(join(mine, '.git/named.bundle')));
    const done = await create((await upload(named)).id, tillModel(machine.home, 'named'));
    await door.untilOver(done.id);
    const mirror = join(machine.state, 'repositories', `${done.repository}.git`);
    expect([
      (await door.task(done.id)).base,
      gitIn(mirror, 'for-each-ref', '--format=%(refname)', 'refs/heads'),
    ]).toEqual([head, 'refs/heads/main']);
  });

  it('survives kill -9 between the hand-over and its preparation', async () => {
    await restart(['--tasks', '0']);
    commitIn(mine, 'killed.txt', 'killed\n');
    const { id: bundle } = await upload(bundleIn(mine, base));
    const { id } = await create(bundle, commandModel(machine.home, 'cp killed.txt sum.txt'));
    await restart();
    await door.untilOver(id);
    expect(await door.task(id)).toMatchObject({ state: 'completed', answer: 'Done.' });
    expect((await door.ask<string>('GET', `/tasks/${id}/patch`)).body).toContain('killed');
  });

  it('a body that says it is too large is refused unread', async () => {
    const url = new URL(`${server.url}/v1/repositories/till/bundles`);
    const headers = { authorization: `Bearer ${key}`, 'content-length': maxBundleBytes + 1 };
    const answered = new Promise<number | undefined>((resolve, reject) => {
      const asking = request(url, { method: 'POST', headers }, ({ statusCode }) => {
        resolve(statusCode);
        asking.destroy();
      });
      asking.on('error', reject);
      asking.flushHeaders();
    });
    expect(await answered).toBe(413);
  });

  it('a body that breaks off leaves nothing behind', async () => {
    const url = new URL(`${server.url}/v1/repositories/till/bundles`);
    const headers = { authorization: `Bearer ${key}`, 'content-length': 1_000 };
    const parts = (): readonly string[] =>
      readdirSync(join(machine.state, 'bundles')).filter((name) => name.endsWith('.part'));
    const asking = request(url, { method: 'POST', headers });
    asking.on('error', () => {});
    asking.write('# v2 git bundle\n');
    while (parts().length === 0) await new Promise(setImmediate);
    asking.destroy();
    while (parts().length > 0) await new Promise(setImmediate);
    expect((await door.ask('GET', '/tasks')).status).toBe(200);
  });
});
