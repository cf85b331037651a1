import type { Describe } from '../describe.ts';
import type { Effect } from '../effect.ts';
import type { Flag, Line } from './line.ts';
import { describeTool, type Outcome } from './tool.ts';
import { engine } from './tools/containers.ts';

/** `docker`, `podman`, `nerdctl` and their compose forms: what a run is given of this machine is an effect of its own. */
export const describeEngine: Describe = describeTool(engine, {
  decide: (line) =>
    decideRemoval(
      line.operands.map((word) => word.text),
      line.flags,
    ),
  extra: (line) => privileges(line),
});

/** `docker-compose` and `podman-compose`: the same without the word `compose`. */
export const describeCompose: Describe = (command, context) =>
  describeEngine(
    { ...command, args: [{ text: 'compose', known: true, glob: false, quoted: false }, ...command.args] },
    context,
  );

const removing = new Set(['--volumes', '-v', '--rmi', '--remove-orphans']);

/** `compose down` can be undone with `up`; with its volumes it cannot. */
const decideRemoval = (words: readonly string[], flags: readonly Flag[]): Outcome | null => {
  if (words[0] !== 'compose' || words[1] !== 'down') return null;
  return flags.some((flag) => removing.has(flag.name)) ? 'destroy' : 'update';
};

const starts = new Set([
  'run',
  'create',
  'exec',
  'container',
  'compose',
  'service',
  'pod',
  'play',
  'kube',
  'build',
]);

const privileges = (line: Line): readonly Effect[] => {
  if (!starts.has(line.operands[0]?.text ?? '')) return [];
  return line.flags.flatMap((flag): Effect[] => {
    const what = privilegeOf(flag);
    return what === null ? [] : [{ type: 'system', part: 'privilege', change: 'change', what }];
  });
};

const privilegeOf = (flag: Flag): string | null => {
  const value = flag.value?.text ?? '';
  switch (flag.name) {
    case '--privileged':
      return value === 'false' ? null : 'gives a container full rights over this machine';
    case '--pid':
    case '--ipc':
    case '--uts':
    case '--userns':
    case '--cgroupns':
    case '--net':
    case '--network':
      return value === 'host' ? `gives a container this machine's ${flag.name.slice(2)} namespace` : null;
    case '--cap-add':
      return /^(?:all|(?:cap_)?sys_|(?:cap_)?dac_|(?:cap_)?net_admin|(?:cap_)?bpf)/i.test(value)
        ? `gives a container the capability ${value}`
        : null;
    case '--security-opt':
      return /unconfined|disable|no-new-privileges[:=]false/.test(value)
        ? `takes a container's protection away (${value})`
        : null;
    case '--device':
      return /^\/dev\/(?:sd|nvme|vd|xvd|mem|kmem|disk|mapper)/.test(value) || value === '/dev'
        ? `gives a container the device ${value}`
        : null;
    case '-v':
    case '--volume':
      return mountedSource(value.split(':')[0] ?? '');
    case '--mount':
      return mountedSource(/(?:^|,)(?:source|src)=([^,]+)/.exec(value)?.[1] ?? '');
    default:
      return null;
  }
};

const mountedSource = (source: string): string | null => {
  if (/(?:docker|containerd|podman|crio)\.sock$/.test(source))
    return 'gives a container control of the container engine';
  const path = source.replace(/\/+$/, '');
  const sensitive =
    /^(?:|\/(?:etc|root|boot|proc|sys|dev|var|usr|lib|home|Users|run|var\/run|var\/lib)(?:\/[^/]*)?|~|\/(?:home|Users)\/[^/]+|.*\/\.(?:ssh|aws|kube|gnupg|docker|config))$/;
  return source.startsWith('/') || source.startsWith('~')
    ? sensitive.test(path)
      ? `mounts ${source} of this machine into a container`
      : null
    : null;
};
