import { open, readFile, stat } from 'node:fs/promises';
import type { Envelope, Event } from '@tandem/protocol';
import { AppError } from '@tandem/protocol';

/**
 * One event a line, JSON, exactly as stored. Every line of a batch but its last ends with a space before the newline:
 * a reader that finds no line without it at the end knows that a kill cut the batch, and passes over all of it.
 */
export const formatBatch = (events: readonly Event[]): string =>
  events.map((event, index) => JSON.stringify(event) + (index < events.length - 1 ? ' \n' : '\n')).join('');

const newline = 0x0a;
const space = 0x20;

/** How many of the bytes are whole batches. */
export const wholeBatches = (bytes: Uint8Array): number => {
  let end = bytes.lastIndexOf(newline) + 1;
  while (end > 1 && bytes[end - 2] === space) end = bytes.lastIndexOf(newline, end - 2) + 1;
  return end;
};

/** Events of a piece of a log whose first line has number `firstSeq`. @throws AppError internal, saying how to repair */
export const parseLines = (input: {
  readonly file: string;
  readonly text: string;
  readonly firstSeq: number;
  /** Lines up to this number are counted, not parsed. */
  readonly after: number;
}): readonly (Event | Envelope)[] => {
  const lines = input.text.split('\n');
  lines.pop();
  const events: (Event | Envelope)[] = [];
  for (let index = Math.max(0, input.after + 1 - input.firstSeq); index < lines.length; index++) {
    events.push(parseLine({ file: input.file, line: lines[index] ?? '', seq: input.firstSeq + index }));
  }
  return events;
};

/** The whole check of a stored event is that it is JSON with its number: it was checked when it was written. */
const parseLine = (input: { readonly file: string; readonly line: string; readonly seq: number }): Event => {
  let found: string;
  try {
    const event = JSON.parse(input.line) as Event;
    if (event?.seq === input.seq) return event;
    found = `holds number ${event?.seq}`;
  } catch {
    found = 'is not JSON';
  }
  const before = input.seq - 1;
  throw new AppError(
    'internal',
    `The log is damaged: ${input.file}, line ${input.seq} ${found}. To keep what comes before it: cp ${input.file} ${input.file}.damaged && head -n ${before} ${input.file}.damaged > ${input.file}`,
    { details: { file: input.file, line: input.seq } },
  );
};

export type LogPiece = {
  readonly events: readonly (Event | Envelope)[];
  readonly end: number;
  readonly seq: number;
};

/** Events in whole batches from a byte offset on, where line `seq + 1` begins. Null when there is no file. */
export const readFrom = async (
  file: string,
  position: { readonly end: number; readonly seq: number; readonly after: number },
): Promise<LogPiece | null> => {
  const bytes = await readBytesFrom(file, position.end);
  if (bytes === null) return null;
  const whole = wholeBatches(bytes);
  const text = bytes.toString('utf8', 0, whole);
  const firstSeq = position.seq + 1;
  const events = parseLines({ file, text, firstSeq, after: position.after });
  return { events, end: position.end + whole, seq: position.seq + countLines(bytes, whole) };
};

const readBytesFrom = async (file: string, offset: number): Promise<Buffer | null> => {
  try {
    if (offset === 0) return await readFile(file);
    const size = (await stat(file)).size;
    if (size <= offset) return Buffer.alloc(0);
    const handle = await open(file);
    try {
      const bytes = Buffer.alloc(size - offset);
      const { bytesRead } = await handle.read(bytes, 0, bytes.length, offset);
      return bytes.subarray(0, bytesRead);
    } finally {
      await handle.close();
    }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
};

/** Lines in the first `end` bytes. */
export const countLines = (bytes: Uint8Array, end: number): number => {
  let count = 0;
  for (let at = bytes.indexOf(newline); at >= 0 && at < end; at = bytes.indexOf(newline, at + 1)) count++;
  return count;
};
