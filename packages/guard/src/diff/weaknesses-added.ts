import { type CodeLanguage, languageOf } from '@tandem/syntax';
import type { Weakness } from '../code/weakness/weakness.ts';
import type { Reason } from '../decision.ts';
import type { Edit, Side } from './edit.ts';
import { isTooling } from './file-kind.ts';
import { without } from './multiset.ts';
import { otherWeaknesses } from './other-weaknesses.ts';

/** Longer lines are generated or bundled. */
const maxLine = 1000;

/** What in a text is insecure. */
export type WeaknessReader = (language: CodeLanguage, text: string) => readonly Weakness[];

/** Insecure code that the change adds, by the analyzers that judge code; secrets have an analyzer of their own. Tests may do what they like. */
export const weaknessReasons = (edits: readonly Edit[], code: WeaknessReader): readonly Reason[] => {
  // By kind alone: a changed line that was insecure before is not news.
  const keyOf = (found: Weakness): string => found.id;
  const sources = edits.filter((edit) => edit.kind === 'source');
  const after = sources.map((edit) => weaknessesOf(edit.path, edit.after, code));
  if (after.every((found) => found.length === 0)) return [];
  const before = sources.flatMap((edit) => weaknessesOf(edit.path, edit.before, code));
  return sources.flatMap((edit, index) =>
    without(after[index]!, before, keyOf)
      .slice(0, 3)
      .map(
        (found): Reason => ({
          decision: found.certainty === 'high' && !isTooling(edit.path) ? 'ask' : 'allow',
          category: 'edit.insecure_api',
          rule: `edit.weakness-${found.id}`,
          clause: 'safe-code',
          message: found.message,
          path: edit.path,
          line: edit.after.numberOf(found.line),
        }),
      ),
  );
};

const weaknessesOf = (path: string, side: Side, code: WeaknessReader): readonly Weakness[] => {
  if (side.changed.size === 0) return [];
  const language = languageOf(path);
  if (language === 'other') return otherWeaknesses(path, side);
  return side.hunks.flatMap((hunk) => (touches(side, hunk) ? inHunk({ language, hunk, side, code }) : []));
};

const touches = (side: Side, hunk: Side['hunks'][number]): boolean => {
  const end = hunk.start + hunk.text.split('\n').length;
  for (const line of side.changed) if (line >= hunk.start && line < end) return true;
  return false;
};

const inHunk = (input: {
  readonly language: CodeLanguage;
  readonly hunk: Side['hunks'][number];
  readonly side: Side;
  readonly code: WeaknessReader;
}): readonly Weakness[] => {
  const { language, hunk, side, code } = input;
  const imports = importsBefore(side, hunk.start);
  const written = readable(hunk.text);
  const text = [...imports, language === 'python' ? dedent(written) : written].join('\n');
  return code(language, text)
    .map(({ id, line, message, certainty }) => ({
      id,
      line: hunk.start + line - 1 - imports.length,
      message,
      certainty,
    }))
    .filter(({ id }) => id !== 'hard-coded-secret')
    .filter(({ line }) => side.changed.has(line) && side.lines[line]!.length <= maxLine);
};

/** Lines that are too long to be looked at are not parsed either. */
const readable = (text: string): string =>
  text.length <= maxLine
    ? text
    : text
        .split('\n')
        .map((line) => (line.length > maxLine ? '' : line))
        .join('\n');

/** What the names of a hunk stand for is often said at the top of the file, in another hunk. */
const importsBefore = (side: Side, start: number): readonly string[] =>
  side.lines
    .slice(0, start)
    .filter(
      (line) =>
        line.length < 200 &&
        /^(?:import\s[\w{*'".]|from\s+[\w.]+\s+import\s+[^(\\]+$|(?:const|let|var)\s+[\w${},: ]+=\s*require\()/.test(
          line,
        ),
    )
    .slice(0, 50);

/** A hunk from within a function would be one syntax error: its first line sets the margin. */
const dedent = (text: string): string => {
  const margin = Math.min(
    ...text
      .split('\n')
      .filter((line) => line.trim() !== '')
      .map((line) => line.length - line.trimStart().length),
  );
  return Number.isFinite(margin) && margin > 0
    ? text
        .split('\n')
        .map((line) => line.slice(margin))
        .join('\n')
    : text;
};
