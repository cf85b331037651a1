import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, resolve, sep } from 'node:path';
import { AppError, PermissionMode } from '@tandem/protocol';

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
  /** Commands that must succeed on what is staged before it is committed. */
  readonly invariants?: readonly string[];
  /** Not a key: the person has named this workspace under `trusted`. */
  readonly workspaceTrusted?: boolean;
};

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
};

/** Limits, which a workspace may tighten and never widen. */
const limits: readonly Key[] = ['attempts', 'maxTurns', 'maxSeconds', 'maxCostUsd'];

export type LoadedConfig = { readonly config: Config; readonly warnings: readonly string[] };

/**
 * The person's config, then the workspace's. A workspace that the person has not named under `trusted` may only tighten
 * limits: its model, endpoint, verify command and permission mode would be somebody else's code or wire.
 * @throws AppError configuration, naming the file
 */
export const loadConfig = async (input: {
  readonly userFile: string;
  readonly cwd: string;
}): Promise<LoadedConfig> => {
  const workspaceFile = findWorkspaceFile(input.cwd);
  const files = [input.userFile, workspaceFile].filter((file) => file !== null && existsSync(file));
  if (files.length === 0) return { config: {}, warnings: [] };
  const user = existsSync(input.userFile) ? await readConfig(input.userFile) : empty;
  if (workspaceFile === null) return { config: user.config, warnings: user.warnings };
  const workspace = await readConfig(workspaceFile);
  const warnings = [...user.warnings, ...workspace.warnings];
  const root = dirname(dirname(workspaceFile));
  if (user.trusted.some((path) => root === path || root.startsWith(path + sep))) {
    return { config: { ...user.config, ...workspace.config, workspaceTrusted: true }, warnings };
  }
  const ignored = Object.keys(workspace.config).filter((key) => !isHarmless(key as Key, workspace.config));
  if (ignored.length > 0) {
    const names = ignored.map((key) => Object.entries(keys).find(([, one]) => one.key === key)![0]);
    warnings.push(
      `${workspaceFile}: ${names.join(', ')} ignored, because this workspace is not trusted; to trust it, add ` +
        `"${root}" to trusted = […] in ${input.userFile}`,
    );
  }
  return { config: tighten(user.config, workspace.config), warnings };
};

const isHarmless = (key: Key, config: Config): boolean =>
  limits.includes(key) || (key === 'offline' && config.offline === true);

const tighten = (user: Config, workspace: Config): Config => {
  const tightened: Record<string, unknown> = { ...user };
  for (const key of limits) {
    const values = [user[key], workspace[key]].filter((value) => typeof value === 'number');
    if (values.length > 0) tightened[key] = Math.min(...values);
  }
  if (workspace.offline === true) tightened.offline = true;
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

type ConfigFile = LoadedConfig & { readonly trusted: readonly string[] };
const empty: ConfigFile = { config: {}, warnings: [], trusted: [] };

const readConfig = async (file: string): Promise<ConfigFile> => {
  const { parse } = await import('smol-toml');
  let table: Readonly<Record<string, unknown>>;
  try {
    table = parse(readFileSync(file, 'utf8'));
  } catch (cause) {
    const line = cause instanceof Error ? cause.message.split('\n')[0] : 'unreadable';
    throw new AppError('configuration', `${file}: ${line}`, { cause });
  }
  const config: Record<string, unknown> = {};
  const warnings: string[] = [];
  for (const [name, value] of Object.entries(table)) {
    const known = keys[name];
    if (name === 'trusted') continue;
    if (known === undefined) {
      warnings.push(`${file}: ${name} is no key of this version and does nothing`);
      continue;
    }
    const isRight = hasType(value, known.type);
    if (!isRight || (name === 'permission_mode' && !PermissionMode.safeParse(value).success)) {
      throw new AppError('configuration', `${file}: ${name} cannot be ${JSON.stringify(value)}`);
    }
    config[known.key] = value;
  }
  const trusted = Array.isArray(table.trusted)
    ? table.trusted.filter((path) => typeof path === 'string')
    : [];
  return { config: config as Config, warnings, trusted: trusted.map((path) => resolve(path)) };
};
