/** What code is read in. The shell has a grammar too, but its files are not named by their ending. */
export type CodeLanguage = 'javascript' | 'typescript' | 'tsx' | 'python';
export type ParsedLanguage = CodeLanguage | 'bash';

const byExtension: Readonly<Record<string, CodeLanguage>> = {
  js: 'javascript',
  mjs: 'javascript',
  cjs: 'javascript',
  jsx: 'javascript',
  ts: 'typescript',
  mts: 'typescript',
  cts: 'typescript',
  tsx: 'tsx',
  py: 'python',
  pyi: 'python',
  pyw: 'python',
};

/** By the file's extension alone; `other` has no grammar here. */
export const languageOf = (path: string): CodeLanguage | 'other' => {
  const extension = /\.([a-z]+)$/i.exec(path)?.[1]?.toLowerCase() ?? '';
  return byExtension[extension] ?? 'other';
};
