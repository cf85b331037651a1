import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  cpSync,
  existsSync,
  lstatSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  symlinkSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { isAlive } from '../../src/exec/processes.ts';
import type { Level } from '../../src/sandbox/levels.ts';
import { tempDir } from '../support/temp.ts';
import { type Candidate, type RigOptions, repository, rig } from './confined.ts';
import { type Attempt, attempts } from './escape-attempts.ts';

const isRoot = process.getuid?.() === 0;
const servers = [createServer(), createServer()] as const;
let victim: ChildProcess;
let given: Record<string, string> = {};

beforeAll(async () => {
  victim = spawn('sleep', ['600'], { env: { CANARY: 'x' }, stdio: 'ignore' });
  const name = `tandem-escape-${process.pid}`;
  servers[0].listen(0, '127.0.0.1');
  servers[1].listen(`\0${name}`);
  await Promise.all([once(servers[0], 'listening'), once(servers[1], 'listening')]);
  const address = servers[0].address();
  const port = typeof address === 'object' ? address?.port : 0;
  given = { VICTIM: String(victim.pid), PORT: String(port), NAME: name };
  process.env.PLAIN_THING = 'hidden';
  process.env.SSH_AUTH_SOCK = '/nowhere/agent';
});

afterAll(() => {
  victim.kill('SIGKILL');
  for (const server of servers) server.close();
  delete process.env.PLAIN_THING;
  delete process.env.SSH_AUTH_SOCK;
});

type Place = 'plain' | 'inside';

/** Names of the attempts that got out; three at a time, each in a workspace of its own. */
export const escaped = async (
  level: Level | null,
  options: {
    readonly among: readonly Attempt[];
    readonly place: Place;
    readonly profile?: RigOptions['profile'];
  },
): Promise<readonly string[]> => {
  const template = repository({ '.claude/settings.json': '{}\n' });
  const out: string[] = [];
  const queue = [...options.among];
  const { profile } = options;
  const worker = async (): Promise<void> => {
    for (let attempt = queue.shift(); attempt !== undefined; attempt = queue.shift()) {
      const root = tempDir();
      cpSync(template, root, { recursive: true });
      const made = await rig(level, { root, ...(profile === undefined ? {} : { profile }) });
      const socket = join(made.outside, 'service');
      const server = createServer().listen(socket);
      await once(server, 'listening');
      const { output } = await made[options.place](attempt.command, { env: { ...given, SOCK: socket } });
      if (/^ESCAPED/m.test(output)) out.push(attempt.name);
      server.close();
    }
  };
  await Promise.all([worker(), worker(), worker()]);
  return out;
};

const shown = attempts.filter(({ outside }) => outside === 'always' || (outside === 'root' && isRoot));
const names = (some: readonly Attempt[]): readonly string[] => some.map(({ name }) => name).sort();

export const succeedOutside = (): void =>
  test('without a sandbox the attempts work', async () => {
    expect((await escaped(null, { among: shown, place: 'plain' })).toSorted()).toEqual(names(shown));
  });

