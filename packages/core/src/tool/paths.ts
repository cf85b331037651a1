/** The path as the workspace names it: forward slashes, no `./`, relative when it was given under the root. */
export const cleanPath = (path: string, root: string): string => {
  const slashed = path.trim().replaceAll('\\', '/');
  const relative =
    slashed === root ? '.' : slashed.startsWith(`${root}/`) ? slashed.slice(root.length + 1) : slashed;
  const parts: string[] = [];
  for (const part of relative.split('/')) {
    if (part === '.' || part === '') continue;
    if (part === '..' && parts.length > 0 && parts.at(-1) !== '..') parts.pop();
    else parts.push(part);
  }
  const joined = parts.join('/');
  if (relative.startsWith('/')) return `/${joined}`;
  return joined === '' ? '.' : joined;
};

/** True for what is surely not inside. The Workspace knows better (links), and refuses the rest. */
export const isOutside = (path: string, root: string): boolean => {
  const clean = cleanPath(path, root);
  return (
    clean.startsWith('/') ||
    clean.startsWith('~') ||
    clean.split('/').includes('..') ||
    /^[a-z]:/i.test(clean)
  );
};
