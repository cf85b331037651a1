import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { AppError } from '@tandem/protocol/error';
import { gitCommand } from '@tandem/workspace/git';
import { askGit, git } from './git.ts';
import { hasCommit, inTurn, type Mirror } from './mirror.ts';

/** Its prerequisites are the tips of branches, a line each: thousands fit. */
const maxHeader = 1024 * 1024;

type Header = {
  readonly commit: string;
  readonly prerequisites: readonly string[];
  /** Where the pack begins, in bytes. */
  readonly packAt: number;
};

/** What every bundle begins with, so that something else is refused as it comes. */
export const isBundle = (first: Buffer): boolean =>
  /^# v[23] git bundle\n/.test(first.toString('latin1', 0, 16));

const refOf = (id: string): string => `refs/tandem/bundles/${id}`;

/**
 * Brings the one commit of a bundle into the mirror, under a ref of ours: names in it are not read. Every object is checked, and
 * that none is missing; a bundle that does not pass leaves no ref. Doing it twice is doing it once. In the mirror's turn.
 * @throws AppError not_found | usage | conflict, saying what to do
 */
export const takeInBundle = async (
  mirror: Mirror,
  { id, file }: { readonly id: string; readonly file: string },
): Promise<string> => {
  const { folder } = mirror;
  const known = await askGit({ cwd: folder, words: ['rev-parse', '--verify', '--quiet', refOf(id)] });
  if (known !== null) return known;
  const { commit, prerequisites, packAt } = headerOf(await beginningOf(file));
  await requirePrerequisites(mirror, { file, prerequisites });
  // Not git fetch: up to 2.39 at least it takes a bundle's objects unchecked, whatever transfer.fsckObjects says.
  const pack = createReadStream(file, { start: packAt });
  const words = ['index-pack', '--strict', '--fix-thin', '--stdin'];
  const { exit, stderr } = await gitCommand(folder, words, { input: pack });
  if (exit !== 0) throw unusable(stderr);
  const peeled = ['rev-parse', '--verify', '--quiet', '--end-of-options', `${commit}^{commit}`];
  if ((await askGit({ cwd: folder, words: peeled })) !== commit) throw unusable('its ref is no commit in it');
  const whole = ['rev-list', '--objects', '--quiet', commit, '--not', '--all'];
  if ((await askGit({ cwd: folder, words: whole })) === null) throw unusable('objects of it are missing');
  await git({ cwd: folder, words: ['update-ref', refOf(id), commit] });
  return commit;
};

/** What a task was based on stays in the mirror where it made a commit on it. */
export const forgetBundle = async (mirror: Pick<Mirror, 'folder'>, id: string): Promise<void> => {
  await inTurn(mirror, () => askGit({ cwd: mirror.folder, words: ['update-ref', '-d', refOf(id)] }));
};

const beginningOf = async (file: string): Promise<Buffer> => {
  const opened = await open(file).catch((cause: NodeJS.ErrnoException) => {
    if (cause.code !== 'ENOENT') throw cause;
    throw new AppError('not_found', 'The bundle of this task is gone; hand the work over again.', { cause });
  });
  try {
    const { buffer, bytesRead } = await opened.read(Buffer.alloc(maxHeader), 0, maxHeader, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await opened.close();
  }
};

/** @throws AppError usage unless it has one ref, and asks for nothing that is not known here */
const headerOf = (bytes: Buffer): Header => {
  const end = bytes.indexOf('\n\n');
  if (!isBundle(bytes) || end === -1) throw unusable('it has no head');
  const [, ...lines] = bytes.toString('latin1', 0, end).split('\n');
  const named = (pattern: RegExp): readonly string[] =>
    lines.flatMap((line) => pattern.exec(line)?.slice(1, 2) ?? []);
  const prerequisites = named(/^-([0-9a-f]{40}|[0-9a-f]{64})(?: |$)/);
  const tips = named(/^([0-9a-f]{40}|[0-9a-f]{64}) ./);
  const formats = named(/^@object-format=(sha1|sha256)$/);
  if (prerequisites.length + tips.length + formats.length !== lines.length)
    throw unusable('its head has lines of an unknown kind');
  const [commit] = tips;
  if (commit === undefined || tips.length > 1) throw unusable(`it has ${tips.length} refs, not one`);
  return { commit, prerequisites, packAt: end + 2 };
};

const requirePrerequisites = async (
  mirror: Mirror,
  { file, prerequisites }: { readonly file: string; readonly prerequisites: readonly string[] },
): Promise<void> => {
  const words = ['bundle', 'verify', '--quiet', file];
  const { exit, stderr } = await gitCommand(mirror.folder, words);
  if (exit === 0) return;
  for (const commit of prerequisites)
    if (!(await hasCommit(mirror, commit)))
      throw new AppError(
        'conflict',
        `The bundle begins after ${commit.slice(0, 12)}, which no branch of the repository has. Push that commit there, or make the bundle from what the repository has (GET /v1/repositories/{id}/heads), and hand it over again.`,
      );
  throw unusable(stderr);
};

const unusable = (why: string): AppError =>
  new AppError(
    'usage',
    `The bundle cannot be used: ${why.trim().slice(0, 400)}. Make a new one and hand it over again.`,
  );
