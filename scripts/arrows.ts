/** Checks every import of the rooms against the table "Arrows" in docs/ARCHITECTURE.md. */
import { globSync, readFileSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { join, posix } from 'node:path';
import { readTable } from './tables.ts';

export type Arrow = { readonly from: string; readonly rooms: ReadonlySet<string>; readonly node: boolean };

export type SourceFile = {
  /** Relative to the repository root, forward slashes. */
  readonly path: string;
  readonly text: string;
  /** npm packages that the room's package.json lists as dependencies. */
  readonly dependencies: ReadonlySet<string>;
};

/** One line per import that no arrow allows. */
export const checkArrows = (files: readonly SourceFile[], arrows: readonly Arrow[]): readonly string[] =>
  files.flatMap((file) => {
    const arrow = arrowOf(file.path, arrows);
    if (arrow === undefined) return [`${file.path}: no row for this path in the arrows table`];
    return importsOf(file.text).flatMap(({ module, line }) => {
      const reason = refuse({ file, module, arrow });
      return reason === null ? [] : [`${file.path}:${line}: ${module}: ${reason}`];
    });
  });

/** @throws Error when the document has no such table: a check that reads nothing would pass everything */
export const readArrows = (markdown: string): readonly Arrow[] => {
  const rows = readTable(markdown, 'Arrows');
  if (rows.length === 0) throw new Error('docs/ARCHITECTURE.md has no table under "## Arrows"');
  return rows.map(([from = '', rooms = '', node = '']) => ({
    from: ticked(from)[0] ?? from,
    rooms: new Set(ticked(rooms)),
    node: node === 'yes',
  }));
};

const ticked = (cell: string): readonly string[] =>
  [...cell.matchAll(/`([^`]+)`/g)].map((match) => match[1]!);

const arrowOf = (path: string, arrows: readonly Arrow[]): Arrow | undefined =>
  arrows
    .filter(({ from }) => path === from || path.startsWith(`${from}/`))
    .toSorted((left, right) => right.from.length - left.from.length)[0];

const refuse = (options: {
  readonly file: SourceFile;
  readonly module: string;
  readonly arrow: Arrow;
}): string | null => {
  const { file, module, arrow } = options;
  if (module.startsWith('.')) return refuseRelative(file.path, module);
  if (isBuiltin(module)) return arrow.node ? null : `${arrow.from} may not use Node`;
  const own = /^@tandem\/([^/]+)/.exec(module)?.[1];
  if (own !== undefined) return arrow.rooms.has(own) ? null : `no arrow from ${arrow.from} to ${own}`;
  const name = module.split('/', module.startsWith('@') ? 2 : 1).join('/');
  return file.dependencies.has(name) ? null : `${name} is not in ${roomOf(file.path)}/package.json`;
};

const refuseRelative = (path: string, module: string): string | null => {
  const target = posix.join(posix.dirname(path), module);
  if (!target.startsWith(`${roomOf(path)}/`)) return 'leaves its room; import the package by name';
  return null;
};

const roomOf = (path: string): string => path.split('/', 2).join('/');

/** Static, re-exporting and dynamic imports with literal names. Comment lines do not count. */
export const importsOf = (text: string): readonly { readonly module: string; readonly line: number }[] => {
  const patterns = [
    /^[ \t]*(?:import|export)\s(?:[^;'"`]*?\bfrom\s*)?['"]([^'"\n]+)['"]/gm,
    /^(?![ \t]*(?:\*|\/\/|\/\*)).*?\b(?:import|require)\(\s*['"`]([^'"`\n]+)['"`]/gm,
  ];
  return patterns.flatMap((pattern) =>
    [...text.matchAll(pattern)].map((match) => ({
      module: match[1]!,
      line: text.slice(0, match.index + match[0].length).split('\n').length,
    })),
  );
};

export const readSources = (root: string): readonly SourceFile[] =>
  globSync(['packages/*/src/**/*.ts', 'apps/*/src/**/*.{ts,tsx}'], { cwd: root })
    .map((path) => path.replaceAll('\\', '/'))
    .toSorted()
    .map((path) => ({
      path,
      text: readFileSync(join(root, path), 'utf8'),
      dependencies: dependenciesOf(root, roomOf(path)),
    }));

const dependenciesOf = (root: string, room: string): ReadonlySet<string> => {
  const manifest: { dependencies?: Record<string, string> } = JSON.parse(
    readFileSync(join(root, room, 'package.json'), 'utf8'),
  );
  return new Set(Object.keys(manifest.dependencies ?? {}));
};

if (import.meta.main) {
  const root = join(import.meta.dirname, '..');
  const arrows = readArrows(readFileSync(join(root, 'docs', 'ARCHITECTURE.md'), 'utf8'));
  const broken = checkArrows(readSources(root), arrows);
  for (const line of broken) console.error(line);
  process.exitCode = broken.length > 0 ? 1 : 0;
}
