import type { Describe, Table } from '../describe.ts';
import type { Effect } from '../effect.ts';
import { grammar, wordWith } from './arguments.ts';
import { type Call, callOf } from './call.ts';
import { reaches, spawns } from './make.ts';
import { isShell, payloadOfInput, pipedWithShell } from './payload.ts';
import { forAll } from './spec.ts';

const netcatGrammar = grammar({
  values:
    '-e -c -p -s -w -i -q -g -G -o -x -X -T -I -O -m -d --exec --sh-exec --lua-exec --source --source-port --wait --idle-timeout --proxy --proxy-type --output --ssl-cert --ssl-key --allow --deny',
  flags: '--listen --ssl --udp --keep-open --sctp',
});

/** A bare connection: what it carries comes from its input and goes to its output. */
const netcat: Describe = (command, context) => {
  // Only `ncat` and the traditional `nc -c` take a value; `nc -d` takes none.
  const call = callOf(
    command,
    context,
    command.args.some((word) => word.text === '-d') ? detached : netcatGrammar,
  );
  const programs = call.values('-e', '-c', '--exec', '--sh-exec', '--lua-exec');
  const listens = call.has('-l', '--listen');
  const local = call.has('-U');
  const host = listens || local ? null : (call.operands[0]?.text ?? null);
  const shell = pipedWithShell(command) || programs.some((word) => isShellText(word.text));
  return [
    ...(shell ? [shellOverNetwork(`${command.name} joins a shell and the network`)] : []),
    ...programs.map((word) => spawns(word.text, `${command.name} runs a program for the other end`)),
    ...(listens ? [reaches('listen', null, 'waits for a connection', payloadOfInput(call))] : []),
    ...(host !== null && !listens ? [connection(call, host, call.has('-z'))] : []),
    ...(local ? [serviceSocket(call.operands[0]?.text ?? '', command.stdin.type !== 'none')] : []),
    ...call.write(call.values('-o', '--output')),
  ];
};

const detached = grammar({ values: '-e -c -p -s -w -i -q -x -X -T -I -O -m' });

const serviceSocket = (path: string, orders: boolean): Effect => ({
  type: 'remote',
  system: /docker|containerd|podman/.test(path) ? 'container' : 'service',
  change: orders ? 'run' : 'read',
  what: `speaks with the service at ${path}`,
});

/** Sends what comes in, or only asks. */
const connection = (call: Call, host: string, probing: boolean): Effect => {
  const payload = probing ? undefined : payloadOfInput(call);
  const how = payload ? 'send' : probing ? 'query' : 'fetch';
  return reaches(how, host, `${call.command.name} connects to ${host}`, payload);
};

const isShellText = (text: string): boolean =>
  isShell(/^\s*(?:\S*[\\/])?([\w.-]+?)(\.exe)?(?=\s|$)/i.exec(text)?.[1]?.toLowerCase() ?? null);

const shellOverNetwork = (what: string): Effect => ({ type: 'reverseShell', what });

/** `socat A B`: each side is `TYPE:parts,options`. */
const socat: Describe = (command, context) => {
  const call = callOf(command, context, grammar({ values: '-b -L -W -lf -lp -r -R -t -T', single: true }));
  const sides = call.operands.flatMap((word) => word.text.split('!!').map((text) => wordWith(word, text)));
  const parsed = sides.map((word) => ({ word, ...sideOf(word.text) }));
  const runs = parsed.filter((side) => /^(EXEC|SYSTEM|SHELL)$/.test(side.type));
  const nets = parsed.filter((side) => networkType.test(side.type));
  const files = parsed.filter((side) => /^(FILE|OPEN|GOPEN|CREATE|CREAT)$/.test(side.type));
  const sending = files.includes(parsed[0]!) ? 'file' : payloadOfInput(call);
  return [
    ...(nets.length > 0 && (runs.length > 0 || pipedWithShell(command))
      ? [shellOverNetwork('socat joins a program and the network')]
      : []),
    ...runs.map((side) => spawns(side.rest, 'socat runs a program')),
    ...nets.map((side) =>
      side.type.includes('LISTEN') || /RECV/.test(side.type)
        ? reaches('listen', null, 'socat waits for a connection')
        : reaches(
            sending ? 'send' : 'fetch',
            side.rest.replace(/^[A-Z]+:/, ''),
            `socat connects to ${side.rest}`,
            sending,
          ),
    ),
    ...parsed.filter(unixSocket).map((side) => serviceSocket(side.rest, sending !== undefined)),
    ...files.flatMap((side) => {
      const path = wordWith(side.word, side.rest.split(',')[0]!);
      return /creat|trunc|append|wronly/i.test(side.word.text) ? call.write([path]) : [...call.read([path])];
    }),
    ...call.write(call.values('-r', '-R', '-lf')),
  ];
};

