import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { AppError, PermissionMode } from '@tandem/protocol';
import { trusts, workspaceRoot } from './trust.ts';

/** What config files may say. Flags win over all of it. */
export type Config = {
  readonly model?: string;
  readonly verify?: string;
  readonly permissionMode?: PermissionMode;
  readonly attempts?: number;
  readonly maxTurns?: number;
  readonly maxSeconds?: number;
  readonly maxCostUsd?: number;
  readonly offline?: boolean;
  readonly openaiBaseUrl?: string;
  readonly anthropicBaseUrl?: string;
  readonly ollamaHost?: string;
  /** Model that is asked whether the person has already said yes to what auto mode would ask about. */
  readonly secondOpinion?: string;
  /** Commands that must succeed after each change of a session, and on what is staged before it is committed. */
  readonly invariants?: readonly string[];
  /** How commands are confined; absent: by the permission mode. */
  readonly sandbox?: (typeof sandboxes)[number];
  /** Hosts that confined commands may reach. */
  readonly egress?: readonly string[];
  /** Asked about hunks of a merge that no rule settles; `off` or absent: none. */
  readonly mergeModel?: string;
  /** Not a key: the person trusts this workspace. */
  readonly workspaceTrusted?: boolean;
  /** Of the person's own file: folders that are trusted with all that lies in them. */
  readonly trusted?: readonly string[];
  /** Not a key: workspaces that the person has answered yes for, each alone. */
  readonly trustedWorkspaces?: readonly string[];
};

/** Strictest first. */
const sandboxes = ['read-only', 'workspace-write', 'full'] as const;

type Key = keyof Config;

const keys: Readonly<
  Record<string, { readonly key: Key; readonly type: 'string' | 'number' | 'boolean' | 'list' }>
> = {
  model: { key: 'model', type: 'string' },
  verify: { key: 'verify', type: 'string' },
  permission_mode: { key: 'permissionMode', type: 'string' },
  attempts: { key: 'attempts', type: 'number' },
  max_turns: { key: 'maxTurns', type: 'number' },
  max_seconds: { key: 'maxSeconds', type: 'number' },
  max_cost: { key: 'maxCostUsd', type: 'number' },
  offline: { key: 'offline', type: 'boolean' },
  openai_base_url: { key: 'openaiBaseUrl', type: 'string' },
  anthropic_base_url: { key: 'anthropicBaseUrl', type: 'string' },
  ollama_host: { key: 'ollamaHost', type: 'string' },
  second_opinion: { key: 'secondOpinion', type: 'string' },
  invariants: { key: 'invariants', type: 'list' },
  sandbox: { key: 'sandbox', type: 'string' },
  egress: { key: 'egress', type: 'list' },
  merge_model: { key: 'mergeModel', type: 'string' },
};

/** Limits, which a workspace may tighten and never widen. */
const limits: readonly Key[] = ['attempts', 'maxTurns', 'maxSeconds', 'maxCostUsd'];

export type LoadedConfig = { readonly config: Config; readonly warnings: readonly string[] };

/**
 * The person's config, then the workspace's. A workspace that the person does not trust may only tighten limits: its model,
 * endpoint, verify command and permission mode would be somebody else's code or wire.
 * @throws AppError configuration, naming the file
 */
export const loadConfig = async (input: {
  readonly userFile: string;
  readonly cwd: string;
  /** Workspaces that the person trusts beside the folders of the file; nothing that lies in them but is one of its own. */
  readonly trusted?: readonly string[];
}): Promise<LoadedConfig> => {
  const workspaceFile = findWorkspaceFile(input.cwd);
  const own = existsSync(input.userFile) ? await readConfig(input.userFile) : empty;
  const { trusted: alone = [] } = input;
  const answers = {
    ...(own.trusted.length === 0 ? {} : { trusted: own.trusted }),
    ...(alone.length === 0 ? {} : { trustedWorkspaces: alone }),
  };
  const user = { ...own, config: { ...own.config, ...answers } };
  const root = workspaceFile === null ? workspaceRoot(input.cwd) : dirname(dirname(workspaceFile));
  const isTrusted = trusts(answers, root) ? { workspaceTrusted: true } : {};
  if (workspaceFile === null) return { config: { ...user.config, ...isTrusted }, warnings: user.warnings };
  const workspace = await readConfig(workspaceFile);
  const warnings = [...user.warnings, ...workspace.warnings];
  if (isTrusted.workspaceTrusted === true)
    return { config: { ...user.config, ...workspace.config, ...isTrusted }, warnings };
  const ignored = Object.keys(workspace.config).filter(
    (key) => !isHarmless(key as Key, workspace.config, user.config),
  );
  if (ignored.length > 0) {
    const names = ignored.map((key) => Object.entries(keys).find(([, one]) => one.key === key)![0]);
    warnings.push(
      `${workspaceFile}: ${names.join(', ')} ignored, because this workspace is not trusted; to trust it: tandem trust`,
    );
  }
  return { config: tighten(user.config, workspace.config), warnings };
};

