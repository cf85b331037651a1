import type { Word } from '../../shell/command.ts';
import type { Describe, Table } from '../describe.ts';
import type { Effect } from '../effect.ts';
import { grammar } from './arguments.ts';
import { type Call, callOf } from './call.ts';
import { reaches, spawns, unclear } from './make.ts';
import { gravest, payloadOfFile, payloadOfInput } from './payload.ts';
import { sshOptions } from './sockets.ts';
import { changesNothing, forAll } from './spec.ts';

/** `host:path`, `user@host:path`, `scp://host/path`, `host::module`; a Windows drive is none. */
const isRemote = (word: Word): boolean =>
  /^(scp|sftp|rsync|ftp):\/\//.test(word.text) || /^(?![A-Za-z]:[\\/])[^/\s]+:/.test(word.text);

type Copy = { readonly call: Call; readonly sources: readonly Word[]; readonly target: Word };

/** Copies between machines, or within this one. */
const copyEffects = ({ call, sources, target }: Copy): readonly Effect[] => {
  const local = sources.filter((word) => !isRemote(word));
  const fetched = sources
    .filter(isRemote)
    .map((word) => reaches('fetch', word.text, `copies from ${word.text}`));
  if (!isRemote(target)) return [...fetched, ...call.read(local), ...call.write([target])];
  const payload = gravest(local.map((word) => payloadOfFile(call.path(word)))) ?? 'unknown';
  return [...fetched, ...call.read(local), reaches('send', target.text, `copies to ${target.text}`, payload)];
};

const scpGrammar = grammar({ values: '-c -D -F -i -J -l -o -P -S -X' });

const scp: Describe = (command, context) => {
  const call = callOf(command, context, scpGrammar);
  const target = call.operands.at(-1);
  return [
    ...sshOptions(call),
    ...call.values('-S', '-D').map((word) => spawns(word.text, 'scp runs the program given to it')),
    ...(target ? copyEffects({ call, sources: call.operands.slice(0, -1), target }) : []),
  ];
};

const rsyncGrammar = grammar({
  values:
    '-e --rsh --rsync-path -f --filter --exclude --include --exclude-from --include-from --files-from -T --temp-dir --backup-dir --suffix --partial-dir ' +
    '--log-file --log-file-format --password-file -M --remote-option --port --bwlimit --timeout --max-size --min-size --compare-dest --copy-dest --link-dest ' +
    '--out-format --chmod --chown --write-batch --read-batch --only-write-batch --block-size -B --config --address --max-delete --early-input --debug --info',
  flags:
    '--dry-run --list-only --delete --delete-before --delete-during --delete-delay --delete-after --delete-excluded --delete-missing-args ' +
    '--remove-source-files --archive --recursive --daemon --force --ignore-existing --existing --progress --partial --perms --owner --compress',
});
const deleting = [
  '--del',
  '--delete',
  '--delete-before',
  '--delete-during',
  '--delete-delay',
  '--delete-after',
  '--delete-excluded',
  '--delete-missing-args',
];

const rsync: Describe = (command, context) => {
  const call = callOf(command, context, rsyncGrammar);
  const target = call.operands.at(-1);
  const sources = call.operands.slice(0, -1);
  const spawned = [
    ...call.values('-e', '--rsh').filter((word) => !isPlainShell(word)),
    ...call.values('--rsync-path').filter((word) => !/^(sudo )?[\w/.-]*rsync$/.test(word.text)),
  ].map((word) => spawns(word.text, 'rsync runs the program given to it'));
  if (call.has('--daemon')) return [...spawned, reaches('listen', null, 'serves files')];
  const alone = call.operands.length === 1 && target;
  if (alone)
    return [
      ...spawned,
      isRemote(target) ? reaches('query', target.text, `lists ${target.text}`) : call.read([target]),
    ].flat();
  const effects = [
    ...spawned,
    ...call.read(call.values('--files-from', '--exclude-from', '--include-from', '--password-file')),
    ...call.write(call.values('--log-file', '--write-batch', '--only-write-batch')),
    ...(target ? copyEffects({ call, sources, target }) : []),
    ...(target && call.has(...deleting) ? deletionAt(call, target) : []),
    ...(call.has('--remove-source-files') ? sources.flatMap((word) => deletionAt(call, word)) : []),
  ];
  return call.has('-n', '--dry-run', '--list-only') ? effects.filter(changesNothing) : effects;
};

const deletionAt = (call: Call, word: Word): readonly Effect[] =>
  isRemote(word)
    ? [{ type: 'remote', system: 'service', change: 'destroy', what: `deletes files at ${word.text}` }]
    : call.remove([word], { recursive: true });

/** `ssh`, with a port, a key, a user at most. */
const isPlainShell = (word: Word): boolean =>
  /^(\S*\/)?ssh( +(-[46aAxqTCv]+|-[pil] *[\w@./~-]+|-o *(StrictHostKeyChecking|UserKnownHostsFile|ConnectTimeout|Port|IdentityFile|BatchMode)[= ][\w./~-]+))*$/.test(
    word.text,
  );

const batchGrammar = grammar({ values: '-a -B -b -c -D -F -i -J -l -o -P -R -S -s -f -e -u -p -n -X' });

/** Sessions whose commands come from a file or their input. */
const transferSession: Describe = (command, context) => {
  const call = callOf(command, context, batchGrammar);
  const host = call.operands[0];
  const batch = call.values(...(command.name === 'sftp' ? ['-b'] : ['-f']));
  const commands = command.name === 'lftp' ? call.values('-c', '-e') : [];
  return [
    ...(command.name === 'sftp' ? sshOptions(call) : []),
    ...call
      .values(...(command.name === 'sftp' ? ['-S', '-D'] : []))
      .map((word) => spawns(word.text, 'sftp runs a program')),
    ...call.read(batch),
    ...commands
      .filter((word) => word.text.includes('!'))
      .map((word) => spawns(word.text, 'lftp runs a command')),
    ...(batch.length + commands.length > 0 ? [unclear('text', 'takes its commands from a script')] : []),
    ...(host
      ? [
          reaches(
            payloadOfInput(call) ? 'send' : 'shell',
            host.text,
            `opens a session at ${host.text}`,
            payloadOfInput(call),
          ),
        ]
      : []),
  ];
};

const smbGrammar = grammar({ values: '-U -c -I -p -W -N --command --user', flags: '--grepable' });

const smb: Describe = (command, context) => {
  const call = callOf(command, context, smbGrammar);
  const commands = call.values('-c', '--command');
  const host = call.operands[0]?.text.replace(/^[\\/]+/, '');
  const runs = commands.filter((word) => word.text.includes('!'));
  const puts = commands.some((word) => /\b(m?put|del|rm|rd|rmdir|rename)\b/.test(word.text));
  return [
    ...runs.map((word) => spawns(word.text, 'smbclient runs a command')),
    ...(host
      ? [
          reaches(
            puts ? 'send' : commands.length > 0 ? 'fetch' : 'shell',
            host,
            `opens a share of ${host}`,
            puts ? 'file' : undefined,
          ),
        ]
      : []),
  ];
};

/** Programs that copy files between machines. */
export const remoteCopy: Table = {
  scp,
  rsync,
  ...forAll('sftp ftp lftp tnftp pftp tftp ncftp', transferSession),
  smbclient: smb,
};
