import { type Command, literal, type Word } from '../../../shell/command.ts';
import type { Effect } from '../../effect.ts';
import { grammarOf, has, parseArguments, valuesOf } from '../arguments.ts';
import type { Develop, DevelopContext } from '../develop.ts';
import { outcomeEffect, type Subject } from '../outcome.ts';
import { isProjectTool } from './project-tools.ts';
import { sourceEffects } from './source.ts';

/** Whether a runner looks into the workspace first (`npx`) or always fetches (`pnpm dlx`). */
type Fetching = 'if missing' | 'always';

const options = grammarOf(
  '@stop -p= --package= -c= --call= --node-arg= -n= -w= --workspace= --shell= --prefix= --cache= --userconfig= --registry= --from= --with= --with-requirements= --with-editable= --python= --index-url= --default-index= --index= --extra-index-url= --spec= --pip-args= --allow-build= -C=',
);

/** Runs a package by name, fetching it where it is not there: `npx`, `bunx`, `pnpm dlx`, `uvx`. */
export const runPackage = (
  args: readonly Word[],
  fetching: Fetching,
  command: Command,
  context: DevelopContext,
): readonly Effect[] => {
  const parsed = parseArguments(args, options);
  const [tool, ...rest] = parsed.operands;
  const packages = valuesOf(parsed, '-p', '--package', '--from', '--with', '--spec');
  const text = valuesOf(parsed, '-c', '--call')[0];
  const subject: Subject = {
    program: command.name ?? '',
    what: tool?.text ?? 'a package',
    scope: 'user',
    system: 'service',
  };
  const shell = text ? context.code('shell', text, command) : [];
  const registry = valuesOf(
    parsed,
    '--registry',
    '--index-url',
    '--default-index',
    '--index',
    '--extra-index-url',
  ).flatMap(sourceEffects);
  if (!tool)
    return packages.length > 0
      ? [outcomeEffect('exec', subject), ...shell]
      : shell.length > 0
        ? shell
        : [outcomeEffect('read', subject)];
  if (!tool.known)
    return [{ type: 'opaque', at: 'command', what: 'fetches and runs a package whose name is not known' }];
  if (/^\.{0,2}\//.test(tool.text)) return [...context.inner(parsed.operands, command), ...shell];
  const name = nameOf(tool.text);
  const local =
    has(parsed, '--no-install', '--no', '--offline') ||
    (isProjectTool(name) && name === tool.text && packages.length === 0);
  const inner = isProjectTool(name) ? context.inner([literal(name), ...rest], command) : [];
  if (local && fetching === 'if missing')
    return inner.length > 0 ? [...inner, ...registry] : [outcomeEffect('project', subject), ...registry];
  return [
    outcomeEffect('exec', {
      ...subject,
      what: `fetches and runs ${[...packages, tool].map(({ text: each }) => each).join(' ')}`,
    }),
    ...[...packages, tool].flatMap(sourceEffects),
    ...registry,
    ...inner,
    ...shell,
  ];
};

/** `prettier@3` and `@scope/tool@1.2` without the version. */
const nameOf = (text: string): string =>
  text
    .replace(/(?<=.)@[^/]*$/, '')
    .replace(
      /^@(?:biomejs|playwright|changesets|angular|nestjs|redocly|openapitools|commitlint|tailwindcss)\//,
      (scope) => scopes[scope] ?? '',
    );

const scopes: Readonly<Record<string, string>> = {
  '@changesets/': 'changeset-',
};

export const npx =
  (fetching: Fetching): Develop =>
  (command, context) =>
    runPackage(command.args, fetching, command, context);
