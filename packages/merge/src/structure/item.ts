/** A statement, a member, a key, an element: whole lines, with the comments and blank lines above it. */
export type Item = {
  /** The same in all versions of a text, and no other item of its list has it. */
  readonly key: string;
  /** Known by a name, not by all that it says. */
  readonly named: boolean;
  /** An item above has the same name. */
  readonly again: boolean;
  readonly text: string;
  /** Where the separator stands or would stand in the text; null in lists without. */
  readonly separatorAt: number | null;
  /** Set where the item holds a list of its own. */
  readonly inner: List | null;
};

/** Lines in the order head, items, tail: together they are the text. */
export type List = {
  readonly head: string;
  readonly items: readonly Item[];
  readonly tail: string;
  /** Items are set apart by commas; `closed` where the last one has one too. */
  readonly separator: 'none' | 'between' | 'closed';
};

/** The text of an item with or without its separator. */
export const withSeparator = (item: Pick<Item, 'text' | 'separatorAt'>, wanted: boolean): string => {
  const at = item.separatorAt;
  if (at === null) return item.text;
  const rest = item.text.slice(at);
  const after = rest.startsWith(',') ? rest.slice(1) : rest;
  return `${item.text.slice(0, at)}${wanted ? ',' : ''}${after}`;
};

/** Keys that no two items share: the second of a name is another one. */
export const distinct = (items: readonly Omit<Item, 'again'>[]): readonly Item[] => {
  const seen = new Map<string, number>();
  return items.map((item) => {
    const count = (seen.get(item.key) ?? 0) + 1;
    seen.set(item.key, count);
    return count === 1 ? { ...item, again: false } : { ...item, key: `${item.key} ${count}`, again: true };
  });
};
