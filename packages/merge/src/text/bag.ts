/** How often each thing occurs. */
export type Bag = ReadonlyMap<string, number>;

export const bagOf = (things: Iterable<string>): Bag => {
  const bag = new Map<string, number>();
  for (const thing of things) bag.set(thing, (bag.get(thing) ?? 0) + 1);
  return bag;
};

export const sizeOf = (bag: Bag): number => {
  let size = 0;
  for (const count of bag.values()) size += count;
  return size;
};

/** What the first has more of than the second. */
export const without = (bag: Bag, other: Bag): Bag => {
  const rest = new Map<string, number>();
  for (const [thing, count] of bag) {
    const more = count - (other.get(thing) ?? 0);
    if (more > 0) rest.set(thing, more);
  }
  return rest;
};

export const shared = (a: Bag, b: Bag): number => {
  let size = 0;
  for (const [thing, count] of a) size += Math.min(count, b.get(thing) ?? 0);
  return size;
};

/** The part of the first that the second has too; all of nothing is everything. */
export const shareOf = (bag: Bag, other: Bag): number => {
  const size = sizeOf(bag);
  return size === 0 ? 1 : shared(bag, other) / size;
};
