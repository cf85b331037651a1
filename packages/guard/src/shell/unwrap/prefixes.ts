import { literal, type Word } from '../command.ts';
import { firstOperand, optionValue, script, setOf, type Unwrap, words } from './inner.ts';

/** Programs that run the rest of their arguments as a command. */
type Prefix = {
  /** Options whose value is the next argument. */
  readonly options: ReadonlySet<string>;
  /** Arguments of its own before the command. */
  readonly operands?: number;
  /** The wrapper's own effect counts too. */
  readonly keep?: boolean;
};

const prefix = (options: string, rest: Omit<Prefix, 'options'> = {}): Prefix => ({
  options: setOf(options),
  ...rest,
});

const none = '';
const prefixes: Readonly<Record<string, Prefix>> = {
  nice: prefix('-n --adjustment'),
  ionice: prefix('-c -n -p -P -u --class --classdata'),
  nohup: prefix(none),
  timeout: prefix('-k -s --kill-after --signal', { operands: 1 }),
  gtimeout: prefix('-k -s --kill-after --signal', { operands: 1 }),
  stdbuf: prefix('-i -o -e --input --output --error'),
  setsid: prefix(none),
  time: prefix('-f -o --format --output'),
  gtime: prefix('-f -o --format --output'),
  chronic: prefix(none),
  ifne: prefix(none),
  unbuffer: prefix(none),
  builtin: prefix(none),
  noglob: prefix(none),
  nocorrect: prefix(none),
  taskset: prefix(none, { operands: 1 }),
  chrt: prefix('-T -P -D', { operands: 1 }),
  numactl: prefix('-N -m -C -i -p'),
  linux32: prefix(none),
  linux64: prefix(none),
  setarch: prefix(none, { operands: 1 }),
  proxychains: prefix('-f'),
  proxychains4: prefix('-f'),
  torsocks: prefix('-u -p -a -P'),
  torify: prefix(none),
  firejail: prefix(none),
  faketime: prefix('-f', { operands: 1 }),
  'dbus-run-session': prefix('--config-file --dbus-daemon'),
  'xvfb-run': prefix('-e -f -n -s -w --server-args --server-num --error-file'),
  'systemd-run': prefix('-u -p -t -E --unit --property --slice --setenv --on-active --uid --gid', {
    keep: true,
  }),
  'systemd-inhibit': prefix('--what --who --why --mode'),
  caffeinate: prefix('-t -w'),
  prlimit: prefix('-p --pid'),
  chpst: prefix('-u -U -b -/ -n -l -L -m -d -o -p -f -c -r -t'),
  setpriv: prefix('--reuid --regid --groups --inh-caps --ambient-caps --bounding-set'),
  strace: prefix('-e -o -p -s -u -E -P -a -b -I -O -S -X'),
  ltrace: prefix('-e -o -p -s -u -n -a -A -F -l -x'),
  valgrind: prefix(none),
  catchsegv: prefix(none),
  'with-contenv': prefix(none),
  dotenv: prefix('-f -e -c -v -p'),
  'dotenvx run': prefix('-f -e'),
  tsp: prefix('-L -D -W'),
  busybox: prefix(none),
  toybox: prefix(none),
  chroot: prefix('-u -g -G', { operands: 1, keep: true }),
  unshare: prefix('-S -G -R -w', { keep: true }),
  nsenter: prefix('-t -S -G --target', { keep: true }),
  fakeroot: prefix('-l -s -i -b'),
  proot: prefix('-r -b -w -q', { keep: true }),
  bwrap: prefix('--bind --ro-bind --dev --proc --tmpfs --chdir --setenv'),
  rlwrap: prefix('-f -H -p -D'),
  winpty: prefix(none),
  rtk: prefix(none),
  direnv: prefix(none, { operands: 2 }),
};

const prefixed =
  (name: string, { options, operands = 0, keep = false }: Prefix): Unwrap =>
  ({ args }) => {
    const at = firstOperand(args, options) + operands;
    if (at >= args.length) return [];
    return [{ wrapper: name, body: words(args.slice(at)), keep }];
  };

const become =
  (name: string, options: ReadonlySet<string>): Unwrap =>
  ({ args }) => {
    const { env, rest } = assignments(args.slice(firstOperand(args, options)));
    if (rest.length === 0) return [];
    return [{ wrapper: name, body: words(rest), env }];
  };

const assignments = (
  args: readonly Word[],
): { readonly env: Readonly<Record<string, Word>>; readonly rest: readonly Word[] } => {
  const env: Record<string, Word> = {};
  let at = 0;
  for (; at < args.length; at += 1) {
    const match = /^([A-Za-z_]\w*)=([\s\S]*)$/.exec(args[at]!.text);
    if (match === null) break;
    env[match[1]!] = { ...args[at]!, text: match[2]! };
  }
  return { env, rest: args.slice(at) };
};

const envOptions = setOf('-u -C --unset --chdir -P --block-signal');

