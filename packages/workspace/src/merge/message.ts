import type { MergeReport, Point } from './conflict.ts';
import { type Place, printable } from './place.ts';

/** Lines of provenance in a message; the note has all of them. */
const maxLines = 60;
const maxText = 120;

/** What git would say of this merge, then where every settled part came from, as trailers. */
export const mergeMessage = async (
  { git }: Place,
  report: Pick<MergeReport, 'settled' | 'settledPaths' | 'dropped' | 'verify'>,
  from: Point,
): Promise<string> => {
  const isBranch = (await git.ask(['show-ref', '-q', '--verify', `refs/heads/${from.name}`])).exit === 0;
  const isRemote = (await git.ask(['show-ref', '-q', '--verify', `refs/remotes/${from.name}`])).exit === 0;
  const what = isBranch ? 'branch ' : isRemote ? 'remote-tracking branch ' : 'commit ';
  const quoted = printable(from.name).replaceAll("'", '');
  const subject = await git.get(['fmt-merge-msg'], { input: `${from.commit}\t\t${what}'${quoted}' of .\n` });
  const { settled, settledPaths, dropped, verify } = report;
  const lines = [
    ...settled.map(({ path, line, how, by }) => `Merged-Hunk: ${printable(path)}:${line} ${how}(${by})`),
    ...settledPaths.map(({ path, kind, choice }) => `Merged-Path: ${printable(path)} ${choice}(${kind})`),
    ...dropped.map(
      ({ path, side, line, text }) =>
        `Dropped-Line: ${side} ${printable(path)}:${line} ${printable(text.trim().slice(0, maxText))}`,
    ),
  ];
  const shown = lines.slice(0, maxLines);
  if (lines.length > shown.length)
    shown.push(`Merged-More: ${lines.length - shown.length} more in the note of tandem`);
  shown.push(`Merge-Verify: ${verify === null ? 'none' : `passed: ${printable(verify.command)}`}`);
  return `${subject.trimEnd()}\n\n${shown.join('\n')}\n`;
};
