import type { Mechanism } from '@tandem/protocol';
import type { CodeKnowledge } from '../ports.ts';
import type { Region } from './state.ts';

/** Text that stands for code the model did not want to write. */
const placeholder =
  /(?:#|\/\/|\/\*|<!--|\.\.\.)\s*(?:\.\.\.|…)?\s*(?:the\s+)?(?:rest of|remaining|existing|previous|other|same as|unchanged)\b[^\n]{0,60}(?:code|here|above|before|function|method|implementation|file|unchanged)|(?:#|\/\/)\s*(?:your|implementation|code goes|add (?:your )?code|TODO:? implement)\b/i;

export type Guarded =
  | { readonly type: 'ok' }
  | {
      readonly type: 'rejected';
      readonly reason: Rejection;
      /** With `missing_import`: the modules that are not here. */
      readonly modules?: readonly string[];
    };
export type Rejection =
  | 'empty'
  | 'unchanged'
  | 'placeholder'
  | 'shrunk'
  | 'syntax'
  | 'missing_import'
  | 'undefined_name'
  | 'loop'
  | 'lost_symbol'
  | 'no_symbol';

export const sameCode = (a: string, b: string): boolean => squeeze(a) === squeeze(b);

/** Whitespace at line ends, blank lines and comments on their own line do not make code different. */
export const squeeze = (text: string): string =>
  text
    .split('\n')
    .map((line) => line.trimEnd())
    .filter((line) => line.trim() !== '' && !/^\s*(#|\/\/)/.test(line))
    .join('\n');

/** Three lines that come again and again: the model is going round. */
export const isLooping = (text: string): boolean => {
  const lines = text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line.length > 3);
  const counts = new Map<string, number>();
  for (let index = 0; index + 2 < lines.length; index++) {
    const key = lines.slice(index, index + 3).join('\n');
    const count = (counts.get(key) ?? 0) + 1;
    if (count >= 5) return true;
    counts.set(key, count);
  }
  return false;
};

/** What can be said against a new text of a file before anything is run. */
export const guardText = async (input: {
  readonly code: CodeKnowledge;
  readonly region: Region;
  readonly text: string;
  readonly files: ReadonlySet<string>;
  readonly uses: (mechanism: Mechanism) => boolean;
  /** Of these modules, those whose package is not here. */
  readonly absent: (modules: readonly string[]) => Promise<readonly string[]>;
}): Promise<Guarded> => {
  const { region, text } = input;
  if (text.trim() === '') return rejected('empty');
  if (sameCode(text, region.text)) return rejected('unchanged');
  if (!input.uses('guards')) return { type: 'ok' };
  if (placeholder.test(text) && !placeholder.test(region.text)) return rejected('placeholder');
  if (isLooping(text) && !isLooping(region.text)) return rejected('loop');
  if (shrank(region, text)) return rejected('shrunk');
  const error = await input.code.syntaxError(region.path, text);
  if (error !== null && (region.isNew || (await input.code.syntaxError(region.path, region.text)) === null))
    return rejected('syntax');
  const modules = await missingImports(input);
  if (modules.length > 0) return { type: 'rejected', reason: 'missing_import', modules };
  if (await usesUnknownNames(input)) return rejected('undefined_name');
  return { type: 'ok' };
};

const rejected = (reason: Rejection): Guarded => ({ type: 'rejected', reason });

/** Under a third of what was there, from a size where that is no ordinary tidying. */
const shrank = (region: Region, text: string): boolean => {
  const before = region.text.split('\n').length;
  return !region.stub && before >= 30 && text.split('\n').length < before / 3;
};

/** A name that nothing binds, imports or builds in, and that was not loose before. */
const usesUnknownNames = async (input: {
  readonly code: CodeKnowledge;
  readonly region: Region;
  readonly text: string;
}): Promise<boolean> => {
  const { code, region, text } = input;
  const before = new Set(await code.undefinedNames(region.path, region.text));
  return (await code.undefinedNames(region.path, text)).some((name) => !before.has(name));
};

/** Imports that were not there before and lead to nothing: no file where they are relative, no package otherwise. */
const missingImports = async ({
  code,
  region,
  text,
  files,
  absent,
}: Parameters<typeof guardText>[0]): Promise<readonly string[]> => {
  const known = new Set((await code.imports(region.path, region.text)).map((one) => one.module));
  const added = (await code.imports(region.path, text))
    .map((one) => one.module)
    .filter((module) => !known.has(module));
  const relative = added.filter(
    (module) => module.startsWith('.') && code.resolveImport(region.path, module, files).length === 0,
  );
  const packages = [...new Set(added.filter((module) => !module.startsWith('.')))];
  return packages.length === 0 ? relative : [...relative, ...(await absent(packages))];
};
