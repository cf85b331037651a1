import { parse } from 'smol-toml';

/** The workspace as `draftInstructions` sees it. */
export type Source = {
  /** Of the folder. */
  readonly name: string;
  /** Relative, forward slashes, what git ignores left out. */
  readonly files: readonly string[];
  /** Null where there is no such text. */
  readonly read: (path: string) => Promise<string | null>;
};

export type Table = Readonly<Record<string, unknown>>;

const isTable = (value: unknown): value is Table =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** A table in a table, by its names; an empty one where it is none. */
export const tableAt = (of: Table, ...names: readonly string[]): Table => {
  let at: unknown = of;
  for (const name of names) at = isTable(at) ? at[name] : undefined;
  return isTable(at) ? at : {};
};

/** A file of settings; empty where it is missing or cannot be read: a draft is not the place to complain. */
export const tableIn = async ({ read }: Pick<Source, 'read'>, path: string): Promise<Table> => {
  const text = await read(path);
  if (text === null) return {};
  try {
    const value: unknown = path.endsWith('.json') ? JSON.parse(text) : parse(text);
    return isTable(value) ? value : {};
  } catch {
    return {};
  }
};

const lineLimit = 160;

/** Words of a file as one line of a page: no marks of a table, no controls, not without end. */
export const inLine = (text: unknown): string => {
  if (typeof text !== 'string') return '';
  const line = text
    .replace(/[\p{C}\s]+/gu, ' ')
    .replaceAll('|', '/')
    .trim();
  return line.length > lineLimit ? `${line.slice(0, lineLimit - 1)}…` : line;
};

/** The same between backticks. */
export const inCode = (text: string): string => `\`${inLine(text).replaceAll('`', "'")}\``;
