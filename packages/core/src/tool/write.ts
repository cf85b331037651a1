import { cleanPath } from './paths.ts';
import {
  type FilePreview,
  failure,
  success,
  type Tool,
  type ToolArguments,
  type ToolContext,
  type ToolOutcome,
} from './tool.ts';
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
  preview: (given, context) => planWrite(given, context),
  run: async (given, context) => {
    const planned = await planWrite(given, context);
    if ('output' in planned) return planned;
    const { path, before, after } = planned;
    await context.workspace.write(path, after);
    const { diff, file } = unifiedDiff(path, before, after);
    const said = before === null ? `Created ${path}` : `Wrote ${path}`;
    return success(`${said} (+${file.added} -${file.removed}).`, {
      type: 'file_change',
      files: [file],
      diff,
    });
  },
};

const planWrite = async (
  given: ToolArguments,
  { workspace, history }: Pick<ToolContext, 'workspace' | 'history'>,
): Promise<(FilePreview & { readonly after: string }) | ToolOutcome> => {
  const path = cleanPath(String(given.path), workspace.root);
  const text = String(given.text);
  if (text.length > TEXT_LIMIT) return failure(`${path}: a file may have ${TEXT_LIMIT} characters at most.`);
  const before = await workspace.read(path);
  if (before !== null && !history.seen.has(path) && before.text !== text)
    return failure(`${path} exists and you have not read it. Read it first, then write or edit it.`);
  return { path, before: before?.text ?? null, after: text };
};
