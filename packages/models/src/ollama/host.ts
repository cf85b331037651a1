/**
 * OLLAMA_HOST as Ollama itself reads it: scheme and port may be missing, and the address that a server listens on
 * everywhere (0.0.0.0) means this machine.
 */
export const ollamaUrl = (host: string | undefined): string => {
  const given = (host ?? '').trim();
  if (given === '') return 'http://127.0.0.1:11434';
  const hasScheme = /^https?:\/\//i.test(given);
  const url = new URL(hasScheme ? given : `http://${given}`);
  if (url.hostname === '0.0.0.0' || url.hostname === '[::]') url.hostname = '127.0.0.1';
  // URL hides the port that is usual for its scheme: only without a scheme is none given at all.
  if (!hasScheme && !/:\d+(\/|$)/.test(given)) url.port = '11434';
  return `${url.origin}${url.pathname.replace(/\/+$/, '')}`;
};
