import type { Reason } from '../decision.ts';
import type { Edit } from './edit.ts';

/** Fewer files are an ordinary clean-up. */
const manyFiles = 10;
/** Shorter files are rewritten in passing. */
const longFile = 60;

const stub =
  /^\s*(?:\/\/|#|\/\*|<!--|\*|--)?\s*(?:\.{3}|…)?\s*\(?(?:(?:the )?(?:rest|remainder) of (?:the |your )?(?:code|file|function|class|method|implementation|content|component)s?|(?:existing|other|previous|remaining|original) (?:code|methods|functions|imports|content|implementation|tests)|(?:code|file|everything else|implementation)) ?(?:stays?|remains?|is|are|continues?|goes|here|unchanged|as before|omitted|the same|below|above)\b.*(?:\.{3}|…|unchanged|same|here|before|omitted|\*\/|-->)?\s*\)?\s*$/i;

/** Files, lines and code that go without anything in their place. */
export const massDeletionReasons = (edits: readonly Edit[]): readonly Reason[] => [
  ...filesReasons(edits),
  ...edits.flatMap((edit) => [...linesReasons(edit, edits), ...stubReasons(edit)]),
];

const filesReasons = (edits: readonly Edit[]): readonly Reason[] => {
  const deleted = edits.filter((edit) => edit.isDeleted);
  const added = edits.filter((edit) => edit.isNew).length;
  if (deleted.length - added <= manyFiles) return [];
  return [
    reasonAt(deleted[0]!, {
      rule: 'edit.many-files-deleted',
      message: `${deleted.length} files are deleted`,
      line: 1,
    }),
  ];
};

const linesReasons = (edit: Edit, edits: readonly Edit[]): readonly Reason[] => {
  if (edit.length === null || edit.isDeleted || edit.isNew || edit.length < longFile) return [];
  const moved = new Set(
    edits
      .filter((other) => other !== edit)
      .flatMap((other) => [...other.after.changed].map((line) => other.after.lines[line]!.trim())),
  );
  const lost = [...edit.before.changed].filter((line) => !moved.has(edit.before.lines[line]!.trim())).length;
  const net = lost - edit.after.changed.size;
  const share = net / edit.length;
  if (share <= 0.3) return [];
  const line = Math.min(...edit.before.changed);
  return [
    {
      ...reasonAt(edit, {
        rule: 'edit.lines-deleted',
        message: `${net} of ${edit.length} lines go and nothing takes their place`,
        line: edit.before.numberOf(line),
      }),
      decision: share > 0.6 ? 'ask' : 'allow',
    },
  ];
};

/** Text that stands for code which its writer left out: written to the file, it deletes that code. */
const stubReasons = (edit: Edit): readonly Reason[] => {
  const known = new Set(edit.before.lines.map((line) => line.trim()));
  const line = [...edit.after.changed].find((at) => {
    const text = edit.after.lines[at]!;
    return (
      text.length < 200 && stub.test(text) && /\.{3}|…|\/\/|#|\/\*|<!--/.test(text) && !known.has(text.trim())
    );
  });
  if (line === undefined || edit.before.changed.size < 3) return [];
  return [
    reasonAt(edit, {
      rule: 'edit.code-left-out',
      message: `A remark stands where code was: ${edit.after.lines[line]!.trim().slice(0, 80)}`,
      line: edit.after.numberOf(line),
    }),
  ];
};

const reasonAt = (
  edit: Edit,
  input: { readonly rule: string; readonly message: string; readonly line: number },
): Reason => ({
  decision: 'ask',
  category: 'edit.mass_delete',
  rule: input.rule,
  clause: 'keep-work',
  message: input.message,
  path: edit.path,
  line: input.line,
});
