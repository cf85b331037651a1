import type { CodeKnowledge } from '@tandem/core';
import { languageOf } from '@tandem/syntax';
import { symbols } from './declarations.ts';
import { identifiers } from './identifiers.ts';
import { imports } from './imports.ts';
import { undefinedNames } from './lint.ts';
import { mutations } from './mutate/mutations.ts';
import { resolveImport } from './resolve-import.ts';
import { createSymbolMap } from './symbol-map.ts';
import { syntaxError } from './syntax-error.ts';
import { withoutBody } from './without-body.ts';

/** What syntax trees tell about JavaScript, TypeScript and Python. Grammars load on first use. */
export const createCodeKnowledge = (): CodeKnowledge => ({
  languageOf,
  symbols,
  syntaxError,
  imports,
  resolveImport,
  identifiers,
  mutations,
  withoutBody,
  undefinedNames,
  rank: createSymbolMap(),
});
