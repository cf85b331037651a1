import type { Describe, Table } from '../describe.ts';
import type { Effect } from '../effect.ts';
import { grammar } from './arguments.ts';
import { callOf } from './call.ts';
import { changes, destroys } from './make.ts';
import { describeBy, forAll, tableOf, textOf } from './spec.ts';
import { describeVerbs } from './verbs.ts';

/** `kill -9 -1`: everything that one may signal. */
const kill: Describe = (command) => {
  const [first, ...rest] = command.args.map((word) => word.text);
  if (first === undefined || /^(-l|-L|--list|--table)/.test(first)) return [];
  const probing = first === '-0' || (/^(-s|-n|--signal)$/.test(first) && rest[0] === '0');
  if (probing) return [];
  const targets = /^-/.test(first) ? rest : [first, ...rest];
  const what = `signals the process ${targets.join(' ')}`;
  return [
    targets.some((target) => target === '-1' || target === '1')
      ? destroys('process', what)
      : changes('process', what),
  ];
};

const killByName: Describe = (command) => {
  const texts = command.args.map((word) => word.text);
  if (texts.length === 0 || texts.some((text) => /^(-l|--list|-0)$/.test(text))) return [];
  return [
    changes('process', `signals processes named ${texts.filter((text) => !text.startsWith('-')).join(' ')}`),
  ];
};

const stops = /^(stop|disable|mask|kill|reset-failed|isolate|force-stop|delete|remove|destroy|zap)/;

/** `service name verb`, `systemctl verb name`: the end of a service is worse than its start. */
const service: Describe = (command) => {
  const words = command.args.filter((word) => !word.text.startsWith('-')).map((word) => word.text);
  const [name, verb] = words;
  if (name === undefined || (verb === undefined && !name.includes('/'))) return [];
  if (/[/\uFFFC]/.test(name))
    return [{ type: 'spawn', program: name, what: 'service runs a program by its path' }];
  if (/^(status|describe|help)$/.test(verb!)) return [];
  const what = `${verb} of the service ${name}`;
  return [stops.test(verb!) ? destroys('service', what) : changes('service', what)];
};

const systemctlReads = 'status show cat list-* is-* get-default help show-environment log-level-read';
const systemctlPower =
  /^(poweroff|reboot|halt|kexec|soft-reboot|suspend|hibernate|hybrid-sleep|rescue|emergency|exit)$/;

const systemctl: Describe = (command, context) => {
  const call = callOf(
    command,
    context,
    grammar({
      values:
        '-t -p -n -o -H -M -s --type --state --property --lines --output --host --machine --signal --root --job-mode -P --what',
    }),
  );
  const verb = call.operands[0]?.text ?? '';
  if (systemctlPower.test(verb)) return [changes('power', `systemctl ${verb}`)];
  if (/^(edit|link|enable|preset)/.test(verb))
    return [changes('schedule', `systemctl ${textOf(call.operands)}`)];
  return describeUnits(command, context);
};

const describeUnits = describeVerbs({
  part: 'service',
  values: '-t -p -n -o -H -M -s --type --state --property --lines --output --host --machine --signal --root',
  reads: systemctlReads,
  destroys: 'stop disable mask kill isolate clean revert',
});

/** `shutdown -c` takes one back; `-k` only warns; `last`-like uses with no argument still act. */
const power: Describe = (command) =>
  command.args.some((word) => /^(-c|-k|--show|-w|--wtmp-only)$/.test(word.text))
    ? []
    : [changes('power', `${command.name} ${textOf(command.args)}`.trim())];

const crontab: Describe = (command, context) => {
  const call = callOf(command, context, grammar({ values: '-u -c -T' }));
  if (call.has('-l')) return [];
  if (call.has('-r')) return [destroys('schedule', 'removes all timed commands')];
  if (call.has('-T')) return call.read(call.values('-T'));
  return [...call.read(call.operands), changes('schedule', 'sets timed commands')];
};

const at: Describe = (command, context) => {
  const call = callOf(command, context, grammar({ values: '-q -f -t' }));
  if (call.has('-l', '-c', '-V')) return [];
  if (call.has('-d', '-r')) return [destroys('schedule', 'removes a timed command')];
  return [...call.read(call.values('-f')), changes('schedule', 'runs commands later')];
};

const journal: Describe = (command, context) => {
  const call = callOf(
    command,
    context,
    grammar({
      values:
        '-u -n -p -o -b -t -g -S -U -D -M --unit --lines --priority --output --since --until --grep --directory --file --cursor-file',
    }),
  );
  if (call.options.some((option) => option.name.startsWith('--vacuum')))
    return [destroys('log', 'deletes the journal')];
  return [
    ...(call.has('--rotate', '--relinquish-var', '--flush') ? [changes('log', 'moves the journal')] : []),
    ...call.write(call.values('--cursor-file')),
  ];
};

