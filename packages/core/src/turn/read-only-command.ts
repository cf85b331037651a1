const programs = new Set(['ls', 'cat', 'head', 'tail', 'wc', 'pwd']);
const gitCommands = new Set(['status', 'diff', 'log']);
/** Flags of git that write, run a program, or look elsewhere; also as the abbreviations that git takes. */
const badGitFlag = /^(-[cCoOp]|--(out|ext|textc|open|no-i|git-d|work|exec|pag|conf|super|recu))/;

/** A short list, without a shell's powers. Anything not surely harmless is not on it. */
export const isReadOnlyCommand = (command: string): boolean => {
  if (!/^[\w ./:@=,+-]+$/.test(command)) return false;
  const [program = '', ...rest] = command.trim().split(/ +/);
  if (rest.some((word) => isElsewhere(word))) return false;
  if (programs.has(program)) return !rest.some((word) => /^-.*f/.test(word) && program === 'tail');
  return program === 'git' && gitCommands.has(rest[0] ?? '') && !rest.some((word) => badGitFlag.test(word));
};

const isElsewhere = (word: string): boolean =>
  /(^|=)\//.test(word) || word.split(/[/=:]/).includes('..') || /^-[A-Za-z]*\//.test(word);
