import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { type Merged, mergeTexts } from '@tandem/merge';
import { AppError } from '@tandem/protocol/error';
import type { CommandInput, CommandRunner } from '../command/run.ts';
import { exitCode } from '../exit-code.ts';
import type { Host } from '../host.ts';
import { withModel } from './with-model.ts';

/** Git hands over any file that both sides changed; past this a text is a build's output, which people make again. */
const maxBytes = 5_000_000;
/** Lines said about one file. Git prints them between its own; the file holds the rest. */
const maxSaid = 40;

/** `tandem merge --driver %O %A %B %L %P`: exit 0 with the merged text in %A, or 1 with markers in it. */
export const driver: CommandRunner = async ({ parsed, host, signal }: CommandInput) => {
  const [base, ours, theirs, size = '7', path] = parsed.positionals;
  if (base === undefined || ours === undefined || theirs === undefined || !/^[1-9]\d{0,2}$/.test(size))
    throw new AppError(
      'usage',
      '--driver takes what git gives a merge driver: %O %A %B %L %P, where %L is a number',
    );
  const name = path ?? ours;
  const files = {
    base: resolve(host.cwd, base),
    ours: resolve(host.cwd, ours),
    theirs: resolve(host.cwd, theirs),
  };
  const texts = await readTexts(files);
  if (typeof texts === 'string') {
    host.err(`tandem: ${name}: ${texts}; left as ours has it\n`);
    return exitCode.failed;
  }
  const input = { path: name, ...texts, markerSize: Number(size) };
  const merged = await withModel(input, await mergeTexts(input), { host, signal });
  signal.throwIfAborted();
  await replace(files.ours, merged.text);
  say(host, name, merged);
  return merged.open.length === 0 ? exitCode.done : exitCode.failed;
};

type Files = { readonly base: string; readonly ours: string; readonly theirs: string };

/** What is in the files, or why it is not merged as text. */
const readTexts = async ({ base, ours, theirs }: Files): Promise<Files | string> => {
  const bytes = await Promise.all([readFile(base), readFile(ours), readFile(theirs)]);
  if (bytes.some((one) => one.includes(0))) return 'a binary file';
  if (bytes.some((one) => one.length > maxBytes)) return `more than ${maxBytes / 1_000_000} MB of text`;
  const [first = '', second = '', third = ''] = bytes.map((one) => one.toString('utf8'));
  const isUtf8 = [first, second, third].every((text, index) => Buffer.from(text).equals(bytes[index]!));
  return isUtf8 ? { base: first, ours: second, theirs: third } : 'no UTF-8 text';
};

/** Whole or not at all: git reads the file whatever becomes of us. */
const replace = async (file: string, text: string): Promise<void> => {
  const written = `${file}.merged`;
  try {
    await writeFile(written, text);
    await rename(written, file);
  } catch (error) {
    await rm(written, { force: true });
    throw error;
  }
};

const say = (host: Host, name: string, { settled, open, dropped }: Merged): void => {
  const said = [
    ...settled.map(({ by, hunk }) => `settled by ${by}: ${firstLine(hunk.ours || hunk.theirs || hunk.base)}`),
    ...dropped.map(({ side, line, text }) => `dropped of ${side}, line ${line}: ${text.trim()}`),
  ];
  const rest = said.length - maxSaid;
  const shown = rest > 0 ? [...said.slice(0, maxSaid), `and ${rest} more lines like these`] : said;
  for (const line of shown) host.err(`tandem: ${name}: ${line}\n`);
  if (open.length > 0)
    host.err(`tandem: ${name}: ${open.length} ${open.length === 1 ? 'hunk' : 'hunks'} left open\n`);
};

const firstLine = (text: string): string => text.trim().split('\n')[0]!.slice(0, 100);
