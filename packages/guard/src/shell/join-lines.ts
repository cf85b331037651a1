/**
 * Undoes what the grammar reads otherwise than the shell: a word that goes on behind a backslash at the end of a line, and a
 * line that begins with a quoted letter (`\rm`). A comment ends with its line whatever stands there, so lines that hold a
 * `#` are left alone.
 */
export const joinLines = (text: string): string => {
  if (!text.includes('\\')) return text;
  const lines = text.split('\n');
  const joined: string[] = [];
  for (let at = 0; at < lines.length; at += 1) {
    let line = lines[at]!;
    while (at + 1 < lines.length && goesOn(line, lines[at + 1]!)) {
      at += 1;
      line = line.replace(/\\\r?$/, '') + lines[at]!;
    }
    joined.push(line.replace(/^([ \t]*)\\(?=[A-Za-z])/, '$1'));
  }
  return joined.join('\n');
};

const goesOn = (line: string, next: string): boolean =>
  /[^\s\\](?:\\\\)*\\\r?$/.test(line) && !line.includes('#') && /^[^\s#]/.test(next);
