import { applyEdit, type EditOutcome } from './edit.ts';
import { cleanPath } from './paths.ts';
import {
  failure,
  success,
  type Tool,
  type ToolArguments,
  type ToolContext,
  type ToolOutcome,
} from './tool.ts';
import { unifiedDiff } from './unified-diff.ts';

/** Failed edits of one file after which pieces of text are no longer worth trying. */
const FAILURES = 2;

export const editTool: Tool = {
  spec: {
    name: 'edit',
    description:
      'Replace one piece of text in a file that you have read. old must be exact and occur once: give whole lines around it.',
    parameters: {
      type: 'object',
      properties: { path: { type: 'string' }, old: { type: 'string' }, new: { type: 'string' } },
      required: ['path', 'old', 'new'],
    },
  },
  effect: 'write',
  replay: 'never',
  preview: (given, context) => planEdit(given, context),
  run: async (given, context) => {
    const planned = await planEdit(given, context);
    if ('output' in planned) return planned;
    const { path, before, after, how, line } = planned;
    await context.workspace.write(path, after);
    const { diff, file: change } = unifiedDiff(path, before, after);
    const loosely = how === 'exact' ? '' : ` old was not exact and was matched by ${how}: check it.`;
    const said = `Edited ${path} at line ${line} (+${change.added} -${change.removed}).${loosely}`;
    return success(said, { type: 'file_change', files: [change], diff });
  },
};

type Planned = Pick<Extract<EditOutcome, { readonly type: 'applied' }>, 'how' | 'line'> & {
  readonly path: string;
  readonly before: string;
  readonly after: string;
};

const planEdit = async (
  given: ToolArguments,
  { workspace, history }: Pick<ToolContext, 'workspace' | 'history'>,
): Promise<Planned | ToolOutcome> => {
  const path = cleanPath(String(given.path), workspace.root);
  const file = await workspace.read(path);
  if (file === null) return failure(`There is no file ${path}. Use glob to find it, or write to create it.`);
  if (!history.seen.has(path)) return failure(`You have not read ${path}. Read it first, then edit it.`);
  const result = applyEdit({ text: file.text, ...piecesOf(given) });
  if (result.type !== 'applied')
    return failure(reasonOf(result) + advice(path, history.failedEdits.get(path)));
  return { path, before: file.text, after: result.text, how: result.how, line: result.line };
};

const piecesOf = (given: ToolArguments): { readonly oldText: string; readonly newText: string } => ({
  oldText: String(given.old).replaceAll('\r\n', '\n'),
  newText: String(given.new).replaceAll('\r\n', '\n'),
});

const advice = (path: string, failed = 0): string =>
  failed + 1 >= FAILURES
    ? ` ${failed + 1} edits of ${path} have failed: read it again, then give the whole function in old and new, or write the whole file.`
    : ' Read the file again and copy the text as it is.';

const reasonOf = (outcome: Exclude<EditOutcome, { readonly type: 'applied' }>): string => {
  switch (outcome.type) {
    case 'ambiguous':
      return `old occurs at lines ${outcome.lines.slice(0, 10).join(', ')}; give more lines around the one you mean.`;
    case 'missing': {
      const { line, text, similarity } = outcome.nearest;
      if (similarity < 0.4) return 'old does not occur in the file.';
      return `old does not occur in the file. The nearest is at line ${line}:\n${text.slice(0, 1_000)}\n`;
    }
    case 'same':
      return 'old and new are the same.';
  }
};
