import type { Effect } from '../effect.ts';

type PackageScope = Extract<Effect, { type: 'package' }>['scope'];
type RemoteSystem = Extract<Effect, { type: 'remote' }>['system'];

/** Names of outcomes, as the tables of tools write them. */
export type Outcome =
  /** Reads, or changes nothing that matters. */
  | 'read'
  /** Runs what the workspace defines: scripts, builds, tests. */
  | 'project'
  /** Runs a program that is not part of the workspace. */
  | 'unknown'
  | 'restore'
  | 'install'
  | 'uninstall'
  | 'exec'
  | 'publish'
  | 'query'
  /** An installation for the person (`user`) or the machine (`system`), whatever the tool's usual scope. */
  | 'install.user'
  | 'uninstall.user'
  | `remote.${'read' | 'create' | 'update' | 'destroy' | 'run'}`
  | `database.${'read' | 'create' | 'update' | 'destroy' | 'run'}`
  | `service.${'read' | 'create' | 'update' | 'destroy' | 'run'}`
  | `credential.${'read' | 'write' | 'destroy'}`
  | 'settings'
  | 'background'
  | 'listen'
  | 'fetch'
  | 'send'
  | 'bypass'
  | 'opaque';

export type Subject = {
  readonly program: string;
  /** A few words for the person: `gh repo delete`. */
  readonly what: string;
  readonly scope: PackageScope;
  /** What `remote.*` changes. */
  readonly system: RemoteSystem;
};

/** The effect that an outcome stands for. */
export const outcomeEffect = (outcome: Outcome, { program, what, scope, system }: Subject): Effect => {
  const [kind, detail] = outcome.split('.') as [string, string | undefined];
  switch (kind) {
    case 'read':
      return { type: 'run', program, origin: 'known', what };
    case 'project':
      return { type: 'run', program, origin: 'project', what };
    case 'unknown':
      return { type: 'run', program, origin: 'unknown', what };
    case 'restore':
    case 'exec':
    case 'publish':
    case 'query':
      return { type: 'package', change: kind, scope, what };
    case 'install':
    case 'uninstall':
      return {
        type: 'package',
        change: kind === 'install' ? 'install' : 'remove',
        scope: detail === 'user' ? 'user' : scope,
        what,
      };
    case 'remote':
    case 'database':
    case 'service':
      return {
        type: 'remote',
        system: kind === 'remote' ? system : kind,
        change: detail as Extract<Effect, { type: 'remote' }>['change'],
        what,
      };
    case 'credential':
      return { type: 'credential', change: detail as 'read' | 'write' | 'destroy', what };
    case 'settings':
      return { type: 'system', part: 'config', change: 'change', what };
    case 'background':
      return { type: 'system', part: 'service', change: 'change', what };
    case 'listen':
    case 'fetch':
    case 'send':
      return { type: 'reach', host: null, how: kind, local: kind === 'listen', what };
    case 'bypass':
      return { type: 'bypass', what };
    default:
      return { type: 'opaque', at: 'code', what };
  }
};