const isHarmless = (key: Key, config: Config, user: Config): boolean =>
  limits.includes(key) ||
  (key === 'offline' && config.offline === true) ||
  (key === 'sandbox' && config.sandbox === stricter(config.sandbox, user.sandbox)) ||
  (key === 'egress' && (config.egress ?? []).every((host) => user.egress?.includes(host)));

/** Without a profile of the person's own, any that confines is stricter: what a mode confines by itself stays confined. */
const stricter = (one: Config['sandbox'], other: Config['sandbox']): Config['sandbox'] =>
  sandboxes.find((profile) => profile !== 'full' && (profile === one || profile === other)) ?? other;

const tighten = (user: Config, workspace: Config): Config => {
  const tightened: Record<string, unknown> = { ...user };
  for (const key of limits) {
    const values = [user[key], workspace[key]].filter((value) => typeof value === 'number');
    if (values.length > 0) tightened[key] = Math.min(...values);
  }
  if (workspace.offline === true) tightened.offline = true;
  if (workspace.sandbox !== undefined) tightened.sandbox = stricter(workspace.sandbox, user.sandbox);
  if (workspace.egress !== undefined)
    tightened.egress = user.egress?.filter((host) => workspace.egress?.includes(host)) ?? [];
  return tightened as Config;
};

/** The nearest `.tandem/config.toml` at or above `cwd`, not beyond the git root. */
const findWorkspaceFile = (cwd: string): string | null => {
  for (let folder = resolve(cwd); ; folder = dirname(folder)) {
    const file = join(folder, '.tandem', 'config.toml');
    if (existsSync(file)) return file;
    if (existsSync(join(folder, '.git')) || dirname(folder) === folder) return null;
  }
};

const hasType = (value: unknown, type: 'string' | 'number' | 'boolean' | 'list'): boolean => {
  if (type === 'list') return Array.isArray(value) && value.every((one) => typeof one === 'string');
  return typeof value === type && (type !== 'number' || (value as number) > 0);
};

/** Of a key that takes only certain words. */
const isOneOf = (name: string, value: unknown): boolean => {
  if (name === 'permission_mode') return PermissionMode.safeParse(value).success;
  return name !== 'sandbox' || (sandboxes as readonly unknown[]).includes(value);
};

type ConfigFile = LoadedConfig & { readonly trusted: readonly string[] };
const empty: ConfigFile = { config: {}, warnings: [], trusted: [] };

const readConfig = async (file: string): Promise<ConfigFile> => {
  const { parse } = await import('smol-toml');
  let table: Readonly<Record<string, unknown>>;
  try {
    table = parse(readFileSync(file, 'utf8'));
  } catch (cause) {
    const why = cause instanceof Error ? cause.message.split('\n')[0] : 'unreadable';
    const { line } = cause as { readonly line?: unknown };
    const place = typeof line === 'number' ? `${file}:${line}` : file;
    throw new AppError('configuration', `${place}: ${why}`, { cause });
  }
  const config: Record<string, unknown> = {};
  const warnings: string[] = [];
  for (const [name, value] of Object.entries(table)) {
    const known = keys[name];
    // Lists of folders, tables that packages/extend reads, and the terminal's keys.
    if (['trusted', 'hooks', 'mcp_servers', 'keys'].includes(name)) continue;
    if (known === undefined) {
      warnings.push(`${file}: ${name} is no key of this version and does nothing`);
      continue;
    }
    if (!hasType(value, known.type) || !isOneOf(name, value)) {
      throw new AppError('configuration', `${file}: ${name} cannot be ${JSON.stringify(value)}`);
    }
    config[known.key] = value;
  }
  const trusted = Array.isArray(table.trusted)
    ? table.trusted.filter((path) => typeof path === 'string')
    : [];
  return { config: config as Config, warnings, trusted: trusted.map((path) => resolve(path)) };
};
