import { access, mkdir, realpath } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { SandboxFacts } from '@tandem/core';
import { AppError } from '@tandem/protocol';
import type { ConfinedRun, Confinement } from '../exec/confinement.ts';
import { gitCommand } from '../git/git-command.ts';
import { deniedPaths } from './denied-paths.ts';
import { homeTools } from './home-tools.ts';
import type { Level } from './levels.ts';
import { startOf, temporaryInside } from './levels.ts';
import type { Limits } from './limits.ts';
import { createControlGroup, joinGroup, processLimits } from './limits.ts';
import { mountsOf } from './mounts.ts';
import type { Protected } from './protected-paths.ts';
import { protectedPaths } from './protected-paths.ts';
import { noRetries, sandboxEnvironment } from './sandbox-environment.ts';
import { watchAbsent } from './taken.ts';

/** A workspace as a sandbox needs to know it. */
export type ConfinedPlace = {
  /** Absolute and real. */
  readonly root: string;
  /** A throw-away copy: writable whatever the profile. */
  readonly isScratch: boolean;
  /** Seen read-only beside it, such as the workspace that a scratch copy shares packages with. */
  readonly readable: readonly string[];
  /** Where its temporary files go; absent: to a folder that all places of the sandbox share. */
  readonly temporary?: string;
};

/** OS confinement around exec: a command gets the rights of the profile and no others. */
export type Sandbox = {
  readonly facts: SandboxFacts;
  /** How to start one command in a place. @throws AppError usage when this place cannot be confined */
  readonly confine: (place: ConfinedPlace, run: ConfinedRun) => Promise<Confinement>;
};

export type SandboxParts = {
  readonly level: Level;
  readonly facts: SandboxFacts;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Sessions, snapshots and tokens: hidden. */
  readonly stateDir: string;
  /** Of this sandbox alone; removed with what it holds when its process is gone. */
  readonly folder: string;
  readonly seccomp: { readonly program: Buffer; readonly file: string };
  readonly limits: Limits;
  /** The folder with the proxy's socket, where there is one. */
  readonly egress: string | null;
};

const packageFolder = fileURLToPath(new URL('..', import.meta.url));
const relay = fileURLToPath(new URL('./egress/relay.mjs', import.meta.url));
const egressInside = '/run/tandem';
type Variables = Readonly<Record<string, string>>;

const nothing: Protected = { readOnly: [], writable: [], watched: new Map() };

/** A sandbox at a level that was found to work. Nothing is checked here: see `openSandbox`. */
export const createSandbox = (parts: SandboxParts): Sandbox => {
  const home = realHome(parts.environment);
  // One git for each command would cost as much as the sandbox.
  const identities = new Map<string, Promise<Variables>>();
  const tools = home.then((folder) => toolsOf(parts, folder));
  return {
    facts: parts.facts,
    confine: async (place, run) => {
      const writable = place.isScratch || parts.facts.profile === 'workspace-write';
      refuseWholeHome(place.root, await home, writable);
      const guarded = writable ? await protectedPaths(place.root) : nothing;
      const temporary = place.temporary ?? join(parts.folder, 'tmp');
      await mkdir(temporary, { recursive: true });
      const mounts = await mountsOf({
        root: place.root,
        rootWritable: writable,
        readOnly: guarded.readOnly,
        writable: guarded.writable,
        readable: [...(await tools), ...place.readable, ...(await repositoryAbove(place.root, await home))],
        home: await home,
        denied: deniedPaths({ homes: [await home], environment: parts.environment, state: parts.stateDir }),
        temporary,
        placed: parts.egress === null ? {} : { [egressInside]: parts.egress },
      });
      const identity = identities.get(place.root) ?? identityOf(place.root);
      identities.set(place.root, identity);
      return await assemble(parts, { mounts, guarded, temporary, run, identity });
    },
  };
};

const assemble = async (
  parts: SandboxParts,
  input: {
    readonly mounts: Awaited<ReturnType<typeof mountsOf>>;
    readonly guarded: Protected;
    readonly temporary: string;
    readonly run: ConfinedRun;
    readonly identity: Promise<Variables>;
  },
): Promise<Confinement> => {
  const { run, guarded } = input;
  const group = createControlGroup(parts.limits);
  const start = await startOf(parts.level, {
    ...input,
    cwd: run.cwd,
    seccomp: parts.seccomp,
    limits: group === null ? processLimits(parts.limits) : {},
    absent: [...guarded.watched.keys()],
  });
  const identity = await input.identity;
  const watch = watchAbsent({ watched: guarded.watched, folder: join(parts.stateDir, 'taken-away') });
  return {
    argv: [...joinGroup(group), ...start.words, ...relayWords(parts), ...run.command],
    environment: (from) =>
      sandboxEnvironment({
        from,
        given: { ...(parts.egress === null ? noRetries : {}), ...identity, ...run.given },
        temporary: temporaryInside(parts.level, input.temporary),
      }),
    files: start.files,
    depth: start.depth,
    end: async () => {
      void group?.remove();
      const taken = [...(await watch.end())];
      return taken.map(([path, place]) => `\nsandbox: ${path} may not be made here; see ${place}\n`).join('');
    },
  };
};

const relayWords = (parts: SandboxParts): readonly string[] =>
  parts.egress === null ? [] : [process.execPath, '--no-warnings', relay, join(egressInside, 'proxy.sock')];

const realHome = async (environment: SandboxParts['environment']): Promise<string> => {
  const home = environment.HOME || homedir();
  return await realpath(home).catch(() => home);
};

const toolsOf = async (parts: SandboxParts, home: string): Promise<readonly string[]> => {
  const node = await realpath(process.execPath);
  const found = await homeTools({
    home,
    path: parts.environment.PATH ?? '',
    named: [dirname(node), parts.environment.RUSTUP_HOME ?? '', parts.environment.PYENV_ROOT ?? ''],
  });
  return [...found, dirname(node), await realpath(packageFolder)];
};

/** A person's whole home made writable would leave nothing to protect. */
const refuseWholeHome = (root: string, home: string, writable: boolean): void => {
  if (!writable || (root !== '/' && root !== home && !home.startsWith(`${root}/`))) return;
  throw new AppError(
    'usage',
    `${root} holds your whole home directory, which no sandbox profile makes writable. ` +
      'Work in a folder inside it, or pass --sandbox read-only or --sandbox full.',
  );
};

/** The repository that the root is a part of, so that its packages and history can be read. Never the home itself. */
const repositoryAbove = async (root: string, home: string): Promise<readonly string[]> => {
  for (let at = dirname(root); at !== dirname(at) && at !== home; at = dirname(at)) {
    const found = await access(join(at, '.git')).then(
      () => true,
      () => false,
    );
    if (found) return [at];
  }
  return [];
};

/** The person's name for commits, without the rest of a configuration that may hold tokens. */
const identityOf = async (root: string): Promise<Variables> => {
  const outcome = await gitCommand(root, ['config', '-z', '--get-regexp', '^user\\.(name|email)$']);
  const pairs = outcome.stdout
    .toString('utf8')
    .split('\0')
    .flatMap((record) => {
      const [key, value] = record.split('\n');
      return key === undefined || value === undefined ? [] : [[key, value] as const];
    });
  const entries = pairs.flatMap(([key, value], index) => [
    [`GIT_CONFIG_KEY_${index}`, key],
    [`GIT_CONFIG_VALUE_${index}`, value],
  ]);
  return { GIT_CONFIG_COUNT: String(pairs.length), ...Object.fromEntries(entries) };
};
