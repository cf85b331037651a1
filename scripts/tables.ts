/** The rows of the first Markdown table under a `## heading`, cells trimmed, header and rule left out. */
export const readTable = (markdown: string, heading: string): readonly (readonly string[])[] => {
  const lines = markdown.split('\n');
  const start = lines.findIndex((line) => line.trim() === `## ${heading}`);
  if (start < 0) return [];
  const end = lines.findIndex((line, index) => index > start && line.startsWith('## '));
  const section = lines.slice(start + 1, end < 0 ? undefined : end);
  const rows = section.slice(section.findIndex(isRow));
  const length = rows.findIndex((line) => !isRow(line));
  return rows.slice(2, length < 0 ? undefined : length).map(cells);
};

const isRow = (line: string): boolean => line.startsWith('|');

const cells = (row: string): readonly string[] =>
  row
    .replace(/^\||\|\s*$/g, '')
    .split('|')
    .map((cell) => cell.trim());
