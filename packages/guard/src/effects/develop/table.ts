import type { Command, Word } from '../../shell/command.ts';
import { shellText } from '../../shell/shell-text.ts';
import { type Context, oneTable, type Table } from '../describe.ts';
import type { Effect } from '../effect.ts';
import { applyPatchTable } from './apply-patch.ts';
import type { Develop, DevelopContext, DevelopTable } from './develop.ts';
import { forgeTable } from './forges.ts';
import { gitTable } from './git/table.ts';
import { innerCommand } from './inner.ts';
import { migrationTable } from './migrations.ts';
import { denoTable } from './packages/deno.ts';
import { javascriptPackageTable } from './packages/javascript.ts';
import { languagePackageTable } from './packages/languages.ts';
import { pythonPackageTable } from './packages/python.ts';
import { systemPackageTable } from './packages/system.ts';
import { interpreterTable } from './scripts/interpreters.ts';
import { tandemTable } from './tandem.ts';
import { compilerTable } from './tools/compilers.ts';
import { deleteTable } from './tools/deletes.ts';
import { plainToolTable } from './tools/plain.ts';
import { runnerTable } from './tools/runners.ts';
import { wrapperTable } from './tools/wrappers.ts';
import { versioningTable } from './versioning.ts';

/** The tables that it is made of; no two of them describe the same program. */
export const developParts: readonly DevelopTable[] = [
  plainToolTable,
  applyPatchTable,
  interpreterTable,
  wrapperTable,
  deleteTable,
  compilerTable,
  runnerTable,
  migrationTable,
  systemPackageTable,
  languagePackageTable,
  pythonPackageTable,
  javascriptPackageTable,
  denoTable,
  versioningTable,
  forgeTable,
  gitTable,
  tandemTable,
];

const families: DevelopTable = oneTable(...developParts);

/** Deep enough for every honest nesting (`cross-env npx nodemon -x node`). */
const maximumDepth = 6;

/** Descriptions of the tools that software is made with: git, forges, package managers, build and test tools. */
export const developTable: Table = oneTable(
  ...Object.entries(families).map(
    ([name, develop]): Table => ({
      [name]: (command, context) => develop(command, withInner(context, 0)),
    }),
  ),
);

const withInner = (context: Context, depth: number): DevelopContext => ({
  ...context,
  inner: (words, command) => innerEffects(words, command, withInner(context, depth + 1), depth),
});

const innerEffects = (
  words: readonly Word[],
  command: Command,
  context: DevelopContext,
  depth: number,
): readonly Effect[] => {
  const inner = innerCommand(words, command);
  if (!inner) return [];
  const known = lookUp(inner.name);
  const effects = known && depth < maximumDepth ? known(inner, context) : null;
  return effects ?? context.code('shell', shellText(words), command);
};

const lookUp = (name: string | null): Develop | undefined =>
  name !== null && Object.hasOwn(families, name) ? families[name] : undefined;
