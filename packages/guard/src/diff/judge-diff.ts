import { type CodeJudge, loadCode } from '../code/code-effects.ts';
import type { Permission, Reason } from '../decision.ts';
import type { Change } from './change.ts';
import { editOf } from './edit.ts';
import { familyOf } from './file-kind.ts';
import { guardReasons } from './guards-lost.ts';
import { interfaceReasons } from './interfaces.ts';
import { massDeletionReasons } from './mass-deletion.ts';
import { pairRenames } from './pair-renames.ts';
import { plainReasons } from './plain-signs.ts';
import { protectedReasons } from './protected-files.ts';
import { readDiff } from './read-diff.ts';
import { secretReasons } from './secrets-added.ts';
import { testReasons } from './tests-lost.ts';
import { type WeaknessReader, weaknessReasons } from './weaknesses-added.ts';

export type { Change, FileChange } from './change.ts';

export type DiffDecision = {
  readonly decision: Permission;
  /** Strictest first; those with `allow` are remarks that raise nothing. */
  readonly reasons: readonly Reason[];
  /** 0 is harmless, 1 is never allowed. */
  readonly score: number;
};

export type DiffGate = {
  /** Reads a unified diff. */
  readonly read: (diff: string) => Change;
  /** Judges an edit or a commit before it lands. Never throws; what `keepOn` stops is asked about. */
  readonly judge: (change: Change, keepOn?: () => boolean) => DiffDecision;
};

/** Loads the grammars that reading code needs; `code` shares those of a judge that is already there. */
export const loadDiffGate = async (code?: CodeJudge): Promise<DiffGate> => {
  const reader = code ?? (await loadCode());
  await reader.ready(['javascript', 'typescript', 'tsx', 'python']);
  return { read: readDiff, judge: (change, keepOn) => judge(change, weaknessReader(reader, keepOn)) };
};

const weaknessReader =
  (code: CodeJudge, keepOn?: () => boolean): WeaknessReader =>
  (language, text) =>
    code.weaknesses(language, text, keepOn);

const judge = (change: Change, code: WeaknessReader): DiffDecision => {
  const found = analyze(change, code);
  const reasons = [...problemReasons(change), ...found.reasons].sort(
    (left, right) => rank[right.decision] - rank[left.decision],
  );
  const decision = strictest(reasons);
  return { decision, reasons, score: Math.max(scores[decision], decision === 'allow' ? found.score : 0) };
};

type Analysis = { readonly reasons: readonly Reason[]; readonly score: number };

/** An analyzer that fails on odd text must neither let the change pass nor take the session down. */
const analyze = (change: Change, code: WeaknessReader): Analysis => {
  if (sizeOf(change) > maxText)
    return { reasons: [unread(`it has more than ${maxText} characters of code`)], score: 0 };
  try {
    const edits = pairRenames(change.files).map(editOf);
    const guards = guardReasons(edits);
    const reasons = [
      ...testReasons(edits, change.whole === true),
      ...guards.reasons,
      ...plainReasons(edits),
      ...weaknessReasons(edits, code),
      ...secretReasons(edits),
      ...protectedReasons(edits),
      ...massDeletionReasons(edits),
      ...interfaceReasons(edits),
    ];
    return { reasons, score: guards.score };
  } catch (error) {
    return {
      reasons: [unread(`an analyzer failed on it (${error instanceof Error ? error.message : 'unknown'})`)],
      score: 0,
    };
  }
};

/** Reading this much takes about a second; a person who changes more at once looks at it in another way. */
const maxText = 4_000_000;

const sizeOf = (change: Change): number =>
  change.files
    .filter((file) => familyOf(file.path) !== null)
    .reduce((total, file) => total + (file.before?.length ?? 0) + (file.after?.length ?? 0), 0);

const problemReasons = (change: Change): readonly Reason[] =>
  change.problem === undefined ? [] : [unread(change.problem)];

const unread = (why: string): Reason => ({
  decision: 'ask',
  category: 'opaque',
  rule: 'edit.unreadable',
  clause: 'keep-work',
  message: `The change cannot be judged: ${why}`,
});

const rank: Readonly<Record<Permission, number>> = { allow: 0, ask: 1, deny: 2 };
const scores: Readonly<Record<Permission, number>> = { allow: 0, ask: 0.7, deny: 1 };

const strictest = (reasons: readonly Reason[]): Permission =>
  reasons.reduce<Permission>(
    (worst, reason) => (rank[reason.decision] > rank[worst] ? reason.decision : worst),
    'allow',
  );
