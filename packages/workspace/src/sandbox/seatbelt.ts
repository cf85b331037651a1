import type { Mount } from './mounts.ts';

/**
 * The words of macOS `sandbox-exec` for one command. Paths are parameters of the profile, never part of its text. A
 * later rule wins, so the mounts' order (each folder before what is in it) says the same here. Generated and checked as
 * text; it has never run on a Mac.
 */
export const seatbeltArguments = (input: {
  readonly mounts: readonly Mount[];
  readonly absent: readonly string[];
  readonly temporary: string;
}): readonly string[] => {
  const parameters = new Map<string, string>();
  const at = (path: string): string => {
    const name = parameters.get(path) ?? `P${parameters.size}`;
    parameters.set(path, name);
    return `(subpath (param "${name}"))`;
  };
  const places = input.mounts.flatMap((mount) => rulesOf(mount, at));
  const rules = [
    ...head,
    ...places,
    `(allow file-read* file-write* ${at(input.temporary)})`,
    ...input.absent.map((path) => `(deny file-write* ${at(path)})`),
  ];
  const words = [...parameters].flatMap(([path, name]) => ['-D', `${name}=${path}`]);
  return ['/usr/bin/sandbox-exec', ...words, '-p', rules.join('\n'), '--'];
};

/** No network, no debugging of others, no keychain or clipboard service; signals only among its own. */
const head: readonly string[] = [
  '(version 1)',
  '(deny default)',
  '(allow process-exec process-fork)',
  '(allow signal (target same-sandbox))',
  '(allow process-info* (target same-sandbox))',
  '(allow sysctl-read)',
  '(allow mach-lookup (global-name "com.apple.system.opendirectoryd.libinfo"))',
  '(allow file-ioctl file-read* file-write-data (literal "/dev/null") (literal "/dev/zero"))',
  '(allow file-read-metadata)',
];

const rulesOf = (mount: Mount, at: (path: string) => string): readonly string[] => {
  if (mount.from !== undefined) return [];
  switch (mount.kind) {
    case 'ro':
      return [`(allow file-read* ${at(mount.path)})`, `(deny file-write* ${at(mount.path)})`];
    case 'rw':
      return [`(allow file-read* file-write* ${at(mount.path)})`];
    case 'empty':
    case 'hidden':
    case 'hidden-file':
      return [`(deny file-read* file-write* ${at(mount.path)})`];
    case 'proc':
    case 'dev':
      return [];
  }
};