const env: Unwrap = ({ args }) => {
  const split = splitString(args);
  const list = split ?? args;
  const { env: added, rest } = assignments(list.slice(firstOperand(list, envOptions)));
  const folder = optionValue(args, '-C', '--chdir');
  if (rest.length === 0) return [];
  return [{ wrapper: 'env', body: words(rest), env: added, ...(folder === null ? {} : { cwd: folder }) }];
};

/** `env -S 'A=1 cmd arg'`: the string is split into arguments of env. */
const splitString = (args: readonly Word[]): readonly Word[] | null => {
  const at = args.findIndex((word) => /^(?:-[iv0]*S|--split-string)/.test(word.text));
  if (at === -1) return null;
  const attached = args[at]!.text.replace(/^(?:-[iv0]*S|--split-string=?)/, '');
  const text = attached === '' ? (args[at + 1]?.text ?? '') : attached;
  const pieces = [...text.matchAll(/'([^']*)'|"([^"]*)"|(\S+)/g)].map((match) =>
    literal(match[1] ?? match[2] ?? match[3] ?? ''),
  );
  return [...pieces, ...args.slice(at + (attached === '' ? 2 : 1))];
};

const sudoOptions = setOf(
  '-u -g -h -p -C -r -t -T -U -D -R --user --group --host --prompt --close-from --role --type --other-user --chdir',
);

const su: Unwrap = ({ args }) => {
  const text = optionValue(args, '-c', '--command', '--session-command');
  return text === null ? [] : [{ wrapper: 'su', body: script(text) }];
};

const command: Unwrap = ({ args }) => {
  const at = firstOperand(args, new Set());
  if (at >= args.length || args.slice(0, at).some((word) => /^-.*[vV]/.test(word.text))) return [];
  return [{ wrapper: 'command', body: words(args.slice(at)) }];
};

const exec: Unwrap = ({ args }) => {
  const at = firstOperand(args, setOf('-a'));
  return at >= args.length ? [] : [{ wrapper: 'exec', body: words(args.slice(at)) }];
};

/** `cross-env A=1 cmd`: assignments, then a command. */
const crossEnv: Unwrap = ({ args }) => {
  const { env: added, rest } = assignments(args);
  return rest.length === 0 ? [] : [{ wrapper: 'cross-env', body: words(rest), env: added }];
};

/** `tool sub … -- cmd`, or without the dashes where the tool takes it so. */
const afterWords =
  (wrapper: string, sub: readonly string[], options: ReadonlySet<string>, operands = 0): Unwrap =>
  ({ args }) => {
    if (!sub.every((word, index) => args[index]?.text === word)) return [];
    const dashes = args.findIndex((word) => word.text === '--');
    const at = dashes === -1 ? firstOperand(args, options, sub.length) + operands : dashes + 1;
    return at >= args.length ? [] : [{ wrapper, body: words(args.slice(at)) }];
  };

const runners: Readonly<Record<string, Unwrap>> = {
  poetry: afterWords('poetry run', ['run'], setOf('-C -P')),
  pipenv: afterWords('pipenv run', ['run'], new Set()),
  uv: afterWords(
    'uv run',
    ['run'],
    setOf('--with --python -p --extra --group --directory --project --env-file'),
  ),
  pdm: afterWords('pdm run', ['run'], setOf('-p')),
  hatch: afterWords('hatch run', ['run'], new Set()),
  rye: afterWords('rye run', ['run'], new Set()),
  bundle: afterWords('bundle exec', ['exec'], new Set()),
  mise: afterWords('mise exec', ['exec'], new Set()),
  opam: afterWords('opam exec', ['exec'], new Set()),
  doppler: afterWords('doppler run', ['run'], setOf('-p -c -t')),
  infisical: afterWords('infisical run', ['run'], setOf('--env --path')),
  op: afterWords('op run', ['run'], setOf('--env-file --account')),
  'aws-vault': afterWords('aws-vault exec', ['exec'], setOf('-d -m -t'), 1),
  chamber: afterWords('chamber exec', ['exec'], new Set(), 1),
  conda: afterWords('conda run', ['run'], setOf('-n -p --name --prefix --cwd')),
  dotenvx: afterWords('dotenvx run', ['run'], setOf('-f -e')),
  'cross-env': crossEnv,
};

export const prefixTable: Readonly<Record<string, Unwrap>> = {
  ...Object.fromEntries(Object.entries(prefixes).map(([name, one]) => [name, prefixed(name, one)])),
  ...runners,
  sudo: become('sudo', sudoOptions),
  doas: become('doas', setOf('-u -C -a')),
  pkexec: become('pkexec', setOf('--user')),
  run0: become('run0', setOf('-u -g -D')),
  runuser: (command_, input) =>
    su(command_, input).length > 0
      ? su(command_, input)
      : become('runuser', setOf('-u -g -G'))(command_, input),
  gosu: prefixed('gosu', prefix(none, { operands: 1 })),
  'su-exec': prefixed('su-exec', prefix(none, { operands: 1 })),
  su,
  env,
  command,
  exec,
};
