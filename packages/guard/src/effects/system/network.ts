import { hole } from '../../shell/command.ts';
import type { Describe, Table } from '../describe.ts';
import type { Effect } from '../effect.ts';
import { grammar } from './arguments.ts';
import { callOf } from './call.ts';
import { changes, destroys, reaches, spawns } from './make.ts';
import { forAll, type Spec, tableOf, textOf } from './spec.ts';
import { describeVerbs } from './verbs.ts';

const ipReads = /^(s|sh|sho|show|l|ls|list|lst|get|save|monitor|help|identify|pids)$/;

/** `ip [options] object [verb …]`; without a verb it lists. */
const ip: Describe = (command, context) => {
  const call = callOf(command, context, grammar({ values: '-n -f -b -netns -family -batch', single: true }));
  if (call.has('-b', '-batch')) return [changes('config', 'changes the network as a file says')];
  const [object, verb, ...rest] = call.operands;
  if (object?.text.startsWith('netns') && verb?.text === 'exec')
    return [
      spawns(textOf(rest.slice(call.has('-a', '-all') ? 0 : 1)), 'ip runs a program in another network'),
    ];
  if (object?.text === 'vrf' && verb?.text === 'exec')
    return [spawns(textOf(rest.slice(1)), 'ip runs a program in another network')];
  if (!object || /^(mo|mon|monitor|help)/.test(object.text) || !verb || ipReads.test(verb.text)) return [];
  return [changes('config', `ip ${textOf(call.operands)}`)];
};

const interfaces: Describe = (command, context) => {
  const call = callOf(command, context, grammar({ values: '-X', single: true }));
  return call.operands.length > 1 &&
    !/^(inet6?|ether)$/.test(call.operands[1]!.text + (call.operands.length > 2 ? 'set' : ''))
    ? [changes('config', `${command.name} ${textOf(call.operands)}`)]
    : [];
};

const route: Describe = (command) =>
  command.args.some((word) => /^(add|del|delete|change|flush|append|replace)$/.test(word.text))
    ? [changes('config', `route ${textOf(command.args)}`)]
    : [];

const recordType =
  /^(A|AAAA|MX|TXT|NS|SOA|ANY|CNAME|PTR|SRV|CAA|DS|DNSKEY|NAPTR|TLSA|HTTPS|AXFR|IXFR)(=\d+)?$/i;

/** A question to a name server may carry what it asks for out: `$(cat secret).example.com`. */
const lookup: Describe = (command, context) => {
  const call = callOf(command, context, grammar({ values: '-p -t -c -b -k -y -q -x -W -R -N -f' }));
  const words = call.operands.filter((word) => !/^[+@]/.test(word.text));
  const names = words.filter((word) => !recordType.test(word.text));
  const carried = names.some((word) => word.text.includes(hole) && /\uFFFC\.\w/.test(word.text));
  const transfer = command.args.some((word) => /^[ai]xfr/i.test(word.text));
  const what = `asks for the name ${textOf(names)}`;
  return [
    ...call.read(call.values('-f')),
    ...(transfer ? [reaches('fetch', names[0]?.text ?? null, 'fetches a whole zone')] : []),
    ...(carried ? [reaches('send', null, what, 'unknown')] : []),
    ...(names.length > 0 && !transfer && !carried
      ? [reaches('query', names[0]!.known ? names[0]!.text : 'a name server', what)]
      : []),
  ];
};

const ping: Describe = (command, context) => {
  const call = callOf(
    command,
    context,
    grammar({ values: '-c -i -W -w -s -t -I -p -Q -S -l -m -M -T -f -q -d', flags: '--tcp' }),
  );
  const host = call.operands[0];
  const patterned = call.values('-p').some((word) => !word.known);
  const file =
    command.name?.startsWith('hping') &&
    command.args.some((word) => /^(-E|--file|-d|--data)$/.test(word.text));
  if (!host) return [];
  return [
    reaches(
      patterned || file ? 'send' : 'query',
      host.text,
      `asks ${host.text}`,
      patterned ? 'unknown' : file ? 'file' : undefined,
    ),
  ];
};

const scan: Describe = (command, context) => {
  const call = callOf(
    command,
    context,
    grammar({
      values:
        '-p -iL -oN -oX -oG -oA -D -S -e -g -T -script -rate -exclude -excludefile --script --script-args --script-args-file --rate --datadir -i -o -u -P -w -t -H',
      single: true,
    }),
  );
  const host = call.operands[0]?.text ?? null;
  return [
    ...call.read(call.values('-iL', '-excludefile')),
    ...call.write(call.values('-oN', '-oX', '-oG', '-oA', '-o')),
    ...call
      .values('--script', '-script')
      .filter((word) => /[/.\uFFFC]/.test(word.text))
      .map((word) => spawns(word.text, 'nmap runs a script')),
    ...(call.has('--interactive') ? [spawns('sh', 'nmap takes commands')] : []),
    ...(host || call.has('-iL') ? [reaches('query', host, `scans ${host ?? 'many machines'}`)] : []),
  ];
};

const capture: Describe = (command, context) => {
  const call = callOf(
    command,
    context,
    grammar({
      values: '-i -c -w -r -s -C -G -W -z -Z -Y -f -T -e -E -y -F -M -m -B -V -d -b -a -R -o -k -X -l',
      flags: '--list-interfaces',
    }),
  );
  if (call.has('-D', '--list-interfaces')) return [];
  const reading = call.values('-r');
  const rotation =
    command.name === 'tcpdump'
      ? call.values('-z').map((word) => spawns(word.text, 'tcpdump runs a program for each file'))
      : [];
  const scripts = call
    .values('-X')
    .filter((word) => /lua_script/.test(word.text))
    .map((word) => spawns(word.text, 'loads a script'));
  const effects: readonly Effect[] =
    reading.length > 0
      ? call.read(reading)
      : [
          {
            type: 'system',
            part: 'privilege',
            change: 'change',
            what: 'listens to the network of this machine',
          },
        ];
  return [...rotation, ...scripts, ...effects, ...call.write(call.values('-w'))];
};

