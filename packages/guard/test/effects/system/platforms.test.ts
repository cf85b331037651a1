import { expect, it } from 'vitest';
import { told } from './told.ts';

/** A command and what it does. */
const rows: readonly (readonly [string, ...(readonly string[])])[] = [
  ['defaults read x'],
  ['defaults write x y z', 'config change'],
  ['security find-generic-password -s x'],
  ['security find-generic-password -w -s x', 'credential read'],
  ['security dump-keychain -d', 'credential read'],
  ['security delete-keychain x', 'credential destroy'],
  ['dscl . list /Users'],
  ['dscl . -create /Users/x', 'account change'],
  ["osascript -e 'x'", 'code applescript x'],
  ['osascript -l JavaScript -e x', 'code runs a script given as text'],
  ['open a.pdf', 'read a.pdf'],
  ['open https://example.com', 'fetch example.com'],
  ['open X.app', 'spawn X.app'],
  ['tmutil listbackups'],
  ['tmutil delete x', 'disk destroy'],
  ['launchctl list'],
  ['launchctl load x.plist', 'schedule change'],
  ['networksetup -getinfo Wi-Fi'],
  ['networksetup -setdnsservers Wi-Fi x', 'config change'],
  ['scutil --dns'],
  ['plutil -p a', 'read a'],
  ['plutil -convert xml1 a', 'edit a'],
  ['codesign -s x a', 'edit a'],
  ['codesign -v a', 'read a'],
  ['softwareupdate -l'],
  ['trash a', 'move a to /home/user/.local/share/Trash/files'],
  ['trash-empty', 'disk destroy'],
  ['del /s /q x', 'delete x with all in it'],
  ['Remove-Item -Recurse -Force x', 'delete x with all in it'],
  ['Set-Content -Path a -Value b', 'overwrite a'],
  ['Copy-Item a b', 'read a', 'overwrite b'],
  ['Invoke-WebRequest -Uri https://example.com -OutFile a', 'overwrite a', 'fetch example.com'],
  ['iwr https://example.com -Method POST -Body x', 'send example.com text'],
  ['format C:', 'disk destroy'],
  ['reg query x'],
  ['reg delete x', 'config destroy'],
  ['schtasks /create /tn x', 'schedule change'],
  ['vssadmin delete shadows', 'disk destroy'],
  ['certutil -urlcache -f https://example.com/a a', 'fetch example.com', 'overwrite a'],
  ['icacls x /grant Everyone:F', 'weaken x'],
  ['cmd /c del x', 'code shell del x'],
  ['Set-ExecutionPolicy Bypass', 'defense change'],
  ['taskkill /im x', 'process change'],
  ['robocopy a b /mir', 'read a', 'overwrite b', 'delete b with all in it'],
  ['wevtutil cl System', 'log destroy'],
];

for (const [command, ...effects] of rows) {
  it(`programs of macOS and Windows: ${command}`, () => {
    expect(told(command)).toEqual(effects);
  });
}
