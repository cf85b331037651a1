import {
  cutAtMarkers,
  type Intent,
  type Markers,
  type Merged,
  type MergeInput,
  type ProposeHunk,
  settleOpen,
  type Unsettled,
  unsettled,
  type Versions,
} from '@tandem/merge';
import { AppError } from '@tandem/protocol';
import type { TextConflict } from './conflict.ts';
import type { Git } from './git.ts';
import { printable } from './place.ts';

/** A text in conflict and where it belongs. */
export type TextMerge = Unsettled & {
  readonly conflict: TextConflict;
  /** Bytes that are no UTF-8 are read as latin1, so that they come out as they went in. */
  readonly encoding: 'utf8' | 'latin1';
};

/** No rule holds for a text this long that a person would not want to see for themselves. */
const maxText = 2_000_000;

export type Settling = {
  readonly mergeTexts: (input: MergeInput) => Promise<Merged>;
  readonly labels: Markers['labels'];
  /** Null leaves to a person what structure does not settle. */
  readonly propose: ProposeHunk | null;
  readonly intent: (path: string) => Promise<Intent>;
  readonly parses: (path: string, text: string) => Promise<boolean>;
  readonly signal: AbortSignal;
};

/** Structure first, then the model. What both sides added is always a person's to decide. */
export const mergeText = async (git: Git, conflict: TextConflict, settling: Settling): Promise<TextMerge> => {
  const { propose, parses, signal, labels } = settling;
  const { path } = conflict;
  const { encoding, versions } = await versionsOf(git, conflict);
  const whole = { ...unsettled(path, versions, labels), conflict, encoding };
  const length = versions.base.length + versions.ours.length + versions.theirs.length;
  if (conflict.kind === 'add/add' || length > maxText) return whole;
  const input = { path, ...versions, labels, markerSize: whole.markers.size };
  const merged = await settling.mergeTexts(input);
  signal.throwIfAborted();
  const pieces = cutAtMarkers(merged, whole.markers.size);
  if (pieces === null) return whole;
  const cut = { ...whole, pieces, settled: merged.settled };
  if (propose === null || merged.open.length === 0) return cut;
  const intent = await settling.intent(path);
  return { ...cut, pieces: await settleOpen({ input, pieces, propose, intent, parses, signal }) };
};

type Read = { readonly encoding: TextMerge['encoding']; readonly versions: Versions };

const versionsOf = async (git: Git, { path, base, ours, theirs }: TextConflict): Promise<Read> => {
  const read = async (id: string | null): Promise<Buffer> => {
    if (id === null) return Buffer.alloc(0);
    const outcome = await git.ask(['cat-file', 'blob', id]);
    if (outcome.exit !== 0)
      throw new AppError('limit', `${printable(path)} cannot be read or is too large: use git merge.`);
    return outcome.stdout;
  };
  const bytes = [await read(base), await read(ours), await read(theirs)];
  const isText = bytes.every((one) => Buffer.from(one.toString('utf8'), 'utf8').equals(one));
  const encoding = isText ? 'utf8' : 'latin1';
  const [before = '', left = '', right = ''] = bytes.map((one) => one.toString(encoding));
  return { encoding, versions: { base: before, ours: left, theirs: right } };
};
