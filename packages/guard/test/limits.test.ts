import { describe, expect, it } from 'vitest';
import { type JudgeRequest, loadGuard, loadRules } from '../src/index.ts';

const rules = loadRules({ managed: null, user: null, workspace: null, workspaceTrusted: false });
const guard = await loadGuard({ rules });
await guard.ready({ kind: 'bash', input: 'python node' });
await guard.ready({ kind: 'edit', input: '' });

const decide = (input: string): string => guard.judge({ kind: 'bash', input }).decision;
const many = (count: number): string => Array.from({ length: count }, (_, index) => `f${index}`).join(' ');

describe('what is beyond a limit is asked about, never left out', () => {
  it.each([
    ['values of a loop', `for f in ${many(60)} shutdown; do $f; done`],
    ['values of a loop that deletes', `for f in ${many(60)}; do rm $f; done`],
    ['words of braces', 'rm -f {{1..300},/etc/hosts}'],
    ['groups of braces', `rm -f ${'{a,b}'.repeat(9)}`],
    ['inputs of xargs', `echo ${many(60)} /etc/hosts | xargs -I{} rm {}`],
    ['jobs of parallel', `parallel {} ::: ${many(60)} shutdown`],
    ['redirects', `ls ${'> a '.repeat(600)} > /etc/hosts`],
    ['commands', `${'ls; '.repeat(600)} shutdown`],
    ['text in text', `bash -c 'ssh a "sudo sh -c \\"ls ${'a'.repeat(9_000)}\\""'`],
    ['texts in text', `diff ${'<(a) '.repeat(1_500)}`],
    ['paths of a list in Python', `python3 -c "import os\nfor f in '${many(60)}'.split(): os.remove(f)"`],
  ])('%s', (_, line) => {
    expect(decide(line)).toBe('ask');
  });

  it.each([
    ['values of a loop', `for f in ${many(30)}; do cat $f; done`],
    ['numbers', 'for i in {1..500}; do echo $i; done'],
    ['words of braces', 'touch part{1..300}.txt'],
    ['formats of printf', `printf '%s\\n' ${many(150)} | sort`],
    ['a long text for another program', `python3 - <<'E'\n${'x = f(1)\n'.repeat(1_000)}E`],
  ])('what is ordinary stays allowed: %s', (_, line) => {
    expect(decide(line)).toBe('allow');
  });
});

describe('text that fits no grammar', () => {
  /** A clock on which every look takes seconds. */
  const slowly = async (): Promise<typeof guard> => {
    let time = 0;
    const slow = await loadGuard({ rules, now: () => (time += 3_000) });
    await slow.ready({ kind: 'bash', input: 'python node' });
    await slow.ready({ kind: 'edit', input: '' });
    return slow;
  };

  const odd: readonly JudgeRequest[] = [
    { kind: 'bash', input: `[[ a =~ ${`${'&~'.repeat(150)} `.repeat(12)}` },
    { kind: 'python', input: `${'-:'.repeat(150)} `.repeat(12) },
    { kind: 'node', input: `${'}-'.repeat(150)} `.repeat(12) },
    {
      kind: 'edit',
      input: '',
      change: { files: [{ path: 'a.ts', before: '', after: `${'}-'.repeat(400)}\n`.repeat(12) }] },
    },
  ];

  it.each(odd)('is asked about when its time is up: $kind', async (request) => {
    expect((await slowly()).judge(request).decision).toBe('ask');
  });

  it.each([
    ['signs without an end', { kind: 'node', input: '}-'.repeat(400) }],
    ['more words than anybody writes', { kind: 'bash', input: `echo ${'"$a"'.repeat(2_400)}` }],
  ] as const)('is not read for long: %s', (_, request) => {
    const start = process.threadCpuUsage();
    expect(guard.judge(request).decision).toBe('ask');
    const { user, system } = process.threadCpuUsage(start);
    expect((user + system) / 1_000).toBeLessThan(100);
  });

  it('does not hold the caller up, and does not spoil what comes next', () => {
    const start = process.threadCpuUsage();
    for (const request of odd.slice(0, 3)) expect(guard.judge(request).decision).toBe('ask');
    const { user, system } = process.threadCpuUsage(start);
    expect((user + system) / 1_000).toBeLessThan(3_000);
    expect([decide('ls'), decide('rm -rf /')]).toEqual(['allow', 'deny']);
  });
});
