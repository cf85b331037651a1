import { alignLines } from '../align/align-lines.ts';
import type { Frame } from '../cut.ts';
import type { Versions } from '../merge.ts';
import { linesOf } from '../text/shape.ts';
import { keyer } from '../text/tokens.ts';
import { listReader } from './read-list.ts';
import { unsettled, weaveLists } from './weave-items.ts';

/** Three texts merged as nested lists; null where one of them cannot be read as such. */
export const weaveText = async (path: string, versions: Versions): Promise<string | null> => {
  const read = await listReader(path);
  if (read === null) return null;
  const [base, ours, theirs] = [read(versions.base), read(versions.ours), read(versions.theirs)];
  return base === null || ours === null || theirs === null ? null : weaveLists({ base, ours, theirs });
};

/**
 * What another text has in each gap of the frame. Null where it is unsettled there, or where its lines around the gap
 * are not those of the frame: then the structure says something else about lines that nobody disputes.
 */
export const readGaps = (frame: Frame, text: string): readonly (string | null)[] => {
  const lines = linesOf(text);
  const key = keyer();
  const gap = key('\u0000gap\n');
  const keys = frame.map((line) => (line === null ? gap : key(line)));
  const place = new Int32Array(frame.length).fill(-1);
  for (const run of alignLines(keys, lines.map(key)))
    for (let step = 0; step < run.length; step += 1) place[run.a + step] = run.b + step;
  const before = frame.map((_, at) => (at === 0 ? 0 : place[at - 1]! + 1));
  return frame.flatMap((line, at) => {
    if (line !== null) return [];
    const start = at === 0 || place[at - 1]! >= 0 ? before[at]! : -1;
    const end = at === frame.length - 1 ? lines.length : place[at + 1]!;
    const within = start < 0 || end < start ? null : lines.slice(start, end).join('');
    return [within === null || within.includes(unsettled) ? null : within];
  });
};
