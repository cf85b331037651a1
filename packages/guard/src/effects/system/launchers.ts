import type { Describe, Table } from '../describe.ts';
import type { Effect } from '../effect.ts';
import { grammar, names } from './arguments.ts';
import { callOf } from './call.ts';
import { innerEffects, innerText } from './inner.ts';
import { changes, spawns } from './make.ts';
import { forAll } from './spec.ts';

/** A program that runs the program it is given. */
type Launcher = {
  /** Options that take a value. */
  readonly values?: string;
  readonly writes?: string;
  /** Options whose value is itself a command. */
  readonly runs?: string;
  /** Operands before the program. */
  readonly skip?: number;
  /** The operand before the program is a file it writes. */
  readonly logs?: boolean;
  /** What it does besides. */
  readonly always?: readonly Effect[];
  /** Without a program it opens a shell. */
  readonly shell?: boolean;
};

const privilege = [changes('privilege', 'leaves the limits of this process')];
const stays = [changes('process', 'starts a process that stays')];

/** Those that the shell's reader does not look through by itself, or that do more than run a program. */
const launchers: Readonly<Record<string, Launcher>> = {
  'strace ltrace': { writes: '-o --output', values: '-e -p -s -u -E -S -a -O -P -I -b -n -l -x' },
  dtruss: { values: '-n -p -t' },
  perf: { values: '-e -p -F -g -C -r', writes: '-o', skip: 1 },
  heaptrack: { values: '-p', writes: '-o' },
  schedtool: { values: '-a -n -p -M' },
  choom: { values: '-n -p' },
  'setlock logsave': { skip: 1, logs: true },
  multitime: { values: '-n -s -l -r -i -o -I' },
  softlimit: { values: '-m -d -s -l -a -o -p -c -f -r -t' },
  cpulimit: { values: '-l -p -e -P' },
  'eatmydata linux32 linux64 i386 uname26 padsp aoss dumb-init run-one distcc wine mono openvt ld.so': {},
  'ld-linux.so.2 ld-linux-x86-64.so.2 ld-linux-aarch64.so.1 ld-musl-x86_64.so.1': {
    values: '--library-path --argv0',
    runs: '--preload',
  },
  sshpass: { values: '-p -f -d -P' },
  'ssh-agent': { values: '-a -t -E' },
  tini: { values: '-p -e' },
  daemonize: { values: '-c -e -o -p -l -u -E', always: stays },
  daemon: { values: '-n -u -D -P -o -e', always: stays },
  grc: { values: '-c --config --colour' },
  pexec: { values: '-n -p' },
  pidstat: { values: '-p -C -G -U -T', runs: '-e' },
  scrot: { values: '-d -q -t', runs: '-e --exec' },
  genie: { runs: '-c' },
  'systemd-run': {
    values:
      '-p -u -E -M -H --unit --property --setenv --slice --description --uid --gid --on-calendar --on-active',
    always: stays,
    shell: true,
  },
  'systemd-cat': { values: '-t -p' },
  'arch-nspawn arch-chroot': { values: '-u', skip: 1, always: privilege, shell: true },
  chroot: { values: '-u -g -G', skip: 1, always: privilege, shell: true },
  unshare: { values: '-S -G -R -w --map-users --map-groups', always: privilege, shell: true },
  nsenter: { values: '-t -S -G --target --setuid --setgid', always: privilege, shell: true },
  runcon: { values: '-t -u -r -l', always: privilege },
  'setuidgid envuidgid envdir': { skip: 1, always: privilege },
  'sandbox-exec': { values: '-f -n -p -D' },
  'start-stop-daemon': {
    values: '-p -n -u -g -c -d -N -R -r --pidfile --name --user --chuid --chdir',
    runs: '-x -a --exec --startas',
    always: [changes('service', 'starts or stops a service')],
  },
  minicom: { values: '-D -b', runs: '-S --script' },
  gtester: { values: '-p -s -m', writes: '-o' },
  agetty: { runs: '-l --login-program', values: '-I -f -t -H' },
  msgfilter: { values: '-i -o' },
  'rlwrap torsocks torify': { values: '-C -H -l -f -P -S -p -s -b', shell: true },
  proxychains: { runs: '-f' },
  firejail: { shell: true },
};

const launch = (launcher: Launcher): Describe => {
  const [runs, writes] = [names(launcher.runs), names(launcher.writes)];
  const rules = grammar({
    values: [launcher.values, launcher.runs, launcher.writes].filter(Boolean).join(' '),
    stops: true,
  });
  return (command, context) => {
    const call = callOf(command, context, rules);
    const words = call.operands.slice(launcher.skip ?? 0);
    const start = words.findIndex((word) => !/^(-.*|\w+=.*)$/.test(word.text));
    const inner = start < 0 ? [] : words.slice(start);
    const texts = call.values(...runs);
    const opensShell = launcher.shell && inner.length === 0 && texts.length === 0;
    return [
      ...(launcher.always ?? []),
      ...call.write(call.values(...writes).concat(launcher.logs ? call.operands.slice(0, 1) : [])),
      ...texts.flatMap((word) => innerText(word, { command, context })),
      ...(opensShell ? [spawns('sh', `${command.name} opens a shell`)] : []),
      ...innerEffects(inner, { command, context }),
    ];
  };
};

const runParts: Describe = (command, context) => {
  const call = callOf(command, context, grammar({ values: '-a -u --arg --umask --regex' }));
  if (call.has('--list', '--test')) return [];
  return call.operands.map((word) => spawns(word.text, 'runs every program of a folder'));
};

const capsh: Describe = (command) => {
  const runs = command.args.some((word) => /^(--|-\+|==|=\+|--shell=.*|\+\+)$/.test(word.text));
  return runs ? [...privilege, spawns('sh', 'capsh opens a shell')] : [];
};

const applets: Describe = (command, context) => {
  const [applet] = command.args;
  return !applet || applet.text.startsWith('-') ? [] : innerEffects(command.args, { command, context });
};

const script: Describe = (command, context) => {
  const call = callOf(command, context, grammar({ values: '-c -E -t -T -I -O -B -o --command' }));
  const outputs = call.values('-I', '-O', '-B', '-T').concat(call.operands.slice(0, 1));
  return [
    ...call.write(outputs, call.has('-a') ? 'append' : 'overwrite'),
    ...call.values('-c', '--command').flatMap((word) => innerText(word, { command, context })),
    // BSD: `script file program argument…`.
    ...innerEffects(call.operands.slice(1), { command, context }),
  ];
};

/** Programs that run others, each described by the program it runs. */
export const launcherTable: Table = {
  ...Object.assign(
    {},
    ...Object.entries(launchers).map(([list, launcher]) => forAll(list, launch(launcher))),
  ),
  ...forAll('busybox toybox', applets),
  'run-parts': runParts,
  script,
  capsh,
};
