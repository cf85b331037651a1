/**
 * Paths in which the letters of a query occur in order, best first. Two passes: one that only says whether a path fits and
 * looks at every path, and one that ranks those that do.
 */
export const fuzzyPaths = (paths: readonly string[], query: string, limit: number): readonly string[] => {
  const wanted = query.toLowerCase().replaceAll(' ', '');
  if (wanted === '') return paths.slice(0, limit);
  const best: { readonly path: string; readonly score: number }[] = [];
  for (const path of paths) {
    if (!fits(path, wanted)) continue;
    const score = scoreOf(path, wanted);
    const worst = best.at(-1);
    if (best.length === limit && worst !== undefined && score <= worst.score) continue;
    const at = best.findIndex((one) => one.score < score);
    best.splice(at < 0 ? best.length : at, 0, { path, score });
    if (best.length > limit) best.pop();
  }
  return best.map(({ path }) => path);
};

/** Compares character codes and makes no lower-case text of each path: of 100,000 paths that alone would be felt. */
const fits = (path: string, wanted: string): boolean => {
  let at = 0;
  for (let index = 0; index < path.length && at < wanted.length; index += 1) {
    const code = path.charCodeAt(index);
    const lower = code >= 65 && code <= 90 ? code + 32 : code;
    if (lower === wanted.charCodeAt(at)) at += 1;
  }
  return at === wanted.length;
};

/** From the end, so that the name of the file counts before its folders; runs and beginnings of words count more. */
const scoreOf = (path: string, wanted: string): number => {
  const lower = path.toLowerCase();
  const name = lower.lastIndexOf('/') + 1;
  const whole = lower.indexOf(wanted, name);
  const inName = whole >= 0 ? 1_000 - (whole - name) * 4 : 0;
  const anywhere = inName === 0 && lower.includes(wanted) ? 400 : 0;
  const exact = lower.slice(name) === wanted || lower === wanted ? 2_000 : 0;
  return inName + anywhere + exact + runs(lower, wanted) * 10 - path.length;
};

const runs = (lower: string, wanted: string): number => {
  let score = 0;
  let from = lower.length - 1;
  let previous = -2;
  for (let at = wanted.length - 1; at >= 0; at -= 1) {
    const index = lower.lastIndexOf(wanted[at]!, from);
    if (index < 0) return score;
    if (index === previous - 1) score += 2;
    if (index === 0 || '/-_. '.includes(lower[index - 1]!)) score += 3;
    previous = index;
    from = index - 1;
  }
  return score;
};
