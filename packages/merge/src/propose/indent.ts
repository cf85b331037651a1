/** What a side did to the indentation of lines that it left alone otherwise: `from` became `to` at their beginning. */
export type Shift = { readonly from: string; readonly to: string };

const indentOf = (line: string): string => /^[ \t]*/.exec(line)![0];

/** Null where the line is blank or its indentation is the same. */
export const shiftOf = (before: string, after: string): Shift | null => {
  const [old, now] = [indentOf(before), indentOf(after)];
  if (old === now || before.trim() === '') return null;
  if (now.endsWith(old)) return { from: '', to: now.slice(0, now.length - old.length) };
  if (old.endsWith(now)) return { from: old.slice(0, old.length - now.length), to: '' };
  return { from: old, to: now };
};

/** The line moved as its neighbours were. */
export const shifted = (line: string, shift: Shift | null): string =>
  shift === null || line.trim() === '' || !line.startsWith(shift.from)
    ? line
    : shift.to + line.slice(shift.from.length);
