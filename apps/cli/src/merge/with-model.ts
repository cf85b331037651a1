import {
  cutAtMarkers,
  droppedLines,
  joinPieces,
  type Merged,
  type MergeInput,
  markerSize,
  openHunks,
  settleOpen,
} from '@tandem/merge';
import type { Config } from '../config/config.ts';
import type { Host } from '../host.ts';

/** The model that merges ask; null for none, which is the default. */
export const mergeModelOf = (host: Pick<Host, 'env'>, config: Config, typed?: string): string | null => {
  const id = typed ?? host.env.TANDEM_MERGE_MODEL ?? config.mergeModel ?? 'off';
  return id === 'off' || id === '' ? null : id;
};

/** What rules left open, asked of the model that the person has named for it; the same where they named none. */
export const withModel = async (
  input: MergeInput,
  merged: Merged,
  { host, signal }: { readonly host: Host; readonly signal: AbortSignal },
): Promise<Merged> => {
  const size = input.markerSize ?? 7;
  // Where a text holds what looks like these markers, nobody can tell them apart.
  const asked = markerSize(input) > size ? null : cutAtMarkers(merged, size);
  if (merged.open.length === 0 || asked === null) return merged;
  const { configOf } = await import('../command/config-of.ts');
  const config = await configOf(host, host.cwd);
  const model = mergeModelOf(host, config);
  if (model === null) return merged;
  const { openProposer, parsesAs } = await import('../compose.ts');
  const offline = config.offline === true;
  const { propose, close } = await openProposer({ env: host.env, config, cwd: host.cwd, offline, model });
  try {
    if (propose === null) return merged;
    const pieces = await settleOpen({ input, pieces: asked, propose, parses: await parsesAs(), signal });
    const labels = input.labels ?? { ours: 'ours', base: 'base', theirs: 'theirs' };
    const { text } = joinPieces(pieces, { size, labels });
    const taken = pieces.flatMap((piece) => (piece.type === 'taken' ? [piece] : []));
    return {
      text,
      open: openHunks(pieces),
      settled: [
        ...merged.settled,
        ...taken.map(({ how, by, hunk, text: chosen }) => ({ how, by, hunk, text: chosen })),
      ],
      dropped: droppedLines(input, text),
    };
  } finally {
    await close();
  }
};