const sysctl: Describe = (command, context) => {
  const call = callOf(
    command,
    context,
    grammar({ values: '-p --load -r --pattern', flags: '--write --system' }),
  );
  const sets =
    call.has('-w', '--write', '-p', '--load', '--system', '-f') ||
    call.operands.some((word) => word.text.includes('='));
  return sets ? [changes('kernel', `sets ${textOf(call.operands)}`.trim())] : [];
};

const kernelModule = (what: string): Describe =>
  describeBy({
    preview: '-n --dry-run --show-depends -c --showconfig -l',
    values: '-d -C',
    always: [changes('kernel', what)],
  });

const limits: Describe = (command) =>
  command.args.some((word) => /^(--(?!pid|output)\w+=|-[nucvmtsfl]=?\d)/.test(word.text))
    ? [changes('resource', 'sets limits of a process')]
    : [];

const renice: Describe = (command) => [
  changes('process', `changes how much a process may run: ${textOf(command.args)}`),
];

const rotates: readonly Effect[] = [changes('log', 'rotates logs, and runs the scripts of its settings')];

/** Processes, services, power, timed commands, the kernel and its logs. */
export const processes: Table = {
  ...forAll('pkill killall killall5 xkill skill fuser-k slay', killByName),
  ...forAll('service rc-service invoke-rc.d sv', service),
  ...forAll('shutdown reboot halt poweroff telinit init pm-suspend pm-hibernate kexec', power),
  ...forAll('at batch', at),
  ...tableOf({
    atq: {},
    atrm: { always: [destroys('schedule', 'removes a timed command')] },
    fuser: { values: '-n', when: { '-k --kill': changes('process', 'ends the processes that use a file') } },
    logrotate: {
      values: '-s -m -l --state --log --mail',
      preview: '-d --debug',
      always: rotates,
      operands: 'read',
    },
    depmod: { always: [changes('kernel', 'lists the modules anew')], preview: '-n --dry-run' },
    'update-rc.d': { always: [changes('schedule', 'changes what starts with the machine')] },
    chkconfig: { preview: '--list', always: [changes('schedule', 'changes what starts with the machine')] },
    'rc-update': { preview: '-v', always: [changes('schedule', 'changes what starts with the machine')] },
    'update-alternatives': {
      preview: '--display --list --query --get-selections',
      always: [changes('config', 'changes which program a name means')],
    },
    'update-grub': { always: [changes('config', 'writes the boot menu')] },
    'grub-install': { always: [changes('disk', 'writes the boot sector')] },
    'grub-mkconfig': { writes: '-o --output' },
    efibootmgr: { preview: '-v', always: [changes('config', 'changes the boot order')] },
    telinit: { always: [changes('power', 'changes the run level')] },
  }),
  kill,
  systemctl,
  crontab,
  journalctl: journal,
  sysctl,
  prlimit: limits,
  renice,
  modprobe: kernelModule('loads or removes a module of the kernel'),
  insmod: kernelModule('loads a module into the kernel'),
  rmmod: kernelModule('removes a module of the kernel'),
  kmod: describeVerbs({ part: 'kernel', reads: 'list static-nodes help' }),
  loginctl: describeVerbs({ part: 'process', reads: 'list-* session-status show-* user-status seat-status' }),
  supervisorctl: describeVerbs({
    part: 'service',
    reads: 'status tail pid avail version',
    destroys: 'stop shutdown remove',
  }),
  busctl: describeVerbs({
    part: 'config',
    reads: 'list status monitor capture tree introspect get-property help',
  }),
  hostnamectl: describeVerbs({ part: 'config', reads: 'status show' }),
  timedatectl: describeVerbs({
    part: 'config',
    reads: 'status show list-timezones timesync-status show-timesync',
  }),
  localectl: describeVerbs({ part: 'config', reads: 'status show list-*' }),
  resolvectl: describeVerbs({
    part: 'config',
    reads: 'status query statistics service openpgp tlsa dns-read show-*',
  }),
  machinectl: describeVerbs({
    part: 'process',
    reads: 'list list-images status show image-status',
    destroys: 'terminate kill remove poweroff',
    spawns: 'shell login',
  }),
  bootctl: describeVerbs({ part: 'config', reads: 'status list is-installed' }),
  coredumpctl: describeVerbs({ part: 'process', reads: 'list info dump', spawns: 'debug gdb' }),
  cpupower: describeVerbs({ part: 'kernel', reads: '*-info monitor' }),
  auditctl: (command) =>
    command.args.length === 0 || command.args.every((word) => /^-[lsvh]$/.test(word.text))
      ? []
      : [changes('defense', 'changes what is audited')],
};
