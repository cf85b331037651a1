import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { CodeRunner } from '@tandem/core';
import { languageOf } from '@tandem/syntax';
import { resolveImport } from '../resolve-import.ts';
import { hasScriptPackage, scriptPackage } from './script-packages.ts';
import { textsOf } from './texts.ts';

type Asked = Parameters<CodeRunner['absentPackages']>[0];

/** Starting an interpreter and looking at its folders; what takes longer says nothing. */
const askMs = 10_000;

/**
 * Those of the modules whose package is neither built in, nor part of the workspace, nor declared, nor installed. Where it
 * is not clear which interpreter or bundler will run the code, nothing is said.
 */
export const absentPackages = async (input: Asked): Promise<readonly string[]> =>
  languageOf(input.path) === 'python' ? absentFromPython(input) : absentFromScript(input);

const absentFromScript = async ({ root, path, modules, files }: Asked): Promise<readonly string[]> => {
  if (languageOf(path) === 'other') return [];
  const named = modules.flatMap((module) => {
    const name = scriptPackage(module);
    return name === null || resolveImport(path, module, files).length > 0 ? [] : [{ module, name }];
  });
  if (named.length === 0) return [];
  const settings = await textsOf(root, files, isScriptSetting);
  return named
    .filter(({ name }) => !hasScriptPackage(name, { root, path, settings }))
    .map(({ module }) => module);
};

/** Where dependencies are declared, or other names are given to what is there. */
const isScriptSetting = (path: string): boolean =>
  /(?:^|\/)(?:package\.json|(?:ts|js)config[^/]*\.json|deno\.jsonc?|import_?map\.json|\.babelrc[^/]*|[^/]*\.config\.[cm]?[jt]s|\.pnp\.c?js)$/.test(
    path,
  );

/** Environments that a tool makes and enters when the tests are run: not the interpreter that would answer here. */
const entered =
  /(?:^|\/)(?:poetry\.lock|uv\.lock|pdm\.lock|Pipfile|environment\.ya?ml|tox\.ini|noxfile\.py|hatch\.toml)$/;

const absentFromPython = async (input: Asked): Promise<readonly string[]> => {
  const { root, path, files, workspace, signal } = input;
  const tops = new Map(
    input.modules.filter((module) => !module.startsWith('.')).map((one) => [one.split('.')[0]!, one]),
  );
  const own = ['.venv/bin/python', 'venv/bin/python']
    .map((at) => join(root, at))
    .find((at) => existsSync(at));
  if (tops.size === 0 || (own === undefined && [...files].some((file) => entered.test(file)))) return [];
  const declared = await textsOf(root, files, (file) =>
    /(?:^|\/)(?:[^/]*requirements[^/]*\.txt|requirements\/[^/]+\.txt|pyproject\.toml|setup\.(?:py|cfg))$/.test(
      file,
    ),
  );
  const unknown = [...tops.keys()].filter(
    (name) =>
      resolveImport(path, name, files).length === 0 &&
      ![...files].some((file) => file.startsWith(`${name}/`) || file.includes(`/${name}/`)) &&
      !declared.some((text) => text.toLowerCase().replaceAll('-', '_').includes(name.toLowerCase())),
  );
  if (unknown.length === 0) return [];
  const asked = await workspace.run({
    command: [own ?? 'python3', '-c', whichAreAbsent, ...unknown],
    timeoutMs: askMs,
    signal,
  });
  if (asked.exit !== 0) return [];
  const absent = new Set(asked.output.trim().split('\n'));
  return unknown.filter((name) => absent.has(name)).map((name) => tops.get(name) ?? name);
};

/** A name without dots is looked for, and nothing of it is run. */
const whichAreAbsent = `
import importlib.util, sys
for name in sys.argv[1:]:
    try:
        found = importlib.util.find_spec(name) is not None
    except Exception:
        found = True
    if not found:
        print(name)
`;
