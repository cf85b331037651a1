import { mkdir, readFile, realpath } from 'node:fs/promises';
import { join } from 'node:path';
import type { Worktree, WorktreeStart, Worktrees } from '@tandem/core';
import { AppError, isAppError } from '@tandem/protocol';
import { diskError } from '../files/write.ts';
import { removeTree } from '../scratch/sweep.ts';
import { adminsOf, branchOf, branchTip, indexOf, lockReason, refTip, stagedIn } from './admin.ts';
import { bringIgnored } from './bring.ts';
import { freePorts, takePorts } from './ports.ts';
import { belongingsOf, checkName, isThere, type Places, type WorktreeRecord, writeRecord } from './record.ts';
import { git, gitOrNull, type Repository } from './repository.ts';
import { createShadow, shadowOf } from './shadow.ts';
import { checkOut, keepStart, mirror, startRef } from './start.ts';

type Creating = {
  readonly request: Parameters<Worktrees['create']>[0];
  readonly repository: Repository;
  /** With symlinks followed. */
  readonly places: Places;
  readonly createdAt: string;
  readonly signal: AbortSignal;
};

/** Git may sweep objects away while they are nobody's yet, or hold a ref: a second time it is done. */
const tries = 3;

/** The caller holds the lock of the repository's worktrees. */
export const createWorktree = async (input: Creating): Promise<Worktree> => {
  const head = await commitOf(input.repository, input.request.start);
  for (let attempt = 1; ; attempt += 1) {
    const planned = await plan(input, head);
    try {
      return await make(input, planned);
    } catch (error) {
      await unmake(input.places, planned);
      const isOfGit = isAppError(error) && error.details.exit !== undefined;
      if (attempt === tries || !isOfGit) throw diskError(error, planned.worktree.root);
    }
  }
};

const make = async (input: Creating, planned: WorktreeRecord): Promise<Worktree> => {
  await writeRecord(input.places, planned);
  input.signal.throwIfAborted();
  await register(input.repository, planned);
  const filled = await fill(input, planned);
  input.signal.throwIfAborted();
  await writeRecord(input.places, filled);
  return filled.worktree;
};

const commitOf = async (repository: Repository, start: WorktreeStart): Promise<string> => {
  if (start.kind === 'mirror' && repository.isBare)
    throw new AppError('usage', `${repository.top} is bare: it has no files to mirror. Start from a ref.`);
  const name = start.kind === 'ref' ? start.ref : 'HEAD';
  const found = await gitOrNull(repository.top, [
    ...['rev-parse', '--verify', '--quiet', '--end-of-options', `${name}^{commit}`],
  ]);
  if (found !== null && found !== '') return found.trim();
  throw new AppError(
    'usage',
    start.kind === 'ref'
      ? `${start.ref} names no commit in ${repository.top}; git branch and git tag show what there is.`
      : `${repository.top} has no commit yet; make a first one, then worktrees can be made.`,
  );
};

/** Everything that will have a name, before anything is made. */
const plan = async (input: Creating, head: string): Promise<WorktreeRecord> => {
  const { request, repository, places } = input;
  const { common, objectFormat, top: origin } = repository;
  const name = await chooseName(input);
  const root = join(places.folder, name);
  const ports = await takePorts(places.ports, { root });
  const temporary = join(belongingsOf(places, name), 'tmp');
  const { session, attempt } = request;
  return {
    v: 1,
    phase: 'making',
    worktree: {
      name,
      root,
      origin,
      branch: branchOf(name),
      start: head,
      createdAt: input.createdAt,
      ...(session === undefined ? {} : { session }),
      ...(attempt === undefined ? {} : { attempt }),
      ports,
      environment: environmentOf({ name, ports, temporary, origin }),
    },
    common,
    admin: join(common, 'worktrees', name),
    objectFormat,
    head,
    base: '',
    links: [],
    index: '',
    staged: [],
    brought: {},
  };
};

