/** A server as a person defines it, in the words of settings files. */
export type Definition =
  | {
      readonly command: string;
      readonly args: readonly string[];
      readonly env: Readonly<Record<string, string>>;
    }
  | { readonly type: 'http'; readonly url: string; readonly headers: Readonly<Record<string, string>> };

/** A settings file of ours with one more server; every other line and comment stays. */
export const withServer = (toml: string, name: string, definition: Definition): string => {
  const lines = [`[mcp_servers.${keyOf(name)}]`];
  for (const [key, value] of Object.entries(definition)) {
    if (typeof value === 'string' || Array.isArray(value)) lines.push(`${key} = ${JSON.stringify(value)}`);
    else if (Object.keys(value).length > 0)
      lines.push(`${key} = ${inline(value as Readonly<Record<string, string>>)}`);
  }
  const before = toml.trimEnd();
  return `${before === '' ? '' : `${before}\n\n`}${lines.join('\n')}\n`;
};

/** The same without a server and the tables below it; null where there is none of that name. */
export const withoutServer = (toml: string, name: string): string | null => {
  const own = new Set([name, JSON.stringify(name), `'${name}'`].map((key) => `mcp_servers.${key}`));
  const isOwn = (table: string): boolean =>
    [...own].some((start) => table === start || table.startsWith(`${start}.`));
  let inside = false;
  let found = false;
  const kept = toml.split('\n').filter((line) => {
    const table = /^[ \t]*\[+[ \t]*([^\]]+?)[ \t]*\]/.exec(line)?.[1];
    if (table !== undefined) inside = isOwn(table);
    found ||= inside;
    return !inside;
  });
  return found ? `${kept.join('\n').trim()}\n`.replace(/^\n$/, '') : null;
};

const keyOf = (name: string): string => (/^[\w-]+$/.test(name) ? name : JSON.stringify(name));

const inline = (table: Readonly<Record<string, string>>): string =>
  `{ ${Object.entries(table)
    .map(([key, value]) => `${keyOf(key)} = ${JSON.stringify(value)}`)
    .join(', ')} }`;
