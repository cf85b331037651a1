/** docs/bench.md (and a page with figures of its own) is written in sections between markers, so that each tool replaces its own and nothing else. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

export const docsFolder = join(import.meta.dirname, '..', 'docs');

/** Replaces the section `name`, or adds it at the end. Doing it twice changes nothing the second time. */
export const withSection = (document: string, name: string, body: string): string => {
  const begin = `<!-- bench:${name} -->`;
  const end = `<!-- /bench:${name} -->`;
  const section = `${begin}\n\n${body.trim()}\n\n${end}`;
  const from = document.indexOf(begin);
  const to = document.indexOf(end);
  if (from < 0 || to < from) return `${document.trimEnd()}\n\n${section}\n`;
  return `${document.slice(0, from)}${section}${document.slice(to + end.length)}`;
};

export const writeSection = (name: string, body: string, page = 'bench.md'): void => {
  const file = join(docsFolder, page);
  const document = existsSync(file) ? readFileSync(file, 'utf8') : '# Measured\n';
  writeFileSync(file, withSection(document, name, body));
};

export const markdownTable = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
