import { readFileSync } from 'node:fs';
import { isAbsolute, relative, resolve, sep } from 'node:path';
import { AppError, Isolated, Mechanism, type PermissionMode, type TurnOptions } from '@tandem/protocol';
import type { Parsed } from '../args/parse.ts';
import { given, listOf, numberOf } from '../args/read.ts';
import type { Config } from '../config/config.ts';
import type { Host } from '../host.ts';
import { planSandbox, type SandboxPlan } from './confine.ts';

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
  readonly sandbox?: SandboxPlan;
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
  const offline = switches.has('offline') || config.offline === true;
  return {
    cwd,
    model: typedModel ?? (host.env.TANDEM_MODEL || undefined) ?? config.model ?? null,
    modelTyped: typedModel !== undefined,
    cwdTyped: values.has('cwd'),
    offline,
    permissionMode,
    options: { ...turnOptions(input), permissionMode },
    format: (values.get('output-format') ?? 'text') as OutputFormat,
    outputFile: output === undefined ? null : resolve(host.cwd, output),
    keptDir: values.has('keep-attempts') ? resolve(host.cwd, values.get('keep-attempts') ?? '.') : null,
    ...given('sandbox', planSandbox({ parsed, config, mode: permissionMode, offline })),
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
  const typed = numberOf(parsed, 'attempts');
  const attempts = typed ?? config.attempts;
  if (attempts !== undefined && attempts > 64) throw new AppError('usage', '--attempts is at most 64');
  return {
    ...given('verify', values.get('verify') ?? config.verify),
    ...given('attempts', attempts),
    // A model that drives itself makes them as sessions of their own. A limit in a config file asks for none.
    ...given('isolated', typed !== undefined && typed > 1 ? isolatedFor(typed) : undefined),
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

const isolatedFor = (count: number): Isolated => Isolated.parse({ for: 'strong', count, land: true });

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
