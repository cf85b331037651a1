import { readFileSync, realpathSync, statSync } from 'node:fs';
import { isAbsolute, relative, resolve, sep } from 'node:path';
import { AppError, Mechanism, type PermissionMode, type TurnOptions } from '@tandem/protocol';
import type { Parsed } from '../args/parse.ts';
import { given, listOf, numberOf } from '../args/read.ts';
import type { Config } from '../config/config.ts';
import type { Host } from '../host.ts';

export type OutputFormat = 'text' | 'json' | 'stream-json';

/** Everything that flags, variables and config files say about one turn. */
export type TurnPlan = {
  readonly cwd: string;
  /** Null: the default local model. */
  readonly model: string | null;
  /** True when a flag named the model, so that a session with another one is a contradiction. */
  readonly modelTyped: boolean;
  readonly cwdTyped: boolean;
  readonly offline: boolean;
  readonly permissionMode: PermissionMode;
  readonly options: TurnOptions;
  readonly format: OutputFormat;
  /** Absolute. */
  readonly outputFile: string | null;
  /** Absolute; where attempts and patches are written instead of the state folder. */
  readonly keptDir: string | null;
  /** Absent: commands run with the person's own rights. */
  readonly sandbox?: 'read-only' | 'workspace-write';
};

/** Without a person to ask, edits in the workspace are what the command was called for. */
const headlessMode: PermissionMode = 'acceptEdits';

/** @throws AppError usage | configuration, saying what to type instead */
export const planTurn = (input: {
  readonly parsed: Parsed;
  readonly host: Host;
  readonly config: Config;
  readonly cwd: string;
}): TurnPlan => {
  const { parsed, host, config, cwd } = input;
  const { values, switches } = parsed;
  const typedModel = values.get('model');
  const output = values.get('output');
  const permissionMode =
    (values.get('permission-mode') as PermissionMode | undefined) ?? config.permissionMode ?? headlessMode;
  return {
    cwd,
    model: typedModel ?? (host.env.TANDEM_MODEL || undefined) ?? config.model ?? null,
    modelTyped: typedModel !== undefined,
    cwdTyped: values.has('cwd'),
    offline: switches.has('offline') || config.offline === true,
    permissionMode,
    options: { ...turnOptions(input), permissionMode },
    format: (values.get('output-format') ?? 'text') as OutputFormat,
    outputFile: output === undefined ? null : resolve(host.cwd, output),
    keptDir: values.has('keep-attempts') ? resolve(host.cwd, values.get('keep-attempts') ?? '.') : null,
    ...given('sandbox', confinement(values.get('sandbox'))),
  };
};

const turnOptions = (input: {
  readonly parsed: Parsed;
  readonly host: Host;
  readonly config: Config;
  readonly cwd: string;
}): TurnOptions => {
  const { parsed, host, config, cwd } = input;
  const { values, switches } = parsed;
  const schema = values.get('output-schema');
  const attempts = numberOf(parsed, 'attempts') ?? config.attempts;
  if (attempts !== undefined && attempts > 64) throw new AppError('usage', '--attempts is at most 64');
  return {
    ...given('verify', values.get('verify') ?? config.verify),
    ...given('attempts', attempts),
    ...given(
      'files',
      listOf(parsed, 'files')?.map((file) => inside(cwd, file)),
    ),
    ...given('maxTurns', numberOf(parsed, 'max-turns') ?? config.maxTurns),
    ...given('maxSeconds', numberOf(parsed, 'max-seconds') ?? config.maxSeconds),
    ...given('maxCostUsd', numberOf(parsed, 'max-cost') ?? config.maxCostUsd),
    ...given('without', listOf(parsed, 'without')?.map(mechanism)),
    ...(values.has('keep-attempts') ? { keepAttempts: true } : {}),
    ...(switches.has('keep') ? { keep: true } : {}),
    ...(schema === undefined ? {} : { outputSchema: readSchema(resolve(host.cwd, schema)) }),
  };
};

/** The directory of `--cwd`, links resolved, so that a session is found again from any path to it. */
export const workingDirectory = (parsed: Parsed, host: Host): string => {
  const typed = parsed.values.get('cwd');
  const directory = resolve(host.cwd, typed ?? '.');
  const stat = statSync(directory, { throwIfNoEntry: false });
  if (stat?.isDirectory() !== true) throw new AppError('usage', `--cwd ${typed}: there is no such directory`);
  return realpathSync(directory);
};

const confinement = (profile: string | undefined): TurnPlan['sandbox'] =>
  profile === 'read-only' || profile === 'workspace-write' ? profile : undefined;

const mechanism = (name: string): Mechanism => {
  const found = Mechanism.safeParse(name);
  if (found.success) return found.data;
  throw new AppError('usage', `--without ${name}: it is one of ${Mechanism.options.join(', ')}`);
};

const inside = (cwd: string, file: string): string => {
  const path = relative(cwd, resolve(cwd, file));
  if (path !== '' && !path.startsWith('..') && !isAbsolute(path)) return path.replaceAll(sep, '/');
  throw new AppError('usage', `--files ${file}: it is not inside ${cwd}`);
};

const readSchema = (file: string): Record<string, unknown> => {
  try {
    const schema: unknown = JSON.parse(readFileSync(file, 'utf8'));
    if (typeof schema === 'object' && schema !== null && !Array.isArray(schema)) {
      return schema as Record<string, unknown>;
    }
  } catch (cause) {
    throw new AppError('usage', `--output-schema ${file}: ${(cause as Error).message}`, { cause });
  }
  throw new AppError('usage', `--output-schema ${file}: a JSON Schema is an object`);
};
