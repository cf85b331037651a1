import type { Edit } from './edit.ts';

const definition = /^(?:def|function|class|func|fn)$/;

/** Lines of removed functions that nothing removed with them called: they guarded no path. */
export const deadLines = (edit: Edit, sources: readonly Edit[]): ReadonlySet<number> => {
  const dead = new Set<number>();
  const { tokens, changed } = edit.before;
  for (const block of edit.blocks) {
    let isDead = false;
    let from = block.beforeStart;
    const mark = (end: number): void => {
      if (isDead) for (let line = from; line < end; line += 1) dead.add(line);
    };
    tokens.forEach((token, index) => {
      if (token.line < from || token.line >= block.beforeEnd || !definition.test(token.text)) return;
      mark(token.line);
      from = token.line;
      const name = tokens[index + 1]?.text ?? '';
      isDead = changed.has(token.line) && /^\w{3,}$/.test(name) && !isUsed(name, sources);
    });
    mark(block.beforeEnd);
  }
  return dead;
};

/** A use of the name goes too, or the name is still there: then the function mattered. */
const isUsed = (name: string, sources: readonly Edit[]): boolean => {
  let count = 0;
  for (const edit of sources) {
    for (const token of edit.after.tokens) if (token.text === name) return true;
    for (const token of edit.before.tokens)
      if (token.text === name && edit.before.changed.has(token.line)) count += 1;
  }
  return count > 1;
};
