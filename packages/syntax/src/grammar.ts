import { createRequire } from 'node:module';
import type { Language as Grammar, Parser } from 'web-tree-sitter';
import type { ParsedLanguage } from './language.ts';

/** One parser and its grammar. The parser is shared: use it without awaiting in between. */
export type LoadedGrammar = {
  readonly parser: Parser;
  readonly grammar: Grammar;
  readonly Edit: typeof import('web-tree-sitter').Edit;
};

const files: Readonly<Record<ParsedLanguage, string>> = {
  bash: 'tree-sitter-bash/tree-sitter-bash.wasm',
  javascript: 'tree-sitter-javascript/tree-sitter-javascript.wasm',
  python: 'tree-sitter-python/tree-sitter-python.wasm',
  typescript: 'tree-sitter-typescript/tree-sitter-typescript.wasm',
  tsx: 'tree-sitter-typescript/tree-sitter-tsx.wasm',
};

const resolve = createRequire(import.meta.url).resolve;
const loaded = new Map<ParsedLanguage, Promise<LoadedGrammar>>();
let engine: Promise<typeof import('web-tree-sitter')> | null = null;

/** Loads engine and grammar on first use (about 30 ms and 4 MB a language), once a process. */
export const loadGrammar = (language: ParsedLanguage): Promise<LoadedGrammar> => {
  const known = loaded.get(language);
  if (known !== undefined) return known;
  const loading = load(language);
  loaded.set(language, loading);
  return loading;
};

const load = async (language: ParsedLanguage): Promise<LoadedGrammar> => {
  engine ??= startEngine();
  const { Language: GrammarClass, Parser: ParserClass, Edit } = await engine;
  const grammar = await GrammarClass.load(resolve(files[language]));
  const parser = new ParserClass();
  parser.setLanguage(grammar);
  return { parser, grammar, Edit };
};

const startEngine = async (): Promise<typeof import('web-tree-sitter')> => {
  const module = await import('web-tree-sitter');
  const wasm = resolve('web-tree-sitter/web-tree-sitter.wasm');
  await module.Parser.init({ locateFile: () => wasm });
  return module;
};
