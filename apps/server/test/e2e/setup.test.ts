import { execFileSync } from 'node:child_process';
import type { SetUpDone } from '@tandem/protocol/team-setup';
import { afterAll, expect, it } from 'vitest';
import { describeEmbedded } from '../support/each-database.ts';
import { Machine } from '../support/machine.ts';

describeEmbedded('a server without an organisation', () => {
  const machine = new Machine();
  afterAll(() => machine.remove(), 60_000);

  it('prints how the first one is made, and the audit of it is whole', async () => {
    const first = await machine.serve();
    await machine.run(['stop']);
    const { err } = await first.ended;
    expect(err).toMatch(/no organisation yet; .* within 30 minutes:\n {2}curl .*"code":"setup_[\w-]{43}"/);
    const server = await machine.serve();
    const printed = await machine.run(['setup']);
    const [line = ''] = /curl .*/.exec(printed.err) ?? [];
    expect(line).toContain(`${server.url}/v1/setup`);
    // As a person would: the line that was printed, with the names filled in.
    const command = line.replace('NAME', 'shop').replace('YOUR-NAME', 'ada');
    const done = JSON.parse(
      execFileSync('sh', ['-c', `${command} --silent`], { encoding: 'utf8' }),
    ) as SetUpDone;
    const asked = await fetch(`${server.url}/v1/organisation`, {
      headers: { authorization: `Bearer ${done.key.secret}` },
    });
    expect(await asked.json()).toEqual(done.organisation);
    expect((await machine.run(['setup'])).err).toContain('There is an organisation already');
    const verified = await machine.run(['audit', 'verify']);
    expect(verified.code).toBe(0);
    expect(verified.out).toMatch(/^ok {3}shop \(org_\w+\): whole; its head is 3:[0-9a-f]{64}$/m);
    const [, head = ''] = /head is (\S+)/.exec(verified.out) ?? [];
    const noted = (expected: string) => machine.run(['audit', 'verify', 'shop', '--expect', expected]);
    expect((await noted(head)).code).toBe(0);
    const cut = await noted(head.replace(/^3/, '9'));
    expect([cut.code, cut.out]).toEqual([1, expect.stringContaining('broken at row 4: the rows up to 9')]);
    expect((await machine.run(['audit', 'verify', '--expect', head])).code).toBe(2);
    await machine.run(['stop']);
    const again = await machine.serve();
    await machine.run(['stop']);
    expect((await again.ended).err).not.toContain('no organisation yet');
  }, 60_000);
});
