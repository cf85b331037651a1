/** The key that opens the door: for this tab, or for this browser where a person asked for that. */
const name = 'tandem.key';

/**
 * A link may carry a key behind its `#`, which a browser sends to nobody. It is taken out of the address and the history, and
 * kept for the tab; that of a device (`keep`), which was made for it alone and can be revoked, for the browser. True where the
 * link had one.
 */
export const takeKeyFromLink = (): boolean => {
  const [, how, key] = /^#(key|keep)=([\w-]{1,200})$/.exec(location.hash) ?? [];
  if (key === undefined) return false;
  history.replaceState(null, '', `${location.pathname}#/`);
  keepKey(key, { forLong: how === 'keep' });
  return true;
};

export const readKey = (): string | null => sessionStorage.getItem(name) ?? localStorage.getItem(name);

export const keepKey = (key: string, { forLong }: { readonly forLong: boolean }): void => {
  forgetKey();
  (forLong ? localStorage : sessionStorage).setItem(name, key);
};

export const forgetKey = (): void => {
  sessionStorage.removeItem(name);
  localStorage.removeItem(name);
};