export const blocks = ({ level, title }: Candidate): void => {
  describe(`blocked: ${title}`, () => {
    const confined = test.skipIf(level === null);

    confined('every attempt', async () => {
      expect(await escaped(level, { among: attempts, place: 'inside' })).toEqual([]);
    });

    confined('settings that were not there are taken away as soon as they appear, and kept', async () => {
      const { inside, root, state } = await rig(level);
      const plant = (path: string): string => `mkdir -p $(dirname ${path}); echo "{}" > ${path}`;
      const result = await inside(
        `${plant('.cursor/mcp.json')}; ${plant('.mcp.json')}; ${plant('.git/commondir')}; ln -s $OUT .vscode; echo done`,
      );
      expect(result.output).toContain('done\n');
      for (const path of ['.cursor', '.mcp.json', '.git/commondir', '.vscode']) {
        expect(lstatSync(join(root, path), { throwIfNoEntry: false })).toBeUndefined();
        expect(result.output).toContain(`${join(root, path)} may not be made here; see ${state}`);
      }
      expect(readdirSync(join(state, 'taken-away'))).toHaveLength(4);
    });

    confined('two commands at once cannot hand settings to each other', async () => {
      const { inside, root } = await rig(level);
      const plant =
        'for i in $(seq 60); do mkdir -p .claude; echo "{}" > .claude/settings.json; done 2>&-; true';
      await Promise.all([inside(plant), inside(plant), inside(`sleep 0.1; ${plant}`)]);
      expect(existsSync(join(root, '.claude'))).toBe(false);
    });

    confined('a settings link cannot be bent', async () => {
      const { root } = await rig(level, { files: { 'shared/settings.json': '{}\n' } });
      symlinkSync('shared', join(root, '.claude'));
      const { inside } = await rig(level, { root });
      const result = await inside(
        'rm .claude; mkdir .claude; echo evil > .claude/settings.json; echo x > shared/y || echo refused',
      );
      expect(result.output).toContain('refused');
      expect(readlinkSync(join(root, '.claude'))).toBe('shared');
      expect(readFileSync(join(root, '.claude/settings.json'), 'utf8')).toBe('{}\n');
    });

    confined('what is left running ends with the command', async () => {
      const { inside, root } = await rig(level);
      const token = `61.${process.pid}`;
      const result = await inside(
        `setsid nohup sleep ${token} >/dev/null 2>&1 & (sleep ${token} & disown) & sh -c 'trap "" TERM HUP; sleep ${token}' & sleep 0.2; echo done`,
      );
      expect(result.output).toBe('done\n');
      expect(commandLines().filter((line) => line.includes(token))).toEqual([]);
      expect(existsSync(root)).toBe(true);
    });

    confined('killing everything kills only itself', async () => {
      const { inside } = await rig(level);
      expect((await inside('sleep 60 & kill -9 -1; echo here')).output).toBe('here\n');
      expect((await inside('kill -9 0; echo here')).output).toBe('');
      expect(isAlive(victim.pid ?? 0, null)).toBe(true);
    });

    confined('programs of the same names in the workspace change nothing', async () => {
      const fake = '#!/bin/sh\necho FAKE\n';
      const names = ['bwrap', 'python3', 'sh', 'prlimit', 'unshare'];
      const { root } = await rig(level, {
        files: Object.fromEntries(names.map((name) => [`bin/${name}`, fake])),
      });
      chmodSync(join(root, 'bin'), 0o755);
      for (const name of names) chmodSync(join(root, 'bin', name), 0o755);
      const { inside } = await rig(level, { root, path: join(root, 'bin') });
      expect((await inside('echo x > $OUT/new || /bin/echo refused')).output).toMatch(/refused\n$/);
    });

    confined('a temporary folder prepared by one command does not lead the next one out', async () => {
      const { inside, outside, root } = await rig(level);
      const first = root.split('/')[2] ?? '';
      await inside(
        `ls -la /tmp; rm -rf /tmp/*; rmdir /tmp/${first}; ln -s ${outside} /tmp/${first}; ln -s / /tmp/slash; true`,
      );
      await inside('echo x > /tmp/slash/tmp/y; echo x > new; ln -sfn $OUT $TMPDIR/new; true');
      expect(readdirSync(outside)).toEqual(['file']);
    });

    confined('a flood of processes ends at the limit', async (context) => {
      const { inside, facts } = await rig(level, { limits: { memory: 1e9, processes: 60 } });
      // User 0 is not counted by the kernel without a control group.
      context.skip(facts?.limits === 'process' && isRoot, 'no control group, and running as root');
      const flood = `
import os, time
try:
    for count in range(500):
        if os.fork() == 0:
            time.sleep(60); os._exit(0)
    print("ESCAPED")
except OSError as error: print("refused")`;
      expect((await inside(['/usr/bin/python3', '-I', '-c', flood])).output).toBe('refused\n');
    });

    confined('a flood of memory ends at the limit', async () => {
      const { inside } = await rig(level, { limits: { memory: 150e6, processes: 200 } });
      const result = await inside(['/usr/bin/python3', '-c', 'x = bytearray(400_000_000); print("ESCAPED")']);
      expect(result.exit).not.toBe(0);
      expect(result.output).not.toContain('ESCAPED');
    });
  });
};

/** There is no namespace: what is only there to be seen stays visible, and is not to be opened. */
export const landlockShows = new Set([
  'sockets of containers, desktops and buses',
  'the memory of the machine',
]);

const commandLines = (): readonly string[] =>
  readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map((pid) => {
      try {
        return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
      } catch {
        return '';
      }
    });
