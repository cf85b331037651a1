import { type DiffDecision, type FileChange, loadDiffGate } from '../../src/diff/judge-diff.ts';

const gate = await loadDiffGate();

/** The decision over one file that changes from one text to another; null is no file. */
export const judgeEdit = (path: string, before: string | null, after: string | null): DiffDecision =>
  gate.judge({ files: [{ path, before, after }] });

export const judgeFiles = (files: readonly FileChange[]): DiffDecision => gate.judge({ files });

export const judgeChange = gate.judge;

/** Rules that raised the decision. */
export const rulesOf = (decision: DiffDecision): readonly string[] => [
  ...new Set(decision.reasons.filter((reason) => reason.decision !== 'allow').map((reason) => reason.rule)),
];
