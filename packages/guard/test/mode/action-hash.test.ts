import { describe, expect, it } from 'vitest';
import { actionHash } from '../../src/mode/action-hash.ts';
import type { Command } from '../../src/shell/command.ts';
import { commandOf, word } from '../command-of.ts';

const hash = (text: string, overrides: Partial<Command> = {}) =>
  actionHash({ type: 'shell', commands: [commandOf(text, overrides)] });

describe('the hash of an action', () => {
  it('is the same however it is spelled', () => {
    expect(hash('rm a b', { source: 'rm   a "b"' })).toBe(hash('rm a b'));
  });

  it.each<[string, Partial<Command>]>([
    ['another folder', { cwd: '/elsewhere' }],
    ['a wrapper', { wrappers: ['sudo'] }],
    ['another machine', { elsewhere: 'host' }],
    ['a redirect', { redirects: [{ operator: '>', target: word('x') }] }],
    ['a variable', { env: { A: word('1') } }],
    ['an input', { stdin: { type: 'text', text: word('x') } }],
    ['a pipe into it', { stdin: { type: 'pipe', from: commandOf('cat x') } }],
    ['a pipe out of it', { pipedTo: 'sh' }],
    ['a pattern of the same text', { args: [{ ...word('a'), glob: true }, word('b')] }],
  ])('differs by %s', (_, overrides) => {
    expect(hash('rm a b', overrides)).not.toBe(hash('rm a b'));
  });

  it.each<[string, Partial<Command>]>([
    ['a word', { args: [word('\uFFFC')] }],
    ['the program', { program: word('\uFFFC'), name: null }],
    ['the folder', { cwd: null }],
    ['a redirect', { redirects: [{ operator: '>', target: word('\uFFFC') }] }],
    ['what is piped into it', { stdin: { type: 'pipe', from: commandOf('cat \uFFFC') } }],
  ])('is none where %s is not known', (_, overrides) => {
    expect(hash('rm a b', overrides)).toBeNull();
  });

  it('is none for no commands', () => {
    expect(actionHash({ type: 'shell', commands: [] })).toBeNull();
  });

  it("of a tool's call does not depend on the order of its arguments", () => {
    const call = (value: unknown, cwd = '/p') =>
      actionHash({ type: 'tool', tool: 'edit', arguments: value, cwd });
    expect(call({ a: 1, b: { c: 2, d: [3] } })).toBe(call({ b: { d: [3], c: 2 }, a: 1 }));
    expect(call({ a: 1 })).not.toBe(call({ a: '1' }));
    expect(call({ a: 1 })).not.toBe(call({ a: 1 }, '/q'));
    expect(call([['a', 1]])).not.toBe(call({ a: 1 }));
  });
});
