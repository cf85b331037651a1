import type { OfferedTool } from '@tandem/extend';
import { AppError } from '@tandem/protocol';
import { folderInside } from './inside.ts';
import type { Machine } from './machine.ts';

const kinds = ['bash', 'git', 'sql', 'python', 'node', 'edit'];
const inputLimit = 1_000_000;

/** The guard alone, as `tandem judge`: nothing is run. */
export const judgeTool = (machine: Machine): OfferedTool => ({
  name: 'judge',
  title: 'Judge an action',
  description:
    'Ask whether an action is safe before doing it: a shell command, code, SQL or a diff. Answers allow, ask (a person should decide) or deny, with reasons. Nothing is run.',
  parameters: {
    properties: {
      input: { type: 'string', description: 'the command, the code, or for edit a unified diff' },
      kind: { type: 'string', enum: kinds, description: 'default: bash' },
      workspace: { type: 'string', description: 'a folder below the root; default: the root' },
    },
    required: ['input'],
  },
  effect: 'read',
  run: async ({ input, kind = 'bash', workspace }, { signal }) => {
    if (typeof input !== 'string' || input.length > inputLimit)
      throw new AppError('usage', `"input" must be a string of at most ${inputLimit} characters`);
    const folder = folderInside(machine.root, workspace);
    const line = await machine.judge({ kind, input, cwd: folder, workspace: folder }, signal);
    const { id: _id, ...data } = JSON.parse(line) as Record<string, unknown>;
    return { text: JSON.stringify(data), isError: false, data };
  },
});
