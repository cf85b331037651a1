/** An absolute path without `.`, `..` and doubled slashes, by its text alone; a Windows drive stays in front. */
export const normalPath = (path: string): string => {
  const parts: string[] = [];
  for (const part of path.split('/')) {
    if (part === '' || part === '.') continue;
    if (part === '..') parts.pop();
    else parts.push(part);
  }
  return /^[A-Za-z]:/.test(path) ? parts.join('/') : `/${parts.join('/')}`;
};
