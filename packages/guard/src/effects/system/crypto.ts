import type { Describe, Table } from '../describe.ts';
import type { Effect } from '../effect.ts';
import { grammar, wordWith } from './arguments.ts';
import { type Call, callOf } from './call.ts';
import { changes, reaches, spawns } from './make.ts';
import { payloadOfInput, pipedWithShell } from './payload.ts';
import { tableOf } from './spec.ts';

const reads = [
  '-in',
  '-key',
  '-inkey',
  '-CA',
  '-CAkey',
  '-CAfile',
  '-cert',
  '-certfile',
  '-config',
  '-extfile',
  '-signature',
  '-verify',
  '-sign',
  '-infiles',
  '-kfile',
  '-untrusted',
  '-trusted',
  '-content',
  '-rand',
];
const writes = [
  '-out',
  '-keyout',
  '-writerand',
  '-CAserial',
  '-keylogfile',
  '-sess_out',
  '-msgfile',
  '-certout',
  '-outdir',
  '-signer-out',
];
const opensslGrammar = grammar({
  values: [
    ...reads,
    ...writes,
    '-engine -provider-path -connect -host -port -servername -starttls -accept -proxy -passin -passout -pass -k -K -iv -S -iter -md -days -subj -newkey -name -set_serial -addext -inform -outform -purpose -nameopt -extensions -cipher -ciphersuites -curves -groups -algorithm -pkeyopt -macopt -hmac -provider -propquery -verify_hostname -verify_depth -alpn',
  ].join(' '),
  single: true,
});

const openssl: Describe = (command, context) => {
  const [verb, ...rest] = command.args;
  if (!verb) return command.stdin.type === 'none' ? [] : null;
  const call = callOf({ ...command, args: rest }, context, opensslGrammar);
  const loads = [
    ...call.values('-engine', '-provider-path'),
    ...call.values('-provider').filter((word) => /[/\\.\uFFFC]/.test(word.text)),
    ...(verb.text === 'engine' ? call.operands : []),
  ];
  return [
    ...loads.map((word) => spawns(word.text, 'openssl loads a library')),
    ...call.read(call.values(...reads)),
    ...call.write(call.values(...writes)),
    ...(verb.text === 's_client' ? tlsConnection(call) : []),
    ...(verb.text === 's_server' || verb.text === 'ocsp'
      ? [reaches(verb.text === 'ocsp' ? 'query' : 'listen', null, `openssl ${verb.text}`)]
      : []),
    ...(['dgst', 'pkeyutl', 'x509', 'verify', 'sha256', 'md5', 'sha1', 'sha512'].includes(verb.text)
      ? call.read(call.operands)
      : []),
  ];
};

const tlsConnection = (call: Call): readonly Effect[] => {
  const host = call.values('-connect', '-host')[0] ?? call.operands[0];
  const input = payloadOfInput(call);
  // `</dev/null` and `echo |` only end the connection.
  const ends = input === undefined || endsAtOnce(call);
  return [
    ...(pipedWithShell(call.command)
      ? [{ type: 'reverseShell', what: 'openssl joins a shell and the network' } as const]
      : []),
    ...(host
      ? [
          ends
            ? reaches('query', host.text, `looks at ${host.text}`)
            : reaches('send', host.text, `sends to ${host.text}`, input),
        ]
      : []),
  ];
};

const endsAtOnce = (call: Call): boolean => {
  const { stdin } = call.command;
  if (stdin.type === 'file') return call.path(stdin.path).place === 'sink';
  if (stdin.type === 'pipe')
    return (
      /^(echo|true|:|printf)$/.test(stdin.from.name ?? '') &&
      stdin.from.args.every((word) => word.known && word.text.length < 8)
    );
  return stdin.type === 'text' && stdin.text.text.trim().length < 8;
};

const gpgGrammar = grammar({
  values:
    '-o --output -r --recipient -u --local-user --homedir --passphrase --passphrase-file --keyserver --default-key --keyring --recv-keys --send-keys --agent-program --photo-viewer --gpg-agent-info --pinentry-mode --cipher-algo --export-options --import-options --trust-model --status-fd --passphrase-fd --command-fd',
  flags:
    '--export --export-secret-keys --export-secret-subkeys --delete-keys --delete-secret-keys --delete-secret-and-public-key --import --encrypt --symmetric --decrypt --sign --clearsign --detach-sign --verify --list-keys --fingerprint --armor --gen-key --generate-key --full-generate-key --quick-generate-key --edit-key --refresh-keys --dearmor --batch',
});

const gpg: Describe = (command, context) => {
  const call = callOf(command, context, gpgGrammar);
  const key = (change: 'read' | 'write' | 'destroy', what: string): Effect => ({
    type: 'credential',
    change,
    what,
  });
  const out = call.values('-o', '--output');
  const [input] = call.operands;
  const encrypts = call.has(
    '-e',
    '--encrypt',
    '-c',
    '--symmetric',
    '-s',
    '--sign',
    '-b',
    '--detach-sign',
    '--clearsign',
    '--clear-sign',
    '-d-',
  );
  const names = call.options.map((option) => option.name);
  const any = (pattern: RegExp) => names.some((name) => pattern.test(name));
  return [
    ...call
      .values('--agent-program', '--photo-viewer')
      .map((word) => spawns(word.text, 'gpg runs a program')),
    ...call.write(out),
    ...(encrypts && input && out.length === 0
      ? call.write([wordWith(input, `${input.text}.gpg`)], 'create')
      : []),
    ...(any(/^--(gen|generate|full-gen|quick|edit|import|delete-keys$|sign-key|lsign)/)
      ? [key('write', 'changes the keys')]
      : []),
    ...(any(
      /^--(gen|full|quick|edit|delete|export|recv|send|search|fetch|refresh|list|fingerprint|sign-key|lsign)/,
    )
      ? []
      : call.read(call.operands)),
    ...(any(/^--export-secret/) ? [key('read', 'shows secret keys')] : []),
    ...(any(/^--delete-secret/) ? [key('destroy', 'deletes secret keys')] : []),
    ...(any(/^--(recv-keys|refresh-keys|search-keys|locate-keys|fetch-keys)/)
      ? [reaches('fetch', null, 'fetches keys')]
      : []),
    ...(any(/^--send-keys/) ? [reaches('send', null, 'publishes keys', 'text')] : []),
  ];
};

