import { fileURLToPath } from 'node:url';
import type { Mount } from './mounts.ts';
import { visibleEntries } from './mounts.ts';

/** What launch.py does before it becomes the command: read by it as JSON. */
export type LaunchPlan = {
  readonly cwd: string;
  readonly seccomp: Buffer;
  readonly limits: Readonly<Record<string, number>>;
  readonly mounts: readonly Mount[];
};

const script = fileURLToPath(new URL('./launch.py', import.meta.url));

/** Isolated: no variable, user site or current folder has a say in what is imported. */
const python = (binary: string, plan: object): readonly string[] => [
  binary,
  '-I',
  '-S',
  '-B',
  script,
  JSON.stringify(plan),
];

/** Namespaces of our own, made by system calls. */
export const namespacesArguments = (binary: string, plan: LaunchPlan): readonly string[] =>
  python(binary, {
    mode: 'namespaces',
    parent: process.pid,
    cwd: plan.cwd,
    limits: plan.limits,
    seccomp: plan.seccomp.toString('base64'),
    mounts: plan.mounts.map(({ kind, path, from }) => [kind, path, from ?? null]),
  });

const devices: readonly string[] = ['null', 'zero', 'full', 'random', 'urandom'].map(
  (name) => `/dev/${name}`,
);

/** Landlock, where no namespace can be made: the same places, as an allow-list. `temporary` stands for `/tmp`. */
export const landlockArguments = async (
  binary: string,
  plan: LaunchPlan & { readonly temporary: string },
): Promise<readonly string[]> => {
  const own = plan.mounts.filter(({ from }) => from === undefined);
  const entries = await visibleEntries([
    ...own,
    { path: '/tmp', kind: 'empty' },
    { path: '/var/tmp', kind: 'empty' },
  ]);
  return python(binary, {
    mode: 'landlock',
    cwd: plan.cwd,
    limits: plan.limits,
    seccomp: plan.seccomp.toString('base64'),
    entries: [
      ...entries.map(({ path, writable }) => [path, writable ? 'rw' : 'ro']),
      ...devices.map((path) => [path, 'dev']),
      ['/proc', 'ro'],
      [plan.temporary, 'rw'],
    ],
  });
};
