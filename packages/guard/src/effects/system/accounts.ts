import type { Describe, Table } from '../describe.ts';
import { grammar } from './arguments.ts';
import { callOf } from './call.ts';
import { changes, destroys } from './make.ts';
import { describeBy, forAll, textOf } from './spec.ts';

const account: Describe = (command) => {
  const what = `${command.name} ${textOf(command.args)}`.trim();
  return [/del$|remove/.test(command.name ?? '') ? destroys('account', what) : changes('account', what)];
};

const passwd: Describe = (command) =>
  command.args.some((word) => /^(-S|--status|-Sa)$/.test(word.text))
    ? []
    : [changes('account', 'changes a password')];

/** Without a command these give a shell of another person. */
const becomes: Describe = (command) => [changes('privilege', `${command.name} acts as another person`)];

const sudo: Describe = (command, context) => {
  const call = callOf(
    command,
    context,
    grammar({ values: '-u -g -h -p -C -r -t -T -U -D', flags: '--list --validate --edit', stops: true }),
  );
  if (call.has('-l', '--list', '-K', '-k', '-V') && call.operands.length === 0) return [];
  if (call.has('-e', '--edit'))
    return [changes('privilege', 'edits as another person'), ...call.write(call.operands, 'edit')];
  return [changes('privilege', `${command.name} acts as another person`)];
};

const lastChanged: Describe = (command) =>
  command.args.some((word) => /^(-l|--list)$/.test(word.text))
    ? []
    : [changes('account', 'changes how long a password holds')];

const groupFile: Describe = (command) => [
  changes('account', `${command.name} ${textOf(command.args)}`.trim()),
];

/** People, groups and becoming another. */
export const accounts: Table = {
  ...forAll(
    'useradd adduser usermod userdel deluser groupadd addgroup groupmod groupdel delgroup chpasswd newusers chgpasswd chsh chfn gpasswd vipw vigr pwconv pwunconv grpconv sysadminctl dseditgroup pwpolicy dsenableroot',
    account,
  ),
  ...forAll(
    'su runuser doas pkexec ksu sg newgrp sux calife please gosu su-exec dzdo pbrun run0 machinectl-shell',
    becomes,
  ),
  ...forAll('visudo', (command) =>
    command.args.some((word) => /^(-c|--check)$/.test(word.text))
      ? []
      : [changes('privilege', 'edits who may act as root')],
  ),
  ...forAll(
    'ssh-copy-id',
    describeBy({
      always: [
        changes('account', 'lets a key log in at another machine'),
        { type: 'reach', host: null, how: 'send', local: false, what: 'puts a key on another machine' },
      ],
      preview: '-n',
      values: '-i -p -o -F',
    }),
  ),
  ...forAll('faillock pam_tally2 pwhistory_helper', groupFile),
  passwd,
  sudo,
  sudoedit: (command, context) => [
    changes('privilege', 'edits as another person'),
    ...callOf(command, context, grammar({ values: '-u -g' })).operands.map((word) => ({
      type: 'write' as const,
      path: context.path(word, command),
      how: 'edit' as const,
    })),
  ],
  chage: lastChanged,
  realm: (command) =>
    command.args[0]?.text === 'list' || command.args[0]?.text === 'discover'
      ? []
      : [changes('account', 'joins or leaves a domain')],
};
