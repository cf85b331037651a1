import { initialView, noUsage, type ViewTurn } from '@tandem/protocol';
import { expect, test } from 'vitest';
import { markdownOf } from '../../src/exec/markdown.ts';

const turn: ViewTurn = {
  id: 'trn_1',
  seq: 2,
  undone: false,
  waiting: [],
  text: 'Fix add\nIt subtracts.',
  status: 'ok',
  items: [
    { id: 'itm_1', type: 'user_message', text: 'Fix add\nIt subtracts.' },
    {
      id: 'itm_2',
      type: 'command',
      command: 'cat a.md',
      cwd: '.',
      output: '```\ncode\n```',
      exit: 0,
      status: 'completed',
    },
    { id: 'itm_3', type: 'file_change', files: [], diff: '-a\n+b\n', status: 'completed' },
    { id: 'itm_4', type: 'agent_message', text: 'Done.' },
  ],
  attempts: [],
  answer: 'Done.',
  files: [{ path: 'a.js', added: 1, removed: 1 }],
  verify: { command: 'npm test', exit: 0 },
  usage: noUsage,
  ms: 1,
  error: null,
  patch: null,
};

test('a session reads as a page: each thing once, fences longer than what they hold', () => {
  const settings = { model: 'scripted/x', cwd: '/w', permissionMode: 'acceptEdits' } as const;
  const failed = {
    ...turn,
    text: 'Again',
    items: [],
    answer: '',
    files: [],
    verify: null,
    status: 'limit',
  } as const;
  expect(
    markdownOf({ ...initialView, session: 'ses_1', title: 'Fix add', settings, turns: [turn, failed] }),
  ).toBe(
    `${[
      '# Fix add',
      'Session ses_1, in /w, with scripted/x.',
      '## Fix add',
      '> Fix add\n> It subtracts.',
      '````\n$ cat a.md\n```\ncode\n```\n````',
      '```diff\n-a\n+b\n```',
      'Done.',
      '- `a.js` +1 −1',
      'Verify: `npm test` exit 0',
      '## Again',
      '(limit)',
    ].join('\n\n')}\n`,
  );
});
