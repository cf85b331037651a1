/**
 * The one-time code of a link that the server printed, for the first organisation. Like a key it lies behind the `#`, and is
 * taken out of the address and the history; it is kept nowhere. Null where the link has none.
 */
export const takeSetupCode = (): string | null => {
  const [, code] = /^#setup=([\w-]{1,200})$/.exec(location.hash) ?? [];
  if (code === undefined) return null;
  history.replaceState(null, '', `${location.pathname}#/`);
  return code;
};
