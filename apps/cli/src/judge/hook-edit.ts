import { readFile } from 'node:fs/promises';
import { isAbsolute, join, relative } from 'node:path';
import type { JudgeRequest } from '@tandem/guard';

type Input = Readonly<Record<string, unknown>>;
type Edit = Pick<JudgeRequest, 'input' | 'change'>;

/** The edit that a tool call would make; null for a tool that edits nothing. */
export const editOf = async (
  tool: string,
  input: Input,
  { cwd, workspace }: { readonly cwd: string; readonly workspace: string },
): Promise<Edit | null> => {
  if (tool === 'apply_patch')
    return { input: unifiedDiff(textOf(input.input) ?? textOf(input.patch) ?? textOf(input.command) ?? '') };
  const file = textOf(input.file_path) ?? textOf(input.notebook_path);
  if (file === null) return null;
  const path = isAbsolute(file) ? file : join(cwd, file);
  const before = await readFile(path, 'utf8').catch(() => null);
  const after = afterOf(tool, input, before ?? '');
  if (after === null) return null;
  const inside = relative(workspace, path);
  const name = inside.startsWith('..') ? path : inside;
  return { input: '', change: { files: [{ path: name, before, after }] } };
};

const textOf = (value: unknown): string | null => (typeof value === 'string' ? value : null);

const afterOf = (tool: string, input: Input, before: string): string | null => {
  switch (tool) {
    case 'Write':
      return textOf(input.content);
    case 'Edit':
      return replace(before, [replacementOf(input)]);
    case 'MultiEdit':
      if (!Array.isArray(input.edits)) return null;
      return replace(
        before,
        input.edits.map((edit) => replacementOf(edit as Input)),
      );
    case 'NotebookEdit':
      return input.edit_mode === 'delete' ? before : `${before}${textOf(input.new_source) ?? ''}`;
    default:
      return null;
  }
};

type Replacement = { readonly before: string; readonly after: string; readonly all: boolean };

const replacementOf = (input: Input): Replacement => ({
  before: textOf(input.old_string) ?? '',
  after: textOf(input.new_string) ?? '',
  all: input.replace_all === true,
});

const replace = (text: string, replacements: readonly Replacement[]): string =>
  replacements.reduce((result, { before, after, all }) => {
    if (before === '') return result + after;
    return all ? result.replaceAll(before, () => after) : result.replace(before, () => after);
  }, text);

/**
 * The patch format of Codex (`*** Update File: a`, then lines with a space, `-` or `+`) as a unified diff. Its hunks have
 * no line numbers; what stands before the first file is no patch and is left to the reader of diffs to refuse.
 */
const unifiedDiff = (patch: string): string => {
  const out: string[] = [];
  let hunk: string[] = [];
  const flush = (): void => {
    const before = hunk.filter((line) => !line.startsWith('+')).length;
    const after = hunk.filter((line) => !line.startsWith('-')).length;
    if (hunk.length > 0) out.push(`@@ -1,${before} +1,${after} @@`, ...hunk);
    hunk = [];
  };
  for (const line of patch.split('\n')) {
    const target = /^\*\*\* Move to: (.+)$/.exec(line)?.[1];
    const header = /^\*\*\* (Update|Add|Delete) File: (.+)$/.exec(line);
    if (header !== null) {
      flush();
      const [, how, path] = header;
      out.push(
        how === 'Add' ? '--- /dev/null' : `--- a/${path}`,
        how === 'Delete' ? '+++ /dev/null' : `+++ b/${path}`,
      );
    } else if (target !== undefined && out.at(-1)?.startsWith('+++ b/'))
      out[out.length - 1] = `+++ b/${target}`;
    else if (line.startsWith('@@') || line.startsWith('***')) flush();
    else if (/^[ +-]/.test(line) && out.length > 0) hunk.push(line);
  }
  flush();
  return out.length === 0 ? patch : `${out.join('\n')}\n`;
};
