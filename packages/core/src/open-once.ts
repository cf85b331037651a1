/** One open value a key; a failure is not remembered, so that the next call may try again. */
export const openOnce = <T>(
  cache: Map<string, Promise<T>>,
  key: string,
  open: () => Promise<T>,
): Promise<T> => {
  const known = cache.get(key);
  if (known !== undefined) return known;
  const opening = open();
  cache.set(key, opening);
  opening.catch(() => cache.delete(key));
  return opening;
};
