import type { PermissionMode } from '@tandem/protocol';
import { describe, expect, it } from 'vitest';
import { type Action, permitByMode } from '../../src/turn/permit.ts';
import { isReadOnlyCommand } from '../../src/turn/read-only-command.ts';

const modes: readonly PermissionMode[] = ['default', 'acceptEdits', 'plan', 'auto', 'dontAsk', 'bypass'];

const across = async (action: Pick<Action, 'tool' | 'effect' | 'arguments'>): Promise<string> => {
  const given = { ...action, root: '/w', verify: 'npm test', preview: null, events: [] };
  const decisions = modes.map((mode) => permitByMode({ ...given, mode }, new AbortController().signal));
  return (await Promise.all(decisions)).map(({ decision }) => decision).join(' ');
};

describe('permitByMode', () => {
  it('decides by mode and effect', async () => {
    expect({
      read: await across({ tool: 'read', effect: 'read', arguments: { path: 'a' } }),
      write: await across({ tool: 'edit', effect: 'write', arguments: { path: 'a' } }),
      exec: await across({ tool: 'bash', effect: 'exec', arguments: { command: 'make' } }),
      look: await across({ tool: 'bash', effect: 'exec', arguments: { command: 'git status' } }),
      verify: await across({ tool: 'bash', effect: 'exec', arguments: { command: 'npm test' } }),
      fetch: await across({ tool: 'web_fetch', effect: 'network', arguments: { url: 'https://x' } }),
    }).toEqual({
      read: 'allow allow allow allow allow allow',
      write: 'ask allow deny allow deny allow',
      exec: 'ask ask deny ask deny allow',
      look: 'ask ask deny allow deny allow',
      verify: 'ask ask deny allow deny allow',
      fetch: 'ask ask ask ask deny allow',
    });
  });

  it.each(['/proc/1/environ', '~/.ssh/id_rsa', '../secret', 'a/../../secret', 'C:\\x', '/wide/a'])(
    'denies %s in every mode',
    async (path) => {
      expect(await across({ tool: 'read', effect: 'read', arguments: { path } })).toBe(
        'deny deny deny deny deny deny',
      );
    },
  );
});

describe('isReadOnlyCommand', () => {
  it.each(['ls', 'ls -la src', 'cat a.txt', 'git status', 'git diff --stat', 'git log -n 5', 'wc -l a b'])(
    'knows %s',
    (command) => expect(isReadOnlyCommand(command)).toBe(true),
  );

  it.each([
    'ls; rm -rf .',
    'cat a > b',
    'cat $(x)',
    'cat `x`',
    'cat a | sh',
    'cat a & b',
    'ls\nrm a',
    'cat /etc/passwd',
    'cat ../a',
    'cat ~/.ssh/id',
    'git diff --output=a',
    'git diff --outp=a',
    'git diff --ext-diff',
    'git diff --no-index a b',
    'git -c core.pager=x log',
    'git log -p --textconv',
    'git push',
    'git',
    'tail -f a',
    'rm a',
    '',
  ])('does not know %s', (command) => expect(isReadOnlyCommand(command)).toBe(false));
});