const keygenGrammar = grammar({
  values: '-b -C -t -f -N -P -m -O -E -a -D -F -R -H- -I -n -s -V -w -z -Y -Z -M -W',
});

const sshKeygen: Describe = (command, context) => {
  const call = callOf(command, context, keygenGrammar);
  const file = call.values('-f')[0];
  const loads = call.values('-D', '-w').map((word) => spawns(word.text, 'ssh-keygen loads a library'));
  if (call.has('-D')) return loads;
  const home = { ...command.program, text: `${context.home}/.ssh/id_ed25519`, known: true };
  if (call.has('-R', '-H')) {
    const known = file ?? wordWith(home, `${context.home}/.ssh/known_hosts`);
    const forgets = call.has('-R') ? [changes('defense', 'forgets the key of a machine')] : [];
    return [...call.write([known], 'edit'), ...forgets];
  }
  if (call.has('-l', '-y', '-e', '-F', '-B', '-L', '-Q'))
    return [...loads, ...(call.has('-y') && file ? call.read([file]) : [])];
  if (call.has('-Y')) return call.read(file ? [file] : []);
  return [
    ...loads,
    ...call.write([file ?? home]),
    { type: 'credential', change: 'write', what: 'makes a key' },
  ];
};

const sshAdd: Describe = (command, context) => {
  const call = callOf(command, context, grammar({ values: '-t -s -e -S -E -H -h -T' }));
  const key = (change: 'write' | 'destroy', what: string): Effect => ({ type: 'credential', change, what });
  if (call.has('-l', '-L', '-T')) return [];
  if (call.has('-D', '-d')) return [key('destroy', 'takes keys from the agent')];
  const loads = call.values('-s', '-S').map((word) => spawns(word.text, 'ssh-add loads a library'));
  return [...loads, ...call.read(call.operands), key('write', 'gives a key to the agent')];
};

const mailGrammar = grammar({
  values: '-s -a -A -c -b -r -S -f -F -e -H -i -R -X -t --attach --subject --to --exec',
  flags: '',
});

const mail: Describe = (command, context) => {
  const call = callOf(command, context, mailGrammar);
  const runs = [
    ...call.values('--exec').map((word) => word.text),
    ...(call.operands.some((word) => word.text.startsWith('!') || word.text.startsWith('|')) ? ['sh'] : []),
  ];
  const attached = command.name === 'sendmail' ? [] : call.values('-a', '-A', '--attach');
  return [
    ...runs.map((text) => spawns(text, 'mail runs a command')),
    ...call.read(attached),
    ...(call.operands.length > 0 || call.has('-t', '--to')
      ? [
          reaches(
            'send',
            call.operands[0]?.text.split('@')[1] ?? null,
            'sends a mail',
            attached.length > 0 ? 'file' : (payloadOfInput(call) ?? 'text'),
          ),
        ]
      : []),
  ];
};

const printing: Describe = (command, context) => {
  const call = callOf(command, context, grammar({ values: '-d -n -o -P -h -t -U -u -q -i -H -#' }));
  const host = call.values('-h')[0];
  return [
    ...call.read(call.operands),
    ...(host
      ? [reaches('send', host.text, `sends to the printer at ${host.text}`, 'file')]
      : [changes('config', 'gives work to a printer')]),
  ];
};

/** Keys, certificates, and programs that send mail or prints. */
export const crypto: Table = {
  ...tableOf({
    'gpg-agent': { operands: 'program' },
    gpgconf: { when: { '--kill --reload --launch': changes('process', 'ends or starts helpers of gpg') } },
    'age-keygen': { writes: '-o --output' },
    certtool: { reads: '--infile --load-privkey', writes: '--outfile', spawns: '--provider' },
    keytool: {
      values: '-alias -storepass -keypass -dname -keyalg -validity -providerclass',
      reads: '-file',
      writes: '-keystore -destkeystore',
      spawns: '-providerpath',
      single: true,
    },
    'pkcs11-tool': { spawns: '--module' },
  }),
  openssl,
  gpg,
  gpg2: gpg,
  'ssh-keygen': sshKeygen,
  'ssh-add': sshAdd,
  'secret-tool': (command) => [
    {
      type: 'credential',
      change:
        command.args[0]?.text === 'store' ? 'write' : command.args[0]?.text === 'clear' ? 'destroy' : 'read',
      what: 'uses the keyring',
    },
  ],
  mail,
  mailx: mail,
  sendmail: mail,
  mutt: mail,
  msmtp: mail,
  ssmtp: mail,
  swaks: mail,
  lp: printing,
  lpr: printing,
  cancel: printing,
  lprm: printing,
};
