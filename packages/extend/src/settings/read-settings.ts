import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Owner, type Place, workspaceFolders } from './place.ts';

/** What one file says, as it stands there. */
export type Settings = {
  readonly file: string;
  readonly owner: Owner;
  /** By moment; the shape is looked at by whoever uses it. */
  readonly hooks: unknown;
  /** By name. */
  readonly servers: unknown;
};

export type ReadSettings = { readonly settings: readonly Settings[]; readonly problems: readonly string[] };

type Raw = Readonly<Record<string, unknown>>;

/** More is no settings file. */
const sizeLimit = 1_000_000;

/** The person's settings, then the workspace's, those of the outermost folder first. What cannot be read is a problem. */
export const readSettings = async (place: Place): Promise<ReadSettings> => {
  const files: readonly (readonly [file: string, owner: Owner])[] = [
    [join(place.config, 'config.toml'), 'person'],
    ...workspaceFolders(place).flatMap((folder) =>
      workspaceFiles.map((name) => [join(folder, name), 'workspace'] as const),
    ),
  ];
  const read = await Promise.all(files.map(([file, owner]) => readOne(file, owner)));
  return {
    settings: read.flatMap((one) => (one === null || typeof one === 'string' ? [] : [one])),
    problems: read.filter((one) => typeof one === 'string'),
  };
};

const workspaceFiles: readonly string[] = [
  '.tandem/config.toml',
  '.claude/settings.json',
  '.claude/settings.local.json',
  '.mcp.json',
];

/** Null where there is no such file; a text where it says nothing that can be read. */
const readOne = async (file: string, owner: Owner): Promise<Settings | string | null> => {
  try {
    const text = await readFile(file, 'utf8');
    if (text.length > sizeLimit) return `${file}: too large for settings`;
    const raw = await parsed(file, text);
    if (typeof raw !== 'object' || raw === null || Array.isArray(raw)) return `${file}: it is no table`;
    const { hooks, mcp_servers, mcpServers, disableAllHooks } = raw as Raw;
    const servers = file.endsWith('settings.json') ? undefined : (mcp_servers ?? mcpServers);
    return { file, owner, hooks: disableAllHooks === true ? undefined : hooks, servers };
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return null;
    return `${file}: ${message.split('\n')[0]}`;
  }
};

const parsed = async (file: string, text: string): Promise<unknown> =>
  file.endsWith('.toml') ? (await import('smol-toml')).parse(text) : JSON.parse(text);
