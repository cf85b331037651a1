import type { Effect } from './effects/effect.ts';

export type Permission = 'allow' | 'ask' | 'deny';

/** The kinds of harm, one a decision, counted in docs/guard.md. */
export const categories = [
  'none',
  'fs.mass_delete',
  'fs.delete',
  'fs.overwrite',
  'fs.system_write',
  'fs.outside_write',
  'disk',
  'git.worktree_loss',
  'git.history',
  'git.remote_destroy',
  'git.publish',
  'db.destroy',
  'db.mutate',
  'cloud.destroy',
  'cloud.mutate',
  'k8s.destroy',
  'k8s.mutate',
  'iac.destroy',
  'iac.mutate',
  'container.destroy',
  'container.run',
  'forge.destroy',
  'forge.mutate',
  'net.exfil',
  'net.rce',
  'net.reverse_shell',
  'net.fetch',
  'net.remote',
  'secret.access',
  'persistence',
  'privesc',
  'perm.weaken',
  'defense.disable',
  'guard.bypass',
  'process',
  'power',
  'resource',
  'system.config',
  'lolbin.argexec',
  'lolbin.env',
  'opaque',
  'code.inline',
  'package.install',
  'package.exec',
  'package.remove',
  'publish',
  'learned',
  'edit.test_removal',
  'edit.test_weaken',
  'edit.security_removal',
  'edit.error_handling',
  'edit.insecure_api',
  'edit.secret',
  'edit.mass_delete',
  'edit.protected_file',
  'edit.api_break',
  'edit.invariant',
  'edit.guard_config',
  'mode',
] as const;
export type Category = (typeof categories)[number];

/** One reason for a decision. */
export type Reason = {
  readonly decision: Permission;
  readonly category: Category;
  /** Id of the rule, `learned`, or a mode: `git.reset-hard`. */
  readonly rule: string;
  /** Id of the constitution's clause that it serves: `keep-work`. */
  readonly clause: string;
  /** For the person: what would happen and what to do instead. */
  readonly message: string;
  /** Where in an edit, if it is one. */
  readonly path?: string;
  /** 1-based. */
  readonly line?: number;
};

export type Decision = {
  readonly decision: Permission;
  readonly category: Category;
  /** 0 is harmless, 1 is never allowed. */
  readonly score: number;
  readonly effects: readonly Effect[];
  /** Strictest first; empty where nothing spoke against it. */
  readonly reasons: readonly Reason[];
  /** Facts that could lower the decision if they were known. */
  readonly wants: readonly string[];
};
