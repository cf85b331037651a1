import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

const kept = 1_000;
/** A prompt with a whole log pasted into it is not what somebody looks for again. */
const longest = 20_000;

/** Prompts as they were sent, one JSON string a line, oldest first. A file that cannot be read is an empty past. */
export const readHistory = (file: string): readonly string[] => {
  try {
    return readFileSync(file, 'utf8').split('\n').flatMap(entryOf).slice(-kept);
  } catch {
    return [];
  }
};

const entryOf = (text: string): readonly string[] => {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'string' ? [value] : [];
  } catch {
    return [];
  }
};

/** Adds one; readable by the person alone. A disk that is full costs the past, not the prompt. */
export const appendHistory = (file: string, text: string): void => {
  if (text.length > longest) return;
  try {
    mkdirSync(dirname(file), { recursive: true });
    const before = readHistory(file);
    const all = before.length >= kept ? [...before.slice(1 - kept / 2), text] : null;
    const lines = (all ?? [text]).map((one) => `${JSON.stringify(one)}\n`).join('');
    writeFileSync(file, lines, { mode: 0o600, flag: all === null ? 'a' : 'w' });
  } catch {}
};
