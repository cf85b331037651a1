import type { SyntaxNode } from '@tandem/syntax';
import { hole, literal, unknownWord, type Word } from './command.ts';
import { expandWhole, expandWord, type Surroundings } from './expand-word.ts';
import type { Scope } from './scope.ts';

const form = /^([A-Za-z_]\w*)(\[[^\]]*\])?(\+?)=([\s\S]*)$/;

/** `NAME=value`, `NAME+=value` and `NAME=(a b)`: the variable's new value; empty where the text is neither. */
export const readAssignment = (
  node: SyntaxNode,
  surroundings: Surroundings,
): Readonly<Record<string, Word>> => {
  const match = form.exec(node.text);
  if (match === null) return {};
  const [, name = '', , append, raw = ''] = match;
  if (raw.startsWith('(')) {
    const list = expandWord(raw.slice(1, -1), surroundings);
    const text = list.map((word) => word.text).join(' ');
    return {
      [name]: capped({
        text,
        known: !text.includes(hole),
        glob: list.some((word) => word.glob),
        quoted: false,
      }),
    };
  }
  const value = expandWhole(raw, surroundings);
  const text = (append === '+' ? (surroundings.value(name)?.text ?? '') : '') + value.text;
  return { [name]: capped({ ...value, text, known: !text.includes(hole) }) };
};

/** A value that doubles itself over and over is not followed. */
const maxValue = 20_000;
const capped = (value: Word): Word => (value.text.length > maxValue ? unknownWord : value);

/** `export A=b`, `declare -x A`, `local a=b`: assigns, and returns the words of the command. */
export const declare = (node: SyntaxNode, scope: Scope, surroundings: Surroundings): readonly Word[] => {
  const keyword = node.children[0]?.text ?? 'declare';
  const words: Word[] = [literal(keyword)];
  let exports = keyword === 'export';
  for (const child of node.children.slice(1)) {
    if (!child.named) continue;
    if (child.type === 'variable_assignment') {
      for (const [name, value] of Object.entries(readAssignment(child, surroundings))) {
        scope.variables.set(name, value);
        if (exports) scope.exported.add(name);
        words.push({ ...value, text: `${name}=${value.text}` });
      }
      continue;
    }
    const named = expandWord(child.text, surroundings);
    words.push(...named);
    exports ||= named.some((word) => /^-\w*x/.test(word.text));
    if (exports) for (const word of named) scope.exported.add(word.text);
  }
  return words;
};
