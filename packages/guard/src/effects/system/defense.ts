import type { Describe, Table } from '../describe.ts';
import type { Effect } from '../effect.ts';
import { changes, destroys } from './make.ts';
import { describeBy, forAll, textOf } from './spec.ts';
import { describeVerbs } from './verbs.ts';

const weaker = (command: Parameters<Describe>[0]): readonly Effect[] => [
  changes('defense', `${command.name} ${textOf(command.args)}`.trim()),
];

/** A look at rules: `-L`, `-S`, `--list`, never beside a change. */
const packetFilter: Describe = (command) => {
  const texts = command.args.map((word) => word.text);
  const shows = texts.some((text) => /^(-[LSC][a-zA-Z]*|-[nv]+L[nv]*|--list(-rules)?|--check)$/.test(text));
  const acts = texts.some((text) =>
    /^(-[ADIRFZNXPE]|--(append|delete|insert|replace|flush|zero|new-chain|delete-chain|policy|rename-chain))$/.test(
      text,
    ),
  );
  if (texts.length === 0 || (shows && !acts)) return [];
  return texts.some((text) => /^(-F|--flush|-X|--delete-chain)$/.test(text))
    ? [destroys('defense', 'clears the firewall')]
    : weaker(command);
};

const nft: Describe = (command) => {
  const words = command.args.filter((word) => !word.text.startsWith('-')).map((word) => word.text);
  const checks = command.args.some((word) => /^(-c|--check)$/.test(word.text));
  if (checks || words.length === 0 || /^(list|describe|monitor|export)\b/.test(words[0]!))
    return command.args.some((word) => word.text === '-f') && !checks ? weaker(command) : [];
  return /^(flush|delete|destroy|reset)\b/.test(words[0]!)
    ? [destroys('defense', 'clears the firewall')]
    : weaker(command);
};

const firewallCmd: Describe = (command) => {
  const acts = command.args.some((word) =>
    /^--(add|remove|set|change|delete|new|load|reload|complete-reload|runtime-to|reset|panic-on|panic-off|lockdown|permanent$)/.test(
      word.text,
    ),
  );
  return acts ? weaker(command) : [];
};

const packetFilter4: Describe = (command) => {
  const texts = command.args.map((word) => word.text);
  const changed = texts.some((text) => /^-[a-zA-Z]*[dFfkKE]/.test(text) && !/^-s/.test(text));
  return changed ? weaker(command) : [];
};

const saves: Describe = () => [];

/** Firewalls, access control and what watches over the machine. */
export const defense: Table = {
  ...forAll('iptables ip6tables arptables ebtables iptables-legacy iptables-nft ip6tables-nft', packetFilter),
  ...forAll(
    'iptables-save ip6tables-save sestatus getenforce getsebool aa-enabled aa-status apparmor_status seinfo sesearch ls-selinux',
    saves,
  ),
  ...forAll(
    'iptables-restore ip6tables-restore setenforce setsebool semanage semodule restorecon chcon fixfiles aa-disable aa-complain aa-teardown aa-remove-unknown apparmor_parser aa-enforce ' +
      'csrutil auditd-stop augenrules pam-auth-update authselect update-crypto-policies tripwire aide freshclam clamconf mokutil',
    weaker,
  ),
  nft,
  'firewall-cmd': firewallCmd,
  pfctl: packetFilter4,
  ipset: describeVerbs({ part: 'defense', reads: 'list save test version', destroys: 'flush destroy' }),
  ufw: describeVerbs({ part: 'defense', reads: 'status show app version', destroys: 'disable reset' }),
  csrutil: describeVerbs({ part: 'defense', reads: 'status report', destroys: 'disable' }),
  spctl: (command) =>
    command.args.some((word) => /^(--status|--assess|-a|--list|--test-devid-status)$/.test(word.text))
      ? []
      : weaker(command),
  socketfilterfw: (command) =>
    command.args.every((word) => /^--(get|list|help)/.test(word.text)) ? [] : weaker(command),
  'fail2ban-client': describeVerbs({
    part: 'defense',
    reads: 'status get ping version banned',
    destroys: 'stop unban',
  }),
  clamscan: describeBy({ operands: 'read', values: '-d -l', writes: '--log' }),
  'aa-exec': (command) => [
    ...weaker(command),
    {
      type: 'spawn',
      program: command.args.find((word) => !word.text.startsWith('-'))?.text ?? 'sh',
      what: 'runs a program under another profile',
    },
  ],
};
