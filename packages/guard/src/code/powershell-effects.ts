import type { Effect } from '../effects/effect.ts';
import { hole } from '../shell/command.ts';
import type { Where } from './code-effects.ts';
import { hostOf } from './network.ts';

const maxNesting = 3;

/** PowerShell, by the words of its commands: what it deletes, fetches, runs and switches off. */
export const powershellEffects = (text: string, where: Where, nesting = 0): readonly Effect[] => {
  // A tick inside a word is how names are hidden; strings that are joined are one string.
  const code = text
    .replace(/<#[\s\S]*?#>/g, ' ')
    .replace(/(^|\s)#[^\n]*/g, '$1')
    .replace(/`(?=\w)/g, '')
    .replace(/(['"])\s*\+\s*\1/g, '');
  const effects: Effect[] = [
    { type: 'run', program: 'powershell', origin: 'known', what: 'runs the code that is given' },
  ];
  for (const statement of code.split(/[;\n]|&&|\|\|/))
    effects.push(...statementEffects(statement.trim(), where));
  const encoded = /-e(?:nc|ncodedcommand|c)?\s+['"]?([A-Za-z0-9+/=]{16,})/i.exec(code)?.[1];
  if (encoded !== undefined && nesting < maxNesting) {
    effects.push({ type: 'opaque', at: 'code', what: 'runs code that is packed' });
    effects.push(
      ...powershellEffects(Buffer.from(encoded, 'base64').toString('utf16le'), where, nesting + 1),
    );
  }
  effects.push(...wholeEffects(code));
  return effects;
};

const fetching =
  /\b(?:DownloadString|DownloadData|Invoke-WebRequest|Invoke-RestMethod|iwr|irm|wget|curl|Net\.WebClient)\b/i;
const running =
  /\b(?:iex|Invoke-Expression|Invoke-Command|ScriptBlock\]::Create)\b|\|\s*(?:iex|powershell|pwsh)\b|(?:^|[;|(])\s*[&.]\s*\(/i;

const wholeEffects = (code: string): readonly Effect[] => {
  const effects: Effect[] = [];
  if (running.test(code)) {
    if (fetching.test(code))
      effects.push({
        type: 'run',
        program: 'powershell',
        origin: 'fetched',
        what: 'runs code that came over the network',
      });
    else effects.push({ type: 'opaque', at: 'code', what: 'runs code that is put together as it runs' });
  }
  if (/Sockets\.TCPClient/i.test(code))
    effects.push(
      /GetStream/i.test(code)
        ? { type: 'reverseShell', what: 'ties a shell to a connection' }
        : { type: 'reach', host: null, how: 'query', local: false, what: 'opens a connection' },
    );
  if (/\[Reflection\.Assembly\]::Load|VirtualAlloc|Add-Type[\s\S]*DllImport/i.test(code))
    effects.push({ type: 'opaque', at: 'code', what: 'loads machine code' });
  return effects;
};

type Row = readonly [
  pattern: RegExp,
  effects: (argument: string, where: Where, statement: string) => readonly Effect[],
];

const system =
  (
    part: Extract<Effect, { type: 'system' }>['part'],
    what: string,
    change: 'change' | 'destroy' = 'change',
  ) =>
  (): readonly Effect[] => [{ type: 'system', part, change, what }];

const rows: readonly Row[] = [
  [
    /^(?:Remove-Item|rm|ri|del|rd|rmdir|erase)$/i,
    (path, where, statement) => [
      { type: 'delete', path: where.path(path), recursive: /-r(?:ec|\b)|\/s\b/i.test(statement) },
    ],
  ],
  [/^(?:Clear-Content|clc)$/i, (path, where) => [{ type: 'write', path: where.path(path), how: 'truncate' }]],
  [
    /^(?:Set-Content|sc|Out-File|Tee-Object|New-Item|ni)$/i,
    (path, where) => [{ type: 'write', path: where.path(path), how: 'overwrite' }],
  ],
  [/^(?:Add-Content|ac)$/i, (path, where) => [{ type: 'write', path: where.path(path), how: 'append' }]],
  [/^(?:Get-Content|gc|cat|type)$/i, (path, where) => [{ type: 'read', path: where.path(path) }]],
  [
    /^(?:Move-Item|mv|mi|Rename-Item|ren)$/i,
    (path, where, statement) => [
      { type: 'move', from: where.path(path), to: where.path(argumentAt(statement, 1)) },
    ],
  ],
  [
    /^(?:Copy-Item|cp|copy|cpi)$/i,
    (path, where, statement) => [
      { type: 'read', path: where.path(path) },
      { type: 'write', path: where.path(argumentAt(statement, 1)), how: 'overwrite' },
    ],
  ],
  [
    /^(?:Format-Volume|Clear-Disk|Initialize-Disk|Remove-Partition)$/i,
    system('disk', 'wipes a disk', 'destroy'),
  ],
  [/^(?:Stop-Process|kill|spps|taskkill)$/i, system('process', 'ends processes', 'destroy')],
  [
    /^(?:Stop-Service|Remove-Service|Set-Service|New-Service|sc\.exe)$/i,
    system('service', 'changes a service'),
  ],
  [/^(?:Stop-Computer|Restart-Computer)$/i, system('power', 'ends the machine')],
  [
    /^(?:Add-MpPreference|Set-MpPreference|Uninstall-WindowsFeature|Set-NetFirewallProfile|New-NetFirewallRule|netsh)$/i,
    system('defense', 'weakens the protection of the machine'),
  ],
  [/^Set-ExecutionPolicy$/i, system('defense', 'lets scripts run unchecked')],
  [/^(?:Clear-EventLog|wevtutil|Remove-EventLog)$/i, system('log', 'deletes logs', 'destroy')],
  [
    /^(?:Register-ScheduledTask|New-ScheduledTask|schtasks)$/i,
    system('schedule', 'lets something run by itself later'),
  ],
  [
    /^(?:Set-ItemProperty|New-ItemProperty|reg|Remove-ItemProperty)$/i,
    system('config', 'changes the registry'),
  ],
  [
    /^(?:New-LocalUser|Add-LocalGroupMember|Set-LocalUser|Remove-LocalUser|net)$/i,
    system('account', 'changes an account'),
  ],
  [
    /^(?:vssadmin|Remove-ComputerRestorePoint|bcdedit|wbadmin)$/i,
    system('disk', 'removes backups', 'destroy'),
  ],
  [
    /^(?:Get-Clipboard|gcb|Get-Credential|Get-StoredCredential)$/i,
    () => [{ type: 'credential', change: 'read', what: 'reads the clipboard or a stored password' }],
  ],
  [
    /^(?:Start-Process|saps|start)$/i,
    (program, where, statement) => [
      ...(/-Verb\s+RunAs/i.test(statement)
        ? system('privilege', 'asks for the rights of an administrator')()
        : []),
      ...where.shell(program),
    ],
  ],
  [
    /^(?:Invoke-WebRequest|Invoke-RestMethod|iwr|irm|curl|wget|Start-BitsTransfer)$/i,
    (url, _where, statement) => [request(url, statement)],
  ],
  [
    /^(?:Install-Module|Install-Package|Install-Script)$/i,
    (name) => [{ type: 'package', change: 'install', scope: 'user', what: `installs ${name}` }],
  ],
];

const request = (url: string, statement: string): Effect => {
  const { host, local } = hostOf(url);
  const sends = /-Method\s+['"]?(?:post|put|delete|patch)|-(?:InFile|Body)\b/i.test(statement);
  if (!sends) return { type: 'reach', host, how: 'fetch', local, what: `asks ${host ?? 'a host not known'}` };
  return {
    type: 'reach',
    host,
    how: 'send',
    local,
    payload: /-InFile\b|Get-Content|\$env:/i.test(statement) ? 'file' : 'unknown',
    what: 'sends to a host',
  };
};

const statementEffects = (statement: string, where: Where): readonly Effect[] => {
  const effects: Effect[] = [];
  for (const stage of statement.split('|')) {
    const name = /^(?:\$\w+\s*=\s*)?[&.(\s]*['"]?([\w.-]+)/.exec(stage.trim())?.[1] ?? '';
    for (const [pattern, describe] of rows)
      if (pattern.test(name)) effects.push(...describe(argumentAt(stage, 0), where, stage));
    const written = />{1,2}\s*['"]?([^\s'"&]+)/.exec(stage)?.[1];
    if (written !== undefined && !/^\$null$/i.test(written))
      effects.push({ type: 'write', path: where.path(written), how: 'overwrite' });
  }
  return effects;
};

/** An operand by place: parameters with a value that names no path are passed over. */
const argumentAt = (statement: string, place: number): string => {
  const words = statement.trim().match(/'[^']*'|"[^"]*"|\S+/g) ?? [];
  const operands: string[] = [];
  for (const [at, word] of words.slice(1).entries()) {
    const before = words[at] ?? '';
    if (
      word.startsWith('-') ||
      (/^-(?!path|literalpath|uri|destination|filepath|url)\w+$/i.test(before) &&
        /^-(?:value|method|body|erroraction|ea|itemtype|name|verb|headers|type|argumentlist|encoding)$/i.test(
          before,
        ))
    )
      continue;
    operands.push(
      word
        .replace(/^['"]|['"]$/g, '')
        .replace(/\$(?:env:)?(?:HOME|USERPROFILE)\b/gi, '~')
        .replace(/\$(?:env:|\{)?\w+\}?/gi, hole),
    );
  }
  return operands[place] ?? hole;
};
