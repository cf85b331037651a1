import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { AppError } from '@tandem/protocol/error';

type Table = Readonly<Record<string, unknown>>;

/** An object in a file, empty where there is no file. @throws AppError configuration: what is damaged is not written over */
export const readJsonFile = (file: string): Table => {
  if (!existsSync(file)) return {};
  try {
    const value: unknown = JSON.parse(readFileSync(file, 'utf8'));
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Table;
  } catch (cause) {
    throw new AppError('configuration', `${file}: ${(cause as Error).message}`, { cause });
  }
  throw new AppError('configuration', `${file}: it is no JSON object`);
};

/** Written aside and renamed: a full disk must not cost the person what was there. */
export const writeWhole = (file: string, text: string, mode = 0o644): void => {
  mkdirSync(dirname(file), { recursive: true });
  const partial = `${file}.${process.pid}.new`;
  writeFileSync(partial, text, { mode });
  renameSync(partial, file);
};

export const writeJsonFile = (file: string, value: Table, mode?: number): void =>
  writeWhole(file, `${JSON.stringify(value, null, 2)}\n`, mode);
