import { type Chunk, diff3, type Range, type Three } from '../align/diff3.ts';
import { alignRarest } from '../align/histogram.ts';
import { weaveLines } from '../propose/weave-lines.ts';
import { weaveTokens } from '../propose/weave-tokens.ts';
import { bare, keyer } from '../text/tokens.ts';
import { type Item, type List, withSeparator } from './item.ts';

/** Stands in the text where both sides changed one thing; no source has it. */
export const unsettled = '\u0000unsettled\n';

type Picked = { readonly text: string; readonly separatorAt: number | null };

/** Three lists item by item: what one side added, removed or changed is taken; where both changed one thing, `unsettled`. */
export const weaveLists = (lists: Three<List>): string => {
  const picked = weaveItems({ base: lists.base.items, ours: lists.ours.items, theirs: lists.theirs.items });
  if (picked === null) return unsettled;
  const separator = pickSide(lists.base.separator, lists.ours.separator, lists.theirs.separator);
  const items = picked.map((item, index) =>
    separator === 'none'
      ? item.text
      : withSeparator(item, separator === 'closed' || index < picked.length - 1),
  );
  const part = (of: 'head' | 'tail'): string =>
    weaveText({ base: lists.base[of], ours: lists.ours[of], theirs: lists.theirs[of] });
  return part('head') + items.join('') + part('tail');
};

const pickSide = <T>(base: T, ours: T, theirs: T): T => (ours === base ? theirs : ours);

type Items = Three<readonly Item[]>;

const weaveItems = (items: Items): readonly Picked[] | null => {
  const key = keyer();
  const keys = (list: readonly Item[]): readonly number[] => list.map((item) => key(item.key));
  const keyed = { base: keys(items.base), ours: keys(items.ours), theirs: keys(items.theirs) };
  const picked: Picked[] = [];
  for (const chunk of diff3(keyed, { align: alignRarest, touching: 'apart' })) {
    const part = slices(items, chunk);
    const taken = chunk.by === 'nobody' || chunk.by === 'both alike' ? matched(part) : changed(part, items);
    if (taken === null) return null;
    picked.push(...taken);
  }
  return picked;
};

const slices = (items: Items, chunk: Chunk): Items => {
  const slice = (list: readonly Item[], { start, end }: Range): readonly Item[] => list.slice(start, end);
  return {
    base: slice(items.base, chunk.base),
    ours: slice(items.ours, chunk.ours),
    theirs: slice(items.theirs, chunk.theirs),
  };
};

const matched = ({ base, ours, theirs }: Items): readonly Picked[] =>
  ours.map((item, at) =>
    weaveItem({ base: base.find(({ key }) => key === item.key), ours: item, theirs: theirs[at]! }),
  );

const weaveItem = ({ base, ours, theirs }: { base: Item | undefined; ours: Item; theirs: Item }): Picked => {
  if (bare(ours.text) === bare(theirs.text)) return ours;
  if (base === undefined) return { text: unsettled, separatorAt: null };
  if (isSame(base, ours)) return theirs;
  if (isSame(base, theirs)) return ours;
  if (base.inner !== null && ours.inner !== null && theirs.inner !== null)
    return anchored(weaveLists({ base: base.inner, ours: ours.inner, theirs: theirs.inner }), ours);
  return anchored(weaveText({ base: base.text, ours: ours.text, theirs: theirs.text }), ours);
};

/** A woven text keeps its separator where the lines of ours had theirs: at the end of the code of its last line. */
const anchored = (text: string, ours: Item): Picked => {
  if (ours.separatorAt === null) return { text, separatorAt: null };
  const end = ours.text.length - ours.separatorAt;
  const sameEnd = text.endsWith(ours.text.slice(ours.separatorAt));
  return sameEnd ? { text, separatorAt: text.length - end } : { text: unsettled, separatorAt: null };
};

const isSame = (a: Item, b: Item): boolean => bare(withSeparator(a, false)) === bare(withSeparator(b, false));

/** Leaves: lines that only touch, tokens that do not. */
const weaveText = (versions: Three<string>): string => {
  if (versions.ours === versions.base) return versions.theirs;
  if (versions.theirs === versions.base || versions.ours === versions.theirs) return versions.ours;
  return (
    weaveLines(versions, (stretch) => weaveTokens(stretch, { settle: () => null, touching: 'together' })) ??
    unsettled
  );
};

const has = (list: readonly Item[], { key }: Item): Item | undefined => list.find((item) => item.key === key);

/** Each side put something of its own where both took the same away: two ways to say one thing, not two things. */
const isReplacedTwice = ({ base, ours, theirs }: Items): boolean => {
  const lacks = (item: Item, ...lists: (readonly Item[])[]): boolean =>
    lists.every((list) => has(list, item) === undefined);
  return (
    base.some((item) => lacks(item, ours, theirs)) &&
    ours.some((item) => lacks(item, base, theirs)) &&
    theirs.some((item) => lacks(item, base, ours))
  );
};

/** Items that came or went: removed where the other side left them alone, added ones behind what they stood behind. */
const changed = ({ base, ours, theirs }: Items, all: Items): readonly Picked[] | null => {
  for (const item of base) {
    const [mine, other] = [has(ours, item), has(theirs, item)];
    if (
      mine === undefined &&
      (other === undefined ? (has(all.ours, item) ?? has(all.theirs, item)) : !isSame(item, other))
    )
      return null;
    if (other === undefined && mine !== undefined && !isSame(item, mine)) return null;
  }
  if (isReplacedTwice({ base, ours, theirs })) return null;
  const added = [...ours, ...theirs].filter((item) => has(base, item) === undefined);
  if (added.some((item) => has(all.base, item) !== undefined)) return null;
  const result: { readonly key: string; readonly picked: Picked }[] = [];
  for (const item of ours) {
    const [old, other] = [has(base, item), has(theirs, item)];
    if (old !== undefined && other === undefined) continue;
    const picked = other === undefined ? item : weaveItem({ base: old, ours: item, theirs: other });
    result.push({ key: item.key, picked });
  }
  let at = 0;
  for (const item of theirs) {
    const place = result.findIndex(({ key }) => key === item.key);
    if (place !== -1) at = place + 1;
    else if (has(base, item) === undefined) {
      while (
        at < result.length &&
        has(base, { ...item, key: result[at]!.key }) === undefined &&
        has(theirs, { ...item, key: result[at]!.key }) === undefined
      )
        at += 1;
      result.splice(at, 0, { key: item.key, picked: item });
      at += 1;
    }
  }
  return result.map(({ picked }) => picked);
};
