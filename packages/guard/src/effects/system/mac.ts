import type { Describe, Table } from '../describe.ts';
import type { Effect } from '../effect.ts';
import { grammar } from './arguments.ts';
import { callOf } from './call.ts';
import { changes, destroys, inspects, reaches, spawns, unclear } from './make.ts';
import { tableOf, textOf } from './spec.ts';
import { describeVerbs } from './verbs.ts';

const keychainReads =
  /^(help|error|list-keychains|default-keychain|login-keychain|show-keychain-info|find-|verify-cert|cms|requirement-evaluate|translocate-|get-|smartcards|list-smartcards|policy-check|dump-trust-settings|leaks)/;

/** The keychain: secrets come out by `-w`, `-g`, `-d` or an export. */
const security: Describe = (command) => {
  const [verb, ...rest] = command.args
    .filter((word) => !/^-[ilqvRp]$/.test(word.text))
    .map((word) => word.text);
  if (command.args.some((word) => word.text === '-i'))
    return [unclear('text', 'takes its commands from its input')];
  if (verb === undefined || rest.includes('-h')) return [];
  const shows = rest.some((text) => /^-[wg]$|^-\w*[wg]$/.test(text));
  const kept = (change: 'read' | 'write' | 'destroy'): Effect => ({
    type: 'credential',
    change,
    what: `security ${verb}`,
  });
  if (verb === 'dump-keychain') return rest.includes('-d') ? [kept('read')] : [];
  if (/^find-(generic|internet)-password$/.test(verb)) return shows ? [kept('read')] : [];
  if (keychainReads.test(verb))
    return rest.includes('-s') && /^(list|default|login)-/.test(verb) ? [kept('write')] : [];
  if (/^(export|unlock-keychain)/.test(verb)) return [kept('read')];
  if (verb.startsWith('delete')) return [kept('destroy')];
  if (/^(authorizationdb|authorize|execute-with-privileges|add-trusted-cert|trust-settings)/.test(verb))
    return [changes('privilege', `security ${verb}`)];
  return [kept('write')];
};

const dscl: Describe = (command) => {
  const [, action] = command.args
    .filter((word) => !/^-(u|P|p|f|raw|plist|url|q)$/.test(word.text))
    .map((word) => word.text.replace(/^-/, ''));
  if (action === undefined || /^(list|read|readall|readpl|search|diff|cd|auth|authonly)/.test(action))
    return [];
  return [
    /^delete/.test(action)
      ? destroys('account', `dscl ${textOf(command.args)}`)
      : changes('account', `dscl ${textOf(command.args)}`),
  ];
};

const osascript: Describe = (command, context) => {
  const call = callOf(command, context, grammar({ values: '-e -l -s' }));
  const code = call.values('-e');
  const foreign = call.values('-l').some((word) => word.text !== 'AppleScript');
  const [file] = call.operands;
  const { stdin } = command;
  const given = stdin.type === 'text' && code.length === 0 && !file ? [stdin.text] : code;
  if (foreign && given.length > 0) return [unclear('code', 'runs a script given as text')];
  return [
    ...given.flatMap((word) => context.code('applescript', word, command)),
    ...(file && code.length === 0
      ? [scriptRun(file.text, context.path(file, command).place === 'workspace')]
      : []),
  ];
};

const scriptRun = (program: string, own: boolean): Effect => ({
  type: 'run',
  program,
  origin: own ? 'project' : 'unknown',
  what: `runs the script ${program}`,
});

/** Opening an address shows it; opening a program runs it. */
const open: Describe = (command, context) => {
  const call = callOf(
    command,
    context,
    grammar({ values: '-a -b -i -o --env --args --stdin --stdout --stderr' }),
  );
  return call.operands.flatMap((word): readonly Effect[] => {
    if (/^https?:/i.test(word.text)) return [reaches('fetch', word.text, `shows ${word.text}`)];
    if (
      /\.(app|command|tool|sh|pkg|scpt|workflow|desktop|exe|terminal)\/?$/i.test(word.text) ||
      /^[a-z-]+:/i.test(word.text)
    )
      return [spawns(word.text, 'opens a program')];
    return call.read([word]);
  });
};

const networksetup: Describe = (command) => {
  const [verb] = command.args.map((word) => word.text.replace(/^-/, ''));
  if (verb === undefined || /^(get|list|show|print|is|version|help)/.test(verb)) return [];
  return [changes('config', `networksetup ${textOf(command.args)}`)];
};

const defaultsTool: Describe = (command) => {
  const [verb] = command.args
    .filter((word) => !/^-(currentHost|host)$/.test(word.text))
    .map((word) => word.text);
  if (verb === undefined || /^(read|read-type|find|domains|help|export)$/.test(verb)) return [];
  return [changes('config', `defaults ${textOf(command.args)}`)];
};

const scutil: Describe = (command) => {
  const acts = command.args.some((word) =>
    /^--(set|renew|nc|prefs|start|stop|allow|enable|disable)/.test(word.text),
  );
  if (acts) return [changes('config', `scutil ${textOf(command.args)}`)];
  return command.args.length === 0 && command.stdin.type !== 'none'
    ? [unclear('text', 'takes its commands from its input')]
    : [];
};

const plutil: Describe = (command, context) => {
  const call = callOf(
    command,
    context,
    grammar({ values: '-o -e -convert -extract -replace -insert -remove -type -expect', single: true }),
  );
  const files = call.operands.slice(-1);
  if (call.has('-convert', '-replace', '-insert', '-remove', '-create'))
    return call.has('-o') ? call.write(call.values('-o')) : call.write(files, 'edit');
  return call.read(files);
};

