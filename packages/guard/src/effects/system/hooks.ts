import type { Describe, Table } from '../describe.ts';
import { grammar } from './arguments.ts';
import { callOf } from './call.ts';
import { innerText } from './inner.ts';
import { spawns } from './make.ts';
import { sshOptions } from './sockets.ts';
import { forAll, tableOf } from './spec.ts';

/** Macros of rpm run a program inside `%(…)`. */
const rpmMacros: Describe = (command, context) => {
  const call = callOf(
    command,
    context,
    grammar({ values: '-E -D --eval --define --pipe --qf --queryformat', flags: '--all' }),
  );
  const run = call
    .values('-E', '-D', '--eval', '--define', '--qf', '--queryformat')
    .filter((word) => word.text.includes('%('));
  return [...run, ...call.values('--pipe')].map((word) =>
    spawns(word.text.replace(/^.*%\(/, ''), 'rpm runs a program'),
  );
};

/** Every operand is a command. */
const commands: Describe = (command, context) =>
  command.args
    .filter((word) => !word.text.startsWith('-'))
    .flatMap((word) => innerText(word, { command, context }));

/** `csvtool call program file…` */
const csvtool: Describe = (command, context) => {
  const call = callOf(command, context, grammar({ values: '-t -u -o' }));
  const [verb, program, ...files] = call.operands;
  const written = call.write(call.values('-o'));
  if (verb?.text !== 'call' || !program) return [...written, ...call.read(call.operands.slice(1))];
  return [...written, ...innerText(program, { command, context }), ...call.read(files)];
};

const overSsh: Describe = (command, context) =>
  sshOptions(callOf(command, context, grammar({ values: '-o -H -C -i -l -p -t -F' })));

/** Programs of one trade that somewhere take a program, or a file of settings that names one. */
export const hooks: Table = {
  ...tableOf({
    zic: { operands: 'read', values: '-b -L -p -t', writes: '-d -l', spawns: '-y' },
    procmail: { operands: 'read', spawns: '-m' },
    runscript: { operands: 'program' },
    neofetch: { spawns: '--config', values: '--ascii_distro --backend' },
    fastfetch: { spawns: '-c --config', values: '-s --structure -l --logo' },
    perlbug: { spawns: '-e', values: '-s -r -c -f -b', always: [] },
    plymouth: { spawns: '--command', values: '--prompt' },
    easyrsa: { spawns: '--vars', values: '--pki-dir --batch' },
    check_ssl_cert: { spawns: '--grep-bin --curl-bin --openssl --file-bin', values: '-H -p' },
    dosbox: { spawns: '-c -conf', single: true },
    enscript: { operands: 'read', writes: '-o -p --output', values: '-f', filters: '-I --filter' },
    vipe: {},
    vidir: { operands: 'edit' },
  }),
  ...forAll('rpmdb rpmquery rpmverify rpmspec', rpmMacros),
  ...forAll('pee mispipe', commands),
  ...forAll('check_by_ssh check_log', overSsh),
  csvtool,
};