export const environmentOf = (input: {
  readonly name: string;
  readonly ports: Worktree['ports'];
  readonly temporary: string;
  readonly origin: string;
}): Worktree['environment'] => {
  const { first, count } = input.ports;
  return {
    TMPDIR: input.temporary,
    PORT: String(first),
    TANDEM_PORTS: `${first}-${first + count - 1}`,
    TANDEM_WORKTREE: input.name,
    TANDEM_ORIGIN: input.origin,
    COMPOSE_PROJECT_NAME: `tandem-${input.name.toLowerCase()}`,
  };
};

/** @throws AppError conflict when the wanted one is taken */
const chooseName = async ({ request, repository, places }: Creating): Promise<string> => {
  const isTaken = async (name: string): Promise<boolean> =>
    [belongingsOf(places, name), join(places.folder, name), join(repository.common, 'worktrees', name)].some(
      isThere,
    ) || (await refTip(repository.common, `refs/heads/${branchOf(name)}`)) !== null;
  if (request.name !== undefined) {
    if (!(await isTaken(checkName(request.name)))) return request.name;
    throw new AppError(
      'conflict',
      `There is a worktree or a branch ${branchOf(request.name)} already; choose another name.`,
    );
  }
  for (let number = 1; ; number += 1) if (!(await isTaken(`work-${number}`))) return `work-${number}`;
};

/** Lets git know of it: its own folder, its branch. No file is checked out, so nothing of the repository runs. */
const register = async (repository: Repository, record: WorktreeRecord): Promise<void> => {
  const { root, branch, name } = record.worktree;
  await git(repository.top, [
    ...['worktree', 'add', '--quiet', '--no-checkout', '--no-track', '--lock', '--reason', lockReason],
    ...['-b', branch, '--', root, record.head],
  ]);
  const pointer = (await readFile(join(root, '.git'), 'utf8')).replace(/^gitdir: /, '').trim();
  if ((await realpath(pointer)) === record.admin) return;
  throw new AppError('conflict', `git gave the worktree ${name} another name; choose another one.`);
};

/** Files, index, and what the work is counted from. */
const fill = async (input: Creating, record: WorktreeRecord): Promise<WorktreeRecord> => {
  const { repository, places, request, signal } = input;
  const { root, environment, name } = record.worktree;
  const shadow = shadowOf(places, record);
  await mkdir(environment.TMPDIR as string, { recursive: true, mode: 0o700 });
  await createShadow(shadow, repository);
  const filling = { shadow, record, repository };
  const { links, left } = await (request.start.kind === 'mirror' ? mirror : checkOut)(filling);
  signal.throwIfAborted();
  const brought = repository.isBare
    ? { files: {}, left: [] }
    : await bringIgnored({ from: repository.top, to: root, belongings: belongingsOf(places, name) });
  signal.throwIfAborted();
  const { base, start } = await keepStart(filling);
  const all = [...left, ...brought.left];
  return {
    ...record,
    phase: 'whole',
    base,
    links,
    index: await indexOf(record),
    staged: await stagedIn(record),
    brought: brought.files,
    worktree: { ...record.worktree, start, ...(all.length === 0 ? {} : { left: all }) },
  };
};

/** Takes back what was half made. Nobody was told of it, and all it holds came from elsewhere. */
export const unmake = async (places: Places, record: WorktreeRecord): Promise<void> => {
  const { name, root, branch, ports } = record.worktree;
  const admins = (await adminsOf(record.common)).filter(({ path }) => path === root);
  await removeTree(root);
  for (const { admin } of admins) await removeTree(admin);
  const refs = [
    ...((await branchTip(record)) === record.head ? [`refs/heads/${branch}`] : []),
    ...((await refTip(record.common, startRef(name))) === null ? [] : [startRef(name)]),
  ];
  await git(record.common, ['update-ref', '--stdin'], {
    input: refs.map((ref) => `delete ${ref}\n`).join(''),
  });
  await freePorts(places.ports, ports.first);
  await removeTree(belongingsOf(places, name));
};
