import type { Edit, Side } from './edit.ts';

type Use = { readonly name: string; readonly reference: string; readonly line: number };

/** Whose actions everybody's pipeline runs anyway. */
const ownActions = /^(?:actions|github)\//;
const use = /^\s*(?:-\s*)?uses:\s*["']?([^\s"'#]+)/;
const commit = /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/;
const digest = /@sha256:[0-9a-f]{64}$/;

/**
 * The line of an action that the pipeline would take from wherever its name points next: one that was pinned to a commit and
 * no longer is, or one from a third party that comes in without a commit. Null where there is none.
 */
export const unpinnedAction = (edit: Edit): { readonly name: string; readonly line: number } | null => {
  const before = usesOf(edit.before, false);
  const found = usesOf(edit.after, true).find(({ name, reference }) => {
    if (isPinned(name, reference)) return false;
    const known = before.filter((old) => old.name === name);
    if (known.length > 0) return known.every((old) => isPinned(old.name, old.reference));
    return !ownActions.test(name);
  });
  return found === undefined ? null : { name: found.name, line: edit.after.numberOf(found.line) };
};

const isPinned = (name: string, reference: string): boolean =>
  name.startsWith('docker://') ? digest.test(`@${reference}`) : commit.test(reference);

const usesOf = ({ lines, changed }: Side, onlyChanged: boolean): readonly Use[] =>
  lines.flatMap((text, line) => {
    if (onlyChanged && !changed.has(line)) return [];
    const written = use.exec(text.slice(0, 400))?.[1];
    // What lies in the repository itself changes only with it.
    if (written === undefined || written.startsWith('.')) return [];
    const at = written.lastIndexOf('@');
    return [
      { name: at > 0 ? written.slice(0, at) : written, reference: at > 0 ? written.slice(at + 1) : '', line },
    ];
  });
