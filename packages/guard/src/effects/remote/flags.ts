import type { Flag } from './line.ts';

/** Help or version is printed and nothing else happens. */
export const asksForHelp = (input: { readonly flags: readonly Flag[]; readonly count: number }): boolean =>
  input.flags.some(
    (flag) =>
      flag.name === '--help' ||
      (flag.name === '-help' && input.count <= 2) ||
      (flag.name === '-h' && flag.value === null && input.flags.at(-1) === flag && input.count <= 4) ||
      (input.count === 1 && versionFlags.has(flag.name)),
  );

const versionFlags = new Set(['--version', '-version', '-V', '-v', '-vv', '--help-all', '-?', '-h', '-H']);

/** The tool only says what it would do. `more` are this tool's own names for it. */
export const isDryRun = (flags: readonly Flag[], more: ReadonlySet<string> = none): boolean =>
  flags.some(
    (flag) =>
      (dryRunFlags.has(flag.name) || more.has(flag.name)) &&
      !/^(?:none|false|0|no|off)$/i.test(flag.value?.text ?? '') &&
      (flag.value?.known ?? true),
  );

const none: ReadonlySet<string> = new Set();
const dryRunFlags = new Set(
  '--dry-run --dryrun --dry_run --dryRun --dry -dry-run --what-if --whatif --noop --no-op --simulate --just-print --pretend -WhatIf'.split(
    ' ',
  ),
);

/** What an option alone says: `--delete` destroys, `--purge-all` too; null for most. */
export const changeOfFlag = (flag: Flag): 'destroy' | 'update' | null => {
  if (/^(?:false|0|no|off|never|none)$/i.test(flag.value?.text ?? '')) return null;
  if (
    /^-(?:rm|rmr|rmdir|kill|drop|del|purge|expunge|skipTrash|delstore|unpublish|deleteall)$/.test(flag.name)
  )
    return 'destroy';
  const name = flag.name.replace(/^-+/, '').toLowerCase();
  if (destroyingFlag.test(name)) return 'destroy';
  return changingFlag.test(name) ? 'update' : null;
};

const destroyingFlag =
  /^(?:(?:force-)?(?:delete|destroy|purge|wipe|erase|nuke|obliterate)(?:-(?!protection|timeout|policy).*)?|remove-(?:all|volumes|data|orphans)|drop(?:-(?:all|database|tables?))?|prune|reset-offsets|factory-reset|truncate|uninstall|unregister|terminate|revoke)$/;
const changingFlag =
  /^(?:remove|reset|alter|set|add|create|update|deploy|publish|apply|disable|enable|restore|rollback)$/;
