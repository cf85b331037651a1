import type { Effect, PathRef, PlaceName, Sensitivity } from '../effects/effect.ts';

type Names<S extends string> = { readonly [Name in S]: true };

/** `path`: a PathRef; `text`: matched with `*`; names: the closed set of its values. */
export type Field = 'path' | 'boolean' | 'text' | Readonly<Record<string, true>>;

type FieldOf<V> = [V] extends [PathRef]
  ? 'path'
  : [V] extends [boolean]
    ? 'boolean'
    : [string] extends [V]
      ? 'text'
      : Names<V & string>;

type EffectOf<T extends Effect['type']> = Extract<Effect, { readonly type: T }>;
type Fields = {
  readonly [T in Effect['type']]: {
    readonly [K in Exclude<keyof EffectOf<T>, 'type'>]-?: FieldOf<NonNullable<EffectOf<T>[K]>>;
  };
};

/** Every field of every effect with its values; the compiler keeps it complete. */
export const fields: Fields = {
  read: { path: 'path' },
  write: {
    path: 'path',
    how: { create: true, append: true, overwrite: true, truncate: true, edit: true },
    content: 'text',
  },
  delete: { path: 'path', recursive: 'boolean', secure: 'boolean' },
  move: { from: 'path', to: 'path' },
  link: { path: 'path', target: 'path' },
  chmod: { path: 'path', recursive: 'boolean', how: { mode: true, weaken: true, own: true } },
  run: {
    program: 'text',
    origin: { known: true, project: true, unknown: true, fetched: true, opaque: true },
    what: 'text',
  },
  spawn: { program: 'text', what: 'text' },
  reverseShell: { what: 'text' },
  reach: {
    host: 'text',
    how: { fetch: true, query: true, send: true, listen: true, shell: true },
    local: 'boolean',
    payload: { secret: true, file: true, text: true, unknown: true },
    what: 'text',
  },
  git: {
    loses: { nothing: true, worktree: true, stash: true, history: true, remote: true },
    unless: { clean: true, noUntracked: true, merged: true, pushed: true, noStash: true },
    reach: { local: true, fetch: true, publish: true },
    what: 'text',
  },
  remote: {
    system: {
      cloud: true,
      k8s: true,
      iac: true,
      container: true,
      forge: true,
      database: true,
      queue: true,
      service: true,
    },
    change: { read: true, create: true, update: true, destroy: true, run: true },
    what: 'text',
  },
  package: {
    change: { restore: true, install: true, remove: true, exec: true, publish: true, query: true },
    scope: { project: true, user: true, system: true },
    what: 'text',
  },
  system: {
    part: {
      process: true,
      service: true,
      power: true,
      config: true,
      account: true,
      schedule: true,
      disk: true,
      privilege: true,
      defense: true,
      log: true,
      resource: true,
      kernel: true,
    },
    change: { read: true, change: true, destroy: true },
    what: 'text',
  },
  credential: { change: { read: true, write: true, destroy: true }, what: 'text' },
  bypass: { what: 'text' },
  testLoss: { path: 'path', how: { delete: true, empty: true, edit: true }, what: 'text' },
  loader: { variable: 'text', what: 'text' },
  opaque: {
    at: { command: true, target: true, redirect: true, code: true, text: true },
    what: 'text',
  },
};

const places: Names<PlaceName> = {
  workspace: true,
  workspaceRoot: true,
  temp: true,
  home: true,
  homeRoot: true,
  system: true,
  root: true,
  device: true,
  sink: true,
  outside: true,
  unknown: true,
};
const sensitivities: Names<NonNullable<Sensitivity>> = {
  secret: true,
  startup: true,
  policy: true,
  repository: true,
  account: true,
  process: true,
};

/** Fields of a PathRef. */
export const pathFields: { readonly [K in keyof PathRef]: Field } = {
  path: 'text',
  place: places,
  sensitivity: sensitivities,
  glob: 'boolean',
  known: 'boolean',
};

/**
 * The full name of a condition's key for an effect, with what values it takes; null if the effect has no such field.
 * `place` is short for `path.place` where the effect has one path.
 */
export const fieldNamed = (
  type: Effect['type'],
  key: string,
): { readonly key: string; readonly field: Field } | null => {
  const own: Readonly<Record<string, Field>> = fields[type];
  const [head = '', tail, ...more] = key.split('.');
  if (more.length > 0) return null;
  if (tail !== undefined) {
    const field = own[head] === 'path' ? partOfPath(tail) : undefined;
    return field === undefined ? null : { key, field };
  }
  const field = Object.hasOwn(own, head) ? own[head] : undefined;
  if (field !== undefined && field !== 'path') return { key, field };
  const part = own.path === 'path' ? partOfPath(field === 'path' ? 'path' : head) : undefined;
  return part === undefined ? null : { key: `path.${field === 'path' ? 'path' : head}`, field: part };
};

const partOfPath = (name: string): Field | undefined =>
  Object.hasOwn(pathFields, name) ? pathFields[name as keyof PathRef] : undefined;
