/** Syntax trees as plain data: the one place that knows the parser. */
export { type LoadedGrammar, loadGrammar } from './grammar.ts';
export { type CodeLanguage, languageOf, type ParsedLanguage } from './language.ts';
export { callTypes, classTypes, functionTypes, loopTypes } from './node-types.ts';
export { createParser, type ParseText, parse, Source, SyntaxNode, startsOfLines } from './tree.ts';