const specs: Readonly<Record<string, Spec>> = {
  traceroute: { operands: 'host', values: '-m -p -q -w -i -s -f -I' },
  traceroute6: { operands: 'host', values: '-m -p -q -w' },
  tracepath: { operands: 'host', values: '-m -p -l' },
  mtr: { operands: 'host', values: '-c -i -s -P' },
  whois: {
    operands: 'host',
    values: '-h -p',
    when: { '-h --host': reaches('send', null, 'asks a server of its own choice', 'text') },
  },
  'ssh-keyscan': { operands: 'host', values: '-p -t -T -f' },
  nbtscan: { operands: 'host' },
  iperf: { always: [reaches('query', null, 'measures a connection')] },
  iperf3: { values: '-c', always: [reaches('query', null, 'measures a connection')] },
  ab: {
    operands: 'host',
    values: '-n -c -t -H -T -C -A -m',
    reads: '-p -u',
    when: { '-p -u': reaches('send', null, 'sends a file', 'file') },
  },
  wrk: { operands: 'host', values: '-t -c -d -H', spawns: '-s --script' },
  hey: { operands: 'host', values: '-n -c -z -m -H -d' },
  siege: { operands: 'host', values: '-c -t -r' },
  dhclient: { spawns: '-sf', single: true, always: [changes('config', 'asks for an address')] },
  dhcpcd: { spawns: '-c', always: [changes('config', 'asks for an address')] },
  ifup: { always: [changes('config', 'brings a network up')] },
  ifdown: { always: [changes('config', 'takes a network down')] },
  iwconfig: {},
  tc: { when: {} },
  brctl: { always: [changes('config', 'changes a bridge of networks')] },
  nsupdate: {
    reads: '-k',
    operands: 'read',
    always: [reaches('send', null, 'changes a name server', 'text')],
  },
  openvpn: {
    reads: '--config',
    spawns:
      '--up --down --plugin --tls-verify --ipchange --route-up --auth-user-pass-verify --client-connect --script-security',
    operands: 'read',
    always: [changes('config', 'opens a private network')],
  },
  wg: { preview: 'show', always: [] },
  'wg-quick': { always: [changes('config', 'opens a private network')] },
  dnsmasq: {
    spawns: '-C --conf-file --conf-script --dhcp-script',
    always: [reaches('listen', null, 'serves names')],
  },
  rpcclient: { operands: 'host' },
  snmpwalk: { operands: 'none', always: [reaches('query', null, 'asks a device')] },
  snmpget: { operands: 'none', always: [reaches('query', null, 'asks a device')] },
  ldapsearch: { always: [reaches('query', null, 'asks a directory')] },
  ldapmodify: { always: [reaches('send', null, 'changes a directory', 'text')] },
  ldapdelete: {
    always: [{ type: 'remote', system: 'service', change: 'destroy', what: 'deletes from a directory' }],
  },
  sqlmap: { always: [reaches('send', null, 'attacks a database', 'text')] },
  rfkill: { preview: 'list', always: [changes('config', 'switches radios')] },
};

/** `nginx -c file`, `-g directives`: a server that is set up by its arguments. */
const server: Describe = (command, context) => {
  const call = callOf(command, context, grammar({ values: '-c -g -f -C -p -s -e -k -d' }));
  if (call.has('-t', '-T', '-v', '-V', '-S', '-M')) return [];
  const order = call.values('-s', '-k')[0]?.text;
  const given = call
    .values('-c', '-g', '-f', '-C')
    .map((word) => spawns(word.text, 'a web server runs as it is told'));
  if (order === 'stop' || order === 'quit') return [destroys('service', 'stops a web server')];
  return order === undefined ? [...given, changes('service', 'starts a web server')] : given;
};

/** `finger text@host` carries the text there. */
const finger: Describe = (command) =>
  command.args
    .filter((word) => word.text.includes('@'))
    .map((word) => reaches('send', word.text, `asks ${word.text}`, 'text'));

/** The network of this machine, and questions to others. */
export const network: Table = {
  ...forAll('dig nslookup host drill kdig delv', lookup),
  ...forAll('ping ping6 fping arping hping3 hping nping', ping),
  ...forAll('nmap masscan zmap rustscan nikto gobuster ffuf dirb', scan),
  ...forAll('tcpdump tshark dumpcap wireshark ngrep tcpflow termshark', capture),
  ...tableOf(specs),
  ...forAll('nginx httpd apachectl apache2ctl', server),
  finger,
  ip,
  ifconfig: interfaces,
  route,
  nmcli: describeVerbs({
    part: 'config',
    values: '-f -g -m -c --fields --get-values --mode',
    object: true,
    reads: 'show status list permissions hostname-read logging connectivity monitor',
    destroys: 'delete',
  }),
  networkctl: describeVerbs({ part: 'config', reads: 'list status lldp label cat' }),
  wg: describeVerbs({ part: 'config', reads: 'show showconf genkey genpsk pubkey' }),
  tc: describeVerbs({ part: 'config', object: true, reads: 'show list ls' }),
  iw: (command) =>
    command.args.some((word) => /^(set|add|del|connect|disconnect|join|leave)$/.test(word.text))
      ? [changes('config', 'changes a radio')]
      : [],
};
