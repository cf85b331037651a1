/** Brings two changed versions of a text together, and proves that neither side lost a line. */
export type { Dropped, Hunk, Intent, Merged, MergeInput, ProposeHunk, Settled, Versions } from './merge.ts';
/** Merges three texts; what is not sure stays open between markers. */
export { mergeTexts } from './merge-texts.ts';
/** A model's answer about one hunk; it says nothing where it is not sure. */
export { createProposer } from './model/propose.ts';
export { droppedLines } from './settle/dropped.ts';
export type { Markers, Piece } from './settle/pieces.ts';
/** A merged text as pieces: cut at its markers, and put together again. */
export { cutAtMarkers, joinPieces, markerSize, readMarked } from './settle/pieces.ts';
/** What a model is asked about hunks that no rule settled, and what its answer must stand up to. */
export { openHunks, settleOpen } from './settle/settle-open.ts';
export type { SettledHunk, Unsettled } from './settle/unsettled.ts';
/** A text in conflict and the ways to settle it. */
export { answer, edited, remembered, settledHunks, textOf, unsettled } from './settle/unsettled.ts';
