import type { Versions } from '../merge.ts';

/** What a text is besides its lines. Merged by itself, so that it never makes every line differ. */
type Shape = {
  readonly mark: string;
  /** `mixed`: line ends stay part of their lines. */
  readonly end: '\n' | '\r\n' | 'mixed';
  readonly closed: boolean;
};

export type Shaped = {
  /** Lines end with `\n`, the last one too, unless line ends were mixed. */
  readonly versions: Versions;
  /** `open`: the text ends with a marker, whose line end stays. */
  readonly restore: (merged: string, open: boolean) => string;
};

/**
 * Takes byte order mark, line ends and a missing last line end away from three texts; `restore` gives the merged text what
 * the side that changed it wants. Where any text mixes line ends, they are left as they are in all three.
 */
export const shapeOf = (versions: Versions): Shaped => {
  const shapes = { base: read(versions.base), ours: read(versions.ours), theirs: read(versions.theirs) };
  const mark = changed(shapes.base.mark, shapes.ours.mark, shapes.theirs.mark);
  const closed = changed(shapes.base.closed, shapes.ours.closed, shapes.theirs.closed);
  const mixed = Object.values(shapes).some(({ end }) => end === 'mixed');
  const end = mixed ? '\n' : changed(shapes.base.end, shapes.ours.end, shapes.theirs.end);
  const plain = (text: string, shape: Shape): string => {
    const bare = text.slice(shape.mark.length);
    const lines = mixed ? bare : bare.replaceAll('\r\n', '\n');
    return shape.closed || bare === '' ? lines : `${lines}${lastEnd(lines)}`;
  };
  return {
    versions: {
      base: plain(versions.base, shapes.base),
      ours: plain(versions.ours, shapes.ours),
      theirs: plain(versions.theirs, shapes.theirs),
    },
    restore: (merged, open) => {
      const lines = end === '\r\n' ? merged.replaceAll('\n', '\r\n') : merged;
      return mark + (closed || open ? lines : lines.replace(/\r?\n$/, ''));
    },
  };
};

const read = (text: string): Shape => {
  const mark = text.startsWith('\uFEFF') ? '\uFEFF' : '';
  const ends = text.split('\n').length - 1;
  const returns = text.split('\r\n').length - 1;
  return {
    mark,
    end: returns === 0 ? '\n' : returns === ends ? '\r\n' : 'mixed',
    closed: text === mark || text.endsWith('\n'),
  };
};

const lastEnd = (lines: string): string => (/\r\n[^\n]*$/.test(lines) ? '\r\n' : '\n');

/** What the side that changed it made of it; ours where both did. */
const changed = <T>(base: T, ours: T, theirs: T): T => (ours === base ? theirs : ours);

export const linesOf = (text: string): readonly string[] => text.match(/[^\n]*\n|[^\n]+$/g) ?? [];