const codesign: Describe = (command, context) => {
  const call = callOf(
    command,
    context,
    grammar({ values: '-s -i -o -r --sign --entitlements --options --keychain --timestamp --identifier' }),
  );
  return call.has('-s', '--sign', '--remove-signature')
    ? call.write(call.operands, 'edit')
    : call.read(call.operands);
};

const profiles: Describe = (command) => {
  const [verb] = command.args.map((word) => word.text.replace(/^-/, ''));
  if (verb === undefined || /^(list|show|status|validate|help|version|L|P|C|H|v)/.test(verb)) return [];
  return [changes('defense', `profiles ${textOf(command.args)}`)];
};

const plistBuddy: Describe = (command, context) => {
  const call = callOf(command, context, grammar({ values: '-c' }));
  const looks =
    call.values('-c').length > 0 && call.values('-c').every((word) => /^\s*print/i.test(word.text));
  return looks ? call.read(call.operands) : call.write(call.operands, 'edit');
};

const gioVerb: Describe = (command, context) => {
  const [verb, ...args] = command.args;
  const inner = { ...command, args };
  if (verb?.text === 'open') return open(inner, context);
  if (verb?.text === 'trash') return trash(inner, context);
  const call = callOf(inner, context, grammar({}));
  if (verb?.text === 'remove') return call.remove(call.operands, { recursive: false });
  return /^(copy|save|set|move|rename|mkdir)$/.test(verb?.text ?? '')
    ? call.write(call.operands.slice(-1))
    : call.read(call.operands);
};

/** Programs of macOS. */
export const mac: Table = {
  ...tableOf({
    pbcopy: {},
    pbpaste: {},
    say: { reads: '-f', writes: '-o' },
    screencapture: {
      operands: 'write',
      values: '-T -t -R -l -D',
      always: [inspects('config', 'takes a picture of the screen')],
    },
    softwareupdate: { preview: '-l --list --history', always: [changes('config', 'changes the system')] },
    pkgutil: {
      when: {
        '--forget': destroys('config', 'forgets a package'),
        '--expand --flatten': changes('config', 'unpacks a package'),
      },
    },
    lsregister: { always: [changes('config', 'registers programs')] },
    lipo: {
      operands: 'read',
      values: '-arch -extract -remove -thin -replace -verify_arch',
      writes: '-output -o',
      single: true,
    },
    textutil: {
      operands: 'read',
      values: '-convert -format -extension -encoding -fontname',
      writes: '-output',
      single: true,
    },
    mdimport: { when: { '-r': changes('config', 'indexes anew') } },
    mdutil: { preview: '-s', always: [changes('config', 'changes the index of the disk')] },
    ditto: { operands: 'lastWrite', values: '--arch --bom' },
    binhex: {},
    applesingle: {},
    macbinary: {},
    SetFile: { operands: 'edit', values: '-a -t -c -d -m' },
    nvram: { preview: '-p -x', when: { '-c -d': destroys('config', 'clears settings of the machine') } },
    pmset: { preview: '-g', always: [changes('config', 'changes how the machine sleeps')] },
    bless: { preview: '--info', always: [changes('config', 'changes what the machine starts')] },
    systemsetup: { always: [changes('config', 'changes the system')] },
    kextload: { always: [changes('kernel', 'loads a module into the kernel')] },
    kextunload: { always: [changes('kernel', 'removes a module of the kernel')] },
    dscacheutil: { when: { '-flushcache': changes('config', 'empties the cache of names') }, single: true },
    purge: { always: [changes('resource', 'empties the memory of the disk')] },
    iconutil: { operands: 'read', values: '-c', writes: '-o' },
    asr: { always: [destroys('disk', 'restores a disk')] },
    installer: { always: [changes('config', 'installs a package')] },
    xip: { operands: 'read' },
  }),
  tmutil: describeVerbs({
    part: 'disk',
    reads:
      'listbackups latestbackup list* compare calculatedrift destinationinfo isexcluded machinedirectory status uniquesize verifychecksums currentphase version help',
    destroys: 'delete* disable inheritbackup removedestination deletelocalsnapshots thinlocalsnapshots',
  }),
  launchctl: describeVerbs({
    part: 'schedule',
    reads:
      'list print print-* blame dumpstate examine procinfo hostinfo managername manageruid managerpid resolveport limit-read variant error help version getenv uptime',
    destroys: 'bootout remove unload stop kill disable reboot',
  }),
  defaults: defaultsTool,
  open,
  'xdg-open': open,
  gio: gioVerb,
  security,
  dscl,
  osascript,
  networksetup,
  scutil,
  plutil,
  codesign,
  profiles,
  PlistBuddy: plistBuddy,
};

const trash: Describe = (command, context) => {
  const call = callOf(command, context, grammar({}));
  if (call.has('--empty')) return [destroys('disk', 'empties the trash')];
  return call.operands.map((word) => ({
    type: 'move',
    from: context.path(word, command),
    to: context.path({ ...word, text: `${context.home}/.local/share/Trash/files` }, command),
  }));
};

/** Programs that put files into the trash, from where they can be taken back. */
export const trashes: Table = {
  trash,
  'trash-put': trash,
  'gvfs-trash': trash,
  rmtrash: trash,
  'trash-list': () => [],
  'trash-restore': () => [],
  'restore-trash': () => [],
  'trash-empty': () => [destroys('disk', 'empties the trash')],
  'trash-rm': () => [destroys('disk', 'removes files from the trash')],
};
