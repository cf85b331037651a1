import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';
import { Machine } from './tandem.ts';

const found = (name: string): string | undefined =>
  ['/usr/bin', '/usr/sbin', '/usr/local/bin', '/usr/local/sbin']
    .map((folder) => join(folder, name))
    .find((file) => existsSync(file));
const [ssh, sshd, keygen] = ['ssh', 'sshd', 'ssh-keygen'].map(found);

/** Without a real sshd there is no other machine to try. */
export const hasSshd = [ssh, sshd, keygen].every((file) => file !== undefined);

const daemons = new Set<ChildProcess>();
afterAll(() => {
  for (const daemon of daemons) daemon.kill();
});

/** A machine that a real sshd lets into with a key of its own, and the words with which `ssh` comes there from the other one. */
export const openSshMachine = async (here: Machine) => {
  const there = new Machine();
  const at = (name: string): string => join(here.home, name);
  for (const name of ['host-key', 'key'])
    execFileSync(keygen!, ['-q', '-t', 'ed25519', '-N', '', '-f', at(name)]);
  const port = await freePort();
  writeFileSync(
    at('sshd_config'),
    [
      `Port ${port}`,
      'ListenAddress 127.0.0.1',
      `HostKey ${at('host-key')}`,
      `AuthorizedKeysFile ${at('key.pub')}`,
      'PidFile none',
      'StrictModes no',
      'PasswordAuthentication no',
      'KbdInteractiveAuthentication no',
      `SetEnv HOME=${there.home} NODE_COMPILE_CACHE=${at('compiled')}`,
    ].join('\n'),
  );
  const { username } = userInfo();
  writeFileSync(at('known_hosts'), `[127.0.0.1]:${port} ${readFileSync(at('host-key.pub'), 'utf8')}`);
  writeFileSync(
    at('ssh_config'),
    [
      'Host shop',
      'HostName 127.0.0.1',
      `Port ${port}`,
      `IdentityFile ${at('key')}`,
      'IdentitiesOnly yes',
      `UserKnownHostsFile ${at('known_hosts')}`,
    ].join('\n'),
  );
  // ssh finds its settings by the account and not by HOME: these are not the account's.
  mkdirSync(at('bin'));
  writeFileSync(at('bin/ssh'), `#!/bin/sh\nexec ${ssh} -F ${at('ssh_config')} "$@"\n`, { mode: 0o755 });
  await startDaemon(at('sshd_config'));
  return { there, destination: `${username}@shop`, path: `${at('bin')}:${process.env.PATH}` };
};

const startDaemon = async (config: string): Promise<void> => {
  // As root sshd wants a folder that a system makes when it starts.
  if (process.getuid?.() === 0) mkdirSync('/run/sshd', { recursive: true, mode: 0o755 });
  const daemon = spawn(sshd!, ['-D', '-e', '-f', config], { stdio: ['ignore', 'ignore', 'pipe'] });
  daemons.add(daemon);
  let said = '';
  await new Promise<void>((resolve, reject) => {
    daemon.stderr.setEncoding('utf8').on('data', (text: string) => {
      said += text;
      if (said.includes('Server listening')) resolve();
    });
    daemon.on('close', () => reject(new Error(`sshd ended: ${said}`)));
  });
};

const freePort = (): Promise<number> =>
  new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as { readonly port: number };
      server.close(() => resolve(port));
    });
  });

/** Processes whose command line holds all of the words. */
export const processesWith = (...words: readonly string[]): readonly number[] =>
  readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((name) => {
      try {
        const line = readFileSync(`/proc/${name}/cmdline`, 'utf8');
        return words.every((word) => line.includes(word));
      } catch {
        return false;
      }
    })
    .map(Number);
