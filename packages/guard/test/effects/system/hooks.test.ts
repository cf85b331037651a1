import { expect, it } from 'vitest';
import { told } from './told.ts';

const rows: readonly (readonly [string, ...(readonly string[])])[] = [
  ['zic -d out -y ./x a', 'overwrite out', 'spawn ./x', 'read a'],
  ['neofetch --config ./x', 'spawn ./x'],
  ['neofetch'],
  ["rpmquery --eval '%(id)'", 'spawn id)'],
  ["rpmquery --eval '%{_libdir}'"],
  ['rpmquery -qa'],
  ["pee 'ls' 'rm a'", 'code shell ls', 'code shell rm a'],
  ['csvtool col 1 a.csv', 'read 1', 'read a.csv'],
  ['csvtool call ./x a.csv', 'code shell ./x', 'read a.csv'],
  ["check_by_ssh -o 'ProxyCommand ./x' -H h", 'spawn ./x'],
  ['logsave log ls', 'overwrite log', 'code shell ls'],
  ['tailscale serve 80', 'listen nobody knows'],
];

for (const [command, ...effects] of rows) {
  it(`programs that somewhere take a program: ${command}`, () => {
    expect(told(command)).toEqual(effects);
  });
}
