type Group = { repeats: boolean; alternatives: string[]; start: number; readonly from: number };

/** Patterns whose time can grow without bound: a repeated group whose inside repeats too, or whose alternatives overlap. */
export const isCatastrophic = (pattern: string): boolean => {
  const open: Group[] = [];
  for (let at = 0; at < pattern.length; at += 1) {
    const character = pattern[at]!;
    if (character === '\\') at += 1;
    else if (character === '[') at = endOfSet(pattern, at);
    else if (character === '(') open.push({ repeats: false, alternatives: [], start: at + 1, from: at });
    else if (character === '|') closeAlternative(open.at(-1), pattern, at);
    else if (character === ')') {
      const group = open.pop();
      closeAlternative(group, pattern, at);
      if (
        group !== undefined &&
        unbounded(pattern.slice(at + 1)) &&
        (group.repeats || overlap(group.alternatives))
      )
        return true;
      const outer = open.at(-1);
      if (outer !== undefined && group?.repeats && fills(pattern, at, group, outer)) outer.repeats = true;
    }
    if (unbounded(pattern.slice(at + 1, at + 12)) && character !== '(' && character !== '|') {
      const group = open.at(-1);
      if (group !== undefined && isOnlyPart(pattern, at, group)) group.repeats = true;
    }
  }
  return false;
};

/** Nothing stands beside the inner group in its alternative of the outer one. */
const fills = (pattern: string, end: number, inner: Group, outer: Group): boolean =>
  /^(?:\?(?::|<\w+>))?$/.test(pattern.slice(outer.start, inner.from)) &&
  /^(?:[*+?]|\{\d+,?\d*\})?\??[)|]/.test(pattern.slice(end + 1, end + 14));

const unbounded = (rest: string): boolean => /^(?:[*+]|\{\d+,\})(?!\+)/.test(rest);

/** What repeats inside can be split anywhere only where nothing that must be there stands beside it. */
const isOnlyPart = (pattern: string, at: number, group: Group): boolean => {
  const before = pattern.slice(group.start, at + 1).replace(/^\?(?::|<\w+>)/, '');
  const after = pattern.slice(at + 1).replace(/^(?:[*+]|\{\d+,\})\??/, '');
  const beside = upToEnd(after);
  if (after[beside.length] === '(') return false;
  const repeated = lastAtom.exec(before)?.[0] ?? '';
  const others = [
    ...before.slice(0, before.length - repeated.length).matchAll(atoms),
    ...beside.matchAll(atoms),
  ];
  return others.every(
    ([whole, atom, times]) =>
      whole !== '' && (/^[?*]/.test(times ?? '') || (times === '+' && atom === repeated)),
  );
};

const lastAtom = /(?:\\[\s\S]|\[(?:\\.|[^\]\\])*\]|[^\\])$/;
const atoms = /(\\[\s\S]|\[(?:\\.|[^\]\\])*\]|[^\\])([?*+]?)\??/g;

const upToEnd = (rest: string): string => /^(?:\\[\s\S]|\[(?:\\.|[^\]\\])*\]|[^)|(\\[])*/.exec(rest)![0];

const endOfSet = (pattern: string, from: number): number => {
  for (let at = from + 2; at < pattern.length; at += 1) {
    if (pattern[at] === '\\') at += 1;
    else if (pattern[at] === ']') return at;
  }
  return pattern.length;
};

const closeAlternative = (group: Group | undefined, pattern: string, at: number): void => {
  if (group === undefined) return;
  group.alternatives.push(pattern.slice(group.start, at).replace(/^\?(?::|<\w+>)/, ''));
  group.start = at + 1;
};

/** `(a|a)*`, `(a|ab)*`: two ways to read the same text. */
const overlap = (alternatives: readonly string[]): boolean =>
  alternatives.length > 1 &&
  alternatives.some(
    (one, at) =>
      one !== '' &&
      alternatives.some((other, place) => place !== at && other.startsWith(one) && /^\w+$/.test(one)),
  );
