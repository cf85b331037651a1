import { AppError } from '@tandem/protocol/error';

/** Words of a line as a shell would part them by blanks and quotes; nothing is expanded. @throws AppError usage */
export const wordsIn = (text: string): readonly string[] => {
  const words: string[] = [];
  const pattern = /\s*((?:[^\s"'\\]|\\[\s\S]|"(?:[^"\\]|\\[\s\S])*"|'[^']*')+)/y;
  let at = 0;
  for (let match = pattern.exec(text); match !== null; match = pattern.exec(text)) {
    words.push(bare(match[1] ?? ''));
    at = pattern.lastIndex;
  }
  if (text.slice(at).trim() === '') return words;
  throw new AppError('usage', 'a quote is not closed');
};

const bare = (word: string): string =>
  word.replace(
    /\\([\s\S])|"((?:[^"\\]|\\[\s\S])*)"|'([^']*)'/g,
    (_, escaped, double, single) =>
      escaped ?? (double === undefined ? single : double.replace(/\\(["\\$`])/g, '$1')),
  );
