/** A word in single quotes, as a shell reads it back unchanged; bare where that is the same. */
export const quoted = (word: string): string =>
  /^[\w./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;

/** The commands that do what tools without one do, so that the same rules judge both. */
export const readingCommand = (path: string): string => `cat -- ${quoted(path)}`;
export const fetchingCommand = (url: string): string => `curl -- ${quoted(url)}`;
