import { createHash } from 'node:crypto';
import type { Owner } from '../settings/place.ts';
import type { Settings } from '../settings/read-settings.ts';
import { isTable, type Table } from '../table.ts';

/** A program that serves tools, as files describe it. */
export type Server = {
  readonly name: string;
  readonly reach:
    | {
        readonly type: 'stdio';
        readonly command: string;
        readonly words: readonly string[];
        readonly environment: Readonly<Record<string, string>>;
      }
    | { readonly type: 'http'; readonly url: string; readonly headers: Readonly<Record<string, string>> };
  /** Tools that may be called without asking, `*` at the end for all that begin so. Of a person's own file only. */
  readonly allow: readonly string[];
  readonly callMs: number;
  readonly file: string;
  readonly owner: Owner;
  /** The same for two definitions only if they are the same, so that a yes to one is no yes to another. */
  readonly hash: string;
};

export type ReadServers = { readonly servers: readonly Server[]; readonly problems: readonly string[] };

const usualCallSeconds = 120;
const mostCallSeconds = 600;

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Servers of all files. `${NAME}` and `${NAME:-else}` stand for variables of the person. A name that a person's own file has
 * is not taken over by a workspace's. What is wrong is left out and said.
 */
export const readServers = (settings: readonly Settings[], env: Environment): ReadServers => {
  const problems: string[] = [];
  const byName = new Map<string, Server>();
  for (const one of settings) {
    if (one.servers === undefined) continue;
    if (!isTable(one.servers)) {
      problems.push(`${one.file}: the MCP servers are no table`);
      continue;
    }
    for (const [name, raw] of Object.entries(one.servers)) {
      const server = readServer(name, raw, { from: one, env });
      if (typeof server === 'string') problems.push(`${one.file}: ${name}: ${server}`);
      else if (server !== null && byName.get(name)?.owner !== 'person') byName.set(name, server);
    }
  }
  return { servers: [...byName.values()], problems };
};

/** Null where it is switched off; a text where it cannot be read. */
const readServer = (
  name: string,
  raw: unknown,
  { from, env }: { readonly from: Settings; readonly env: Environment },
): Server | string | null => {
  if (!/^[\w.-]{1,40}$/.test(name)) return 'its name may hold letters, digits, dots, dashes and underscores';
  if (!isTable(raw)) return 'it is no table';
  if (raw.disabled === true || raw.enabled === false) return null;
  const reach = reachOf(raw, env);
  if (typeof reach === 'string') return reach;
  const { timeout, tool_timeout_sec: seconds = typeof timeout === 'number' ? timeout / 1_000 : undefined } =
    raw;
  const callSeconds = typeof seconds === 'number' && seconds > 0 ? seconds : usualCallSeconds;
  return {
    name,
    reach,
    allow: from.owner === 'person' ? textsOf(raw.allow) : [],
    callMs: Math.min(callSeconds, mostCallSeconds) * 1_000,
    file: from.file,
    owner: from.owner,
    hash: createHash('sha256').update(JSON.stringify(raw)).digest('hex'),
  };
};

const reachOf = (raw: Table, env: Environment): Server['reach'] | string => {
  const { type, command, args, url } = raw;
  const fill = (text: string): string => withVariables(text, env);
  const filled = (value: unknown): Readonly<Record<string, string>> =>
    Object.fromEntries(
      Object.entries(isTable(value) ? value : {})
        .filter(([, one]) => typeof one === 'string')
        .map(([key, one]) => [key, fill(String(one))]),
    );
  if (type === 'sse' || type === 'ws') return `servers of type ${type} are not in this version`;
  if (typeof command === 'string' && command !== '')
    return {
      type: 'stdio',
      command: fill(command),
      words: textsOf(args).map(fill),
      environment: filled(raw.env),
    };
  if (typeof url !== 'string') return 'it has neither a command nor a url';
  const address = fill(url);
  if (!URL.canParse(address) || !/^https?:/.test(address)) return `${address} is no http address`;
  return { type: 'http', url: address, headers: filled(raw.headers ?? raw.http_headers) };
};

const withVariables = (text: string, env: Environment): string =>
  text.replaceAll(
    /\$\{([A-Za-z_]\w*)(?::-([^}]*))?\}/g,
    (_, name: string, otherwise?: string) => env[name] ?? otherwise ?? '',
  );

const textsOf = (value: unknown): readonly string[] =>
  Array.isArray(value) ? value.filter((one) => typeof one === 'string') : [];
