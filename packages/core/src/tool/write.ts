import { cleanPath } from './paths.ts';
import { failure, success, type Tool } from './tool.ts';
import { unifiedDiff } from './unified-diff.ts';

/** Characters a file may be given: more is no source code, and would fill the log. */
const TEXT_LIMIT = 500_000;

export const writeTool: Tool = {
  spec: {
    name: 'write',
    description: 'Create a file, or replace its whole text. For a change to part of a file use edit.',
    parameters: {
      type: 'object',
      properties: { path: { type: 'string' }, text: { type: 'string' } },
      required: ['path', 'text'],
    },
  },
  effect: 'write',
  replay: 'safe',
  preview: async (given, workspace) => {
    const path = cleanPath(String(given.path), workspace.root);
    return { path, before: (await workspace.read(path))?.text ?? null, after: String(given.text) };
  },
  run: async (given, { workspace, history }) => {
    const path = cleanPath(String(given.path), workspace.root);
    const text = String(given.text);
    if (text.length > TEXT_LIMIT)
      return failure(`${path}: a file may have ${TEXT_LIMIT} characters at most.`);
    const before = await workspace.read(path);
    if (before !== null && !history.seen.has(path) && before.text !== text)
      return failure(`${path} exists and you have not read it. Read it first, then write or edit it.`);
    await workspace.write(path, text);
    const { diff, file } = unifiedDiff(path, before?.text ?? null, text);
    const said = before === null ? `Created ${path}` : `Wrote ${path}`;
    return success(`${said} (+${file.added} -${file.removed}).`, {
      type: 'file_change',
      files: [file],
      diff,
    });
  },
};
