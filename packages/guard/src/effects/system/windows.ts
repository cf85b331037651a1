import type { Word } from '../../shell/command.ts';
import type { Describe, Table } from '../describe.ts';
import type { Effect } from '../effect.ts';
import { grammar } from './arguments.ts';
import { callOf } from './call.ts';
import { webRequest } from './curl.ts';
import { innerEffects } from './inner.ts';
import { changes, destroys, reaches, spawns, unclear } from './make.ts';
import { forAll, tableOf, textOf } from './spec.ts';
import { describeVerbs } from './verbs.ts';

/** `/s`, `/q` are switches, and a word with more than one slash is a path. */
const isSwitch = (word: Word): boolean =>
  /^\/[a-z?]+(:.*)?$/i.test(word.text) &&
  !/^\/(usr|etc|bin|tmp|home|var|dev|opt|root|sbin|lib|mnt|boot|srv)$/.test(word.text);

const del: Describe = (command, context) => {
  const recursive = command.args.some((word) => /^\/s$/i.test(word.text));
  return command.args
    .filter((word) => !isSwitch(word))
    .map((word) => ({ type: 'delete', path: context.path(word, command), recursive }));
};

const psGrammar = grammar({
  values:
    '-Path -LiteralPath -Filter -Include -Exclude -Value -Destination -ItemType -Name -Encoding -Uri -Method -Body -OutFile -InFile -Headers -FilePath -ArgumentList -ScriptBlock -Command ' +
    '-Force- -ComputerName -Credential -Id -ProcessName -PropertyType -TypeName -Property -Scope -ExecutionPolicy',
  single: true,
});

/** A cmdlet whose first operand, or `-Path`, names files. */
const cmdlet =
  (effects: (paths: readonly Word[], call: ReturnType<typeof callOf>) => readonly Effect[]): Describe =>
  (command, context) => {
    // Parameters of PowerShell are not told apart by case.
    const args = command.args.map((word) =>
      /^-[a-z]+$/i.test(word.text) ? { ...word, text: canonical(word.text) } : word,
    );
    const call = callOf({ ...command, args }, context, psGrammar);
    return effects([...call.values('-Path', '-LiteralPath', '-FilePath'), ...call.operands], call);
  };

const canonical = (text: string): string =>
  [...psGrammar.values].find((name) => name.toLowerCase() === text.toLowerCase()) ?? text.toLowerCase();

const removeItem = cmdlet((paths, call) =>
  call.has('-whatif') ? [] : call.remove(paths, { recursive: call.has('-recurse', '-r', '-rec') }),
);
const setContent = cmdlet((paths, call) => call.write(paths.slice(0, 1)));
const addContent = cmdlet((paths, call) => call.write(paths.slice(0, 1), 'append'));
const getContent = cmdlet((paths, call) => call.read(paths));
const copyItem = cmdlet((paths, call) => [
  ...call.read(paths.slice(0, 1)),
  ...call.write([...call.values('-Destination'), ...paths.slice(1, 2)]),
]);
const moveItem = cmdlet((paths, call) => {
  const target = call.values('-Destination')[0] ?? paths[1];
  return target && paths[0] ? [{ type: 'move', from: call.path(paths[0]), to: call.path(target) }] : [];
});

const webCmdlet = cmdlet((_paths, call) => {
  const address = call.values('-Uri')[0] ?? call.operands[0];
  const body = call.values('-Body', '-InFile');
  const method = (call.values('-Method')[0]?.text ?? (body.length > 0 ? 'POST' : 'GET')).toUpperCase();
  const payload = call.values('-InFile').length > 0 ? 'file' : body.length > 0 ? 'text' : undefined;
  return [
    ...call.read(call.values('-InFile')),
    ...call.write(call.values('-OutFile')),
    ...(address
      ? webRequest(address, {
          method,
          changing: payload !== undefined || !/^(GET|HEAD)$/.test(method),
          payload,
        })
      : []),
  ];
});

const runText: Describe = (command) => [unclear('code', `${command.name} runs text as code`)];
const startProcess = cmdlet((paths) =>
  paths.slice(0, 1).map((word) => spawns(word.text, 'starts a program')),
);

const cmd: Describe = (command, context) => {
  const at = command.args.findIndex((word) => /^\/[ck]$/i.test(word.text));
  return at < 0 ? [] : innerEffects(command.args.slice(at + 1), { command, context });
};

