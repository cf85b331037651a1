import type { Mount } from './mounts.ts';

/**
 * The words of `bwrap` for one command. `seccompFile` is the number under which the child finds the open program.
 */
export const bubblewrapArguments = (input: {
  readonly mounts: readonly Mount[];
  readonly cwd: string;
  readonly seccompFile: number;
}): readonly string[] => [
  '--unshare-user',
  '--unshare-pid',
  '--unshare-ipc',
  '--unshare-uts',
  '--unshare-net',
  '--unshare-cgroup-try',
  '--disable-userns',
  '--die-with-parent',
  '--new-session',
  '--hostname',
  'sandbox',
  '--cap-drop',
  'ALL',
  '--seccomp',
  String(input.seccompFile),
  ...input.mounts.flatMap(wordsOf),
  // Only now, as other mounts may lie inside.
  ...input.mounts.flatMap(({ kind, path }) => (kind === 'hidden' ? ['--remount-ro', path] : [])),
  '--chdir',
  input.cwd,
  '--',
];

/** Closed by us: bwrap leaves them to the file modes, which do not keep user 0 from writing. */
const procSettings: readonly string[] = ['/sys', '/sysrq-trigger', '/irq', '/bus'];

const wordsOf = ({ kind, path, from = path }: Mount): readonly string[] => {
  switch (kind) {
    case 'ro':
      return ['--ro-bind', from, path];
    case 'rw':
      return ['--bind', from, path];
    case 'empty':
      return ['--perms', '0755', '--tmpfs', path];
    case 'hidden':
      return ['--perms', '0000', '--tmpfs', path];
    case 'hidden-file':
      return ['--ro-bind', '/dev/null', path];
    case 'proc':
      return [
        '--proc',
        path,
        ...procSettings.flatMap((name) => ['--ro-bind-try', `${path}${name}`, `${path}${name}`]),
      ];
    case 'dev':
      return ['--dev', path];
  }
};