/** A socket of a service on this machine, which takes orders there. */
const unixSocket = (side: { readonly type: string; readonly rest: string }): boolean =>
  /^(UNIX|LOCAL|ABSTRACT)/.test(side.type) || (side.type === 'GOPEN' && /\.sock(et)?$/.test(side.rest));

const networkType = /^(TCP|UDP|SCTP|DCCP|UDPLITE|OPENSSL|SSL|SOCKS|PROXY|VSOCK|IP\d?-SEND)/;

const sideOf = (text: string): { readonly type: string; readonly rest: string } => {
  const match = /^([A-Za-z0-9-]+)(?::(.*))?$/s.exec(text);
  if (!match) return { type: /^[./]/.test(text) ? 'GOPEN' : 'STDIO', rest: text };
  return { type: match[1]!.toUpperCase(), rest: match[2] ?? '' };
};

const telnet: Describe = (command, context) => {
  const call = callOf(command, context, grammar({ values: '-l -n -b -e -S -X -P -p -u -h -H -L -s -d' }));
  const host = call.operands[0]?.text;
  return [
    ...(pipedWithShell(command) ? [shellOverNetwork(`${command.name} joins a shell and the network`)] : []),
    ...(host ? [connection(call, host, false)] : []),
    ...call.write(call.values('-n')),
  ];
};

const sshGrammar = grammar({
  values: '-B -b -c -D -E -e -F -I -i -J -L -l -m -O -o -P -p -Q -R -S -W -w',
  flags: '--ssh --server --client --predict',
  stops: true,
});

/** What ssh does itself; the command at the other end is described apart. */
const ssh: Describe = (command, context) => {
  const call = callOf(command, context, sshGrammar);
  const host = call.operands[0];
  return [
    ...sshOptions(call),
    ...call.write(call.values('-E')),
    ...call.read(call.values('-i')),
    ...call
      .values('-R', '-L', '-D', '-w')
      .map((word) => reaches('listen', null, `opens the tunnel ${word.text}`)),
    ...(pipedWithShell(command) ? [shellOverNetwork('ssh joins a shell and the network')] : []),
    ...(host ? [reaches('shell', host.text, `logs in at ${host.text}`, payloadOfInput(call))] : []),
  ];
};

const runningOption =
  /^\s*(ProxyCommand|LocalCommand|KnownHostsCommand|PKCS11Provider|SecurityKeyProvider|XAuthLocation|Match|Include)\s*[= ]/i;

/** Options of the ssh family that run a program, load a library or read settings that may. */
export const sshOptions = (call: Call): readonly Effect[] => [
  ...call
    .values('-o')
    .filter((word) => runningOption.test(word.text) && !/[= ]none\s*$/i.test(word.text))
    .map((word) => spawns(word.text.replace(runningOption, ''), 'an option of ssh runs a program')),
  ...call
    .values('-F', '-I')
    .filter((word) => word.text !== '/dev/null' && word.text !== 'none')
    .map((word) => spawns(word.text, 'ssh takes its settings or a library from a file')),
  ...call.options
    .filter((option) => option.name === '--ssh' && option.value)
    .map((option) => spawns(option.value!.text, 'runs the program given as ssh')),
];

const tunnel: Describe = (command) => [
  {
    type: 'reach',
    host: null,
    how: 'listen',
    local: false,
    what: `${command.name} opens this machine to the network`,
  },
];

/** Only what opens this machine is told here. */
const tailscale: Describe = (command, context) =>
  /^(serve|funnel|drive|file|ssh|up|set)$/.test(command.args[0]?.text ?? '')
    ? tunnel(command, context)
    : null;

/** Programs that hold a connection open, to a port, a shell or a tunnel. */
export const sockets: Table = {
  ...forAll('nc ncat netcat nc.traditional nc.openbsd pwncat', netcat),
  ...forAll('telnet rlogin cu tn', telnet),
  ...forAll('ssh slogin mosh autossh rsh dbclient', ssh),
  ...forAll('ngrok lt localtunnel bore frpc chisel tmate sshuttle upterm serveo', tunnel),
  socat,
  tailscale,
};