const certutil: Describe = (command, context) => {
  const texts = command.args.map((word) => word.text.replace(/^[-/]/, '-').toLowerCase());
  const operands = command.args.filter((word) => !/^[-/]\w+$/.test(word.text));
  const address = operands.find((word) => /^\w+:\/\//.test(word.text));
  if (texts.includes('-urlcache') || address)
    return [
      reaches('fetch', address?.text ?? null, 'certutil fetches a file'),
      ...operands
        .slice(1)
        .map((word): Effect => ({ type: 'write', path: context.path(word, command), how: 'overwrite' })),
    ];
  if (texts.some((text) => /^-(encode|decode|encodehex|decodehex)$/.test(text)))
    return operands
      .slice(1)
      .map((word): Effect => ({ type: 'write', path: context.path(word, command), how: 'overwrite' }));
  return texts.some((text) => /^-(addstore|delstore|importpfx|repairstore)/.test(text))
    ? [changes('defense', 'changes which certificates are trusted')]
    : [];
};

const icacls: Describe = (command, context) => {
  const [path] = command.args;
  const texts = command.args.map((word) => word.text);
  if (
    !path ||
    !texts.some((text) => /^\/(grant|deny|remove|reset|setowner|inheritance|save|restore)/i.test(text))
  )
    return [];
  const open = texts.some((text) => /^(\*?S-1-1-0|everyone|users|\*):/i.test(text));
  return [
    {
      type: 'chmod',
      path: context.path(path, command),
      recursive: texts.some((text) => /^\/t$/i.test(text)),
      how: open ? 'weaken' : texts.some((text) => /setowner/i.test(text)) ? 'own' : 'mode',
    },
  ];
};

const copyFiles: Describe = (command, context) => {
  const words = command.args.filter((word) => !isSwitch(word));
  const mirrors = command.args.some((word) => /^\/(mir|purge)$/i.test(word.text));
  const moves = command.name === 'move' || command.args.some((word) => /^\/mov(e)?$/i.test(word.text));
  const target = words[1];
  if (command.args.some((word) => /^\/l$/i.test(word.text))) return [];
  return [
    ...words
      .slice(0, 1)
      .map(
        (word): Effect =>
          moves && target
            ? { type: 'move', from: context.path(word, command), to: context.path(target, command) }
            : { type: 'read', path: context.path(word, command) },
      ),
    ...(target
      ? [{ type: 'write', path: context.path(target, command), how: 'overwrite' } satisfies Effect]
      : []),
    ...(target && mirrors
      ? [{ type: 'delete', path: context.path(target, command), recursive: true } satisfies Effect]
      : []),
  ];
};

const takeown: Describe = (command, context) => {
  const at = command.args.findIndex((word) => /^\/f$/i.test(word.text));
  const file = command.args[at + 1];
  return at < 0 || !file
    ? []
    : [
        {
          type: 'chmod',
          path: context.path(file, command),
          recursive: command.args.some((word) => /^\/r$/i.test(word.text)),
          how: 'own',
        },
      ];
};

const showing =
  'Get-ChildItem gci Get-Location gl Get-Item Get-Process gps Get-Service Get-Date Get-Help Get-Command gcm Get-Member gm Select-Object Where-Object Sort-Object Format-Table ft Format-List fl ' +
  'Measure-Object Select-String Test-Path Write-Host Write-Output Write-Error Resolve-Path Split-Path Join-Path Compare-Object Group-Object ConvertTo-Json ConvertFrom-Json Get-Host Get-History Get-Alias Get-Variable Out-Null Out-String Out-Host ' +
  'Set-Location Push-Location Pop-Location Clear-Host cls ver vol systeminfo tasklist ipconfig where.exe findstr fc.exe driverquery getmac whoami.exe qwinsta query hostname.exe tree.com nbtstat pathping tracert Get-ItemProperty gp Get-Acl Get-FileHash Get-EventLog Get-WinEvent Get-NetIPAddress Get-NetTCPConnection Start-Sleep';

const policy = changes('defense', 'changes what may run');

/** Programs of Windows and cmdlets of PowerShell. */
export const windows: Table = {
  ...forAll(showing, () => []),
  ...forAll('del erase rd rmdir.exe deltree', del),
  ...forAll('Remove-Item ri Clear-Item', removeItem),
  ...forAll('Set-Content Out-File sc.ps Clear-Content Tee-Object Export-Csv New-Item ni', setContent),
  ...forAll('Add-Content ac', addContent),
  ...forAll('Get-Content gc Import-Csv', getContent),
  ...forAll('Copy-Item cpi', copyItem),
  ...forAll('Move-Item mi Rename-Item rni ren', moveItem),
  ...forAll('Invoke-WebRequest iwr Invoke-RestMethod irm Start-BitsTransfer', webCmdlet),
  ...forAll('Invoke-Expression Invoke-Command icm Add-Type', runText),
  ...forAll('Start-Process saps start', startProcess),
  ...forAll(
    'mshta rundll32 regsvr32 cscript wscript msbuild.exe installutil cmstp forfiles odbcconf bitsadmin',
    (command) => [spawns(command.args[0]?.text ?? '', `${command.name} runs a script or a library`)],
  ),
  ...forAll('copy xcopy robocopy move', copyFiles),
  ...forAll('cmd cmd.exe command.com', cmd),
  ...forAll('format Format-Volume Clear-Disk Initialize-Disk Remove-Partition', (command) => [
    destroys('disk', `${command.name} ${textOf(command.args)}`.trim()),
  ]),
  ...forAll('Stop-Process spps taskkill', (command) => [
    changes('process', `${command.name} ${textOf(command.args)}`),
  ]),
  ...forAll('Stop-Service Set-Service New-Service Restart-Service Remove-Service', (command) => [
    changes('service', `${command.name} ${textOf(command.args)}`),
  ]),
  ...forAll('Stop-Computer Restart-Computer', (command) => [changes('power', `${command.name}`)]),
  ...forAll(
    'Set-MpPreference Add-MpPreference Set-ExecutionPolicy Disable-WindowsOptionalFeature Set-NetFirewallProfile New-NetFirewallRule Remove-NetFirewallRule',
    () => [policy],
  ),
  ...forAll('Clear-EventLog Remove-EventLog Clear-History', () => [destroys('log', 'clears a log')]),
  ...forAll('Set-ItemProperty sp New-ItemProperty Remove-ItemProperty', (command) => [
    changes('config', `${command.name} ${textOf(command.args)}`),
  ]),
  ...forAll('Set-Acl', () => [changes('privilege', 'changes who may use a file')]),
  ...forAll('New-LocalUser Add-LocalGroupMember Set-LocalUser Remove-LocalUser', (command) => [
    changes('account', `${command.name}`),
  ]),
  ...forAll('Register-ScheduledTask New-ScheduledTask Set-ScheduledTask', () => [
    changes('schedule', 'sets a timed command'),
  ]),
  ...tableOf({
    attrib: { operands: 'edit' },
    cipher: { always: [changes('disk', 'encrypts or wipes files')] },
    diskpart: { always: [destroys('disk', 'changes the partitions of a disk')] },
    chkdsk: {},
    sfc: { always: [changes('config', 'repairs the system')] },
    setx: { always: [changes('config', 'sets an environment for all programs')] },
    runas: { operands: 'program', always: [changes('privilege', 'acts as another person')] },
    fsutil: { always: [changes('disk', 'changes a file system')] },
    clip: {},
  }),
  reg: describeVerbs({ part: 'config', reads: 'query QUERY compare', destroys: 'delete DELETE' }),
  schtasks: describeVerbs({
    part: 'schedule',
    bare: 'change',
    reads: '/query /QUERY /Query',
    destroys: '/delete /DELETE',
  }),
  sc: describeVerbs({ part: 'service', reads: 'query queryex qc qdescription', destroys: 'stop delete' }),
  net: describeVerbs({ part: 'account', reads: 'view help statistics time' }),
  vssadmin: describeVerbs({ part: 'disk', reads: 'list', destroys: 'delete resize Delete' }),
  wbadmin: describeVerbs({ part: 'disk', reads: 'get', destroys: 'delete' }),
  bcdedit: describeVerbs({ part: 'config', reads: '/enum', destroys: '/delete' }),
  netsh: (command) =>
    command.args.some((word) => /^(show|dump|help)$/i.test(word.text))
      ? []
      : [
          changes(
            /firewall/i.test(textOf(command.args)) ? 'defense' : 'config',
            `netsh ${textOf(command.args)}`,
          ),
        ],
  wevtutil: describeVerbs({
    part: 'log',
    reads: 'qe el gl gli query-events enum-logs get-log',
    destroys: 'cl clear-log',
  }),
  auditpol: describeVerbs({ part: 'defense', reads: '/get /list', destroys: '/clear /remove' }),
  wmic: (command) => {
    const text = textOf(command.args).toLowerCase();
    if (/shadowcopy.*delete/.test(text)) return [destroys('disk', 'deletes copies of the disk')];
    return /\b(call|create|delete|set)\b/.test(text) ? [changes('process', `wmic ${text}`)] : [];
  },
  certutil,
  icacls,
  cacls: icacls,
  takeown,
};
