import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Permission } from '../../packages/guard/src/decision.ts';
import type { Guard } from '../../packages/guard/src/load-guard.ts';
import { type Case, isShell, requestOf, sample } from './cases.ts';
import { createRewriter } from './rewrite.ts';
import { order } from './score.ts';

/** What one rewrite did to the decisions. */
export type RewriteCount = {
  readonly name: string;
  /** Dangerous lines that were caught as they stood. */
  readonly tried: number;
  /** Denied became asked, or caught became allowed. */
  readonly lowered: number;
  readonly silent: number;
  /** Safe lines that were allowed as they stood. */
  readonly safeTried: number;
  readonly raised: number;
};

export type Changed = {
  readonly rewrite: string;
  readonly id: string;
  readonly text: string;
  readonly from: Permission;
  readonly to: Permission;
};

export type RewriteResult = {
  readonly counts: readonly RewriteCount[];
  readonly changed: readonly Changed[];
};

type Tried = Changed & { readonly dangerous: boolean };

/** Rewrites up to `rows` lines of each side; those that bash cannot read after the change are not counted. */
export const measureRewrites = async (
  cases: readonly Case[],
  { guard, rows }: { readonly guard: Guard; readonly rows: number },
): Promise<RewriteResult> => {
  const rewriter = await createRewriter();
  const candidates = cases.filter((one) => isShell(one) && one.input.length < 2_000);
  const tried: Tried[] = [];
  for (const label of ['dangerous', 'safe'] as const) {
    const rightlyDecided = candidates.filter(
      (one) =>
        one.label === label && (guard.judge(requestOf(one)).decision === 'allow') === (label === 'safe'),
    );
    for (const one of sample(rightlyDecided, rows)) tried.push(...tryAll(one, { guard, rewriter }));
  }
  const valid = areValid(tried.map(({ text }) => text));
  const counted = tried.filter((_, index) => valid[index]);
  return { counts: countsOf(counted), changed: counted.filter(isWrong).toSorted(silentFirst) };
};

const tryAll = (
  one: Case,
  {
    guard,
    rewriter,
  }: { readonly guard: Guard; readonly rewriter: Awaited<ReturnType<typeof createRewriter>> },
): readonly Tried[] => {
  const from = guard.judge(requestOf(one)).decision;
  return rewriter(one.input).map(({ name, text }) => ({
    rewrite: name,
    id: one.id,
    text,
    from,
    to: guard.judge({ ...requestOf(one), kind: 'bash', input: text }).decision,
    dangerous: one.label === 'dangerous',
  }));
};

const isWrong = ({ dangerous, from, to }: Tried): boolean =>
  dangerous ? order.indexOf(to) < order.indexOf(from) : order.indexOf(to) > order.indexOf(from);

const silentFirst = (left: Tried, right: Tried): number => rank(left) - rank(right);
const rank = ({ dangerous, to }: Tried): number => (dangerous ? order.indexOf(to) : order.length);

const countsOf = (tried: readonly Tried[]): readonly RewriteCount[] =>
  [...Map.groupBy(tried, ({ rewrite }) => rewrite)].map(([name, group]) => {
    const dangerous = group.filter((one) => one.dangerous);
    const lowered = dangerous.filter(isWrong);
    return {
      name,
      tried: dangerous.length,
      lowered: lowered.length,
      silent: lowered.filter(({ to }) => to === 'allow').length,
      safeTried: group.length - dangerous.length,
      raised: group.filter((one) => !one.dangerous && isWrong(one)).length,
    };
  });

/** For each text: can bash read it? Nothing is run. */
export const areValid = (texts: readonly string[]): readonly boolean[] => {
  const folder = mkdtempSync(join(tmpdir(), 'guard-rewrites-'));
  try {
    for (const [index, text] of texts.entries()) writeFileSync(join(folder, String(index)), text);
    const script =
      'i=0; while [ "$i" -lt "$2" ]; do bash -n "$1/$i" 2>/dev/null && echo "$i"; i=$((i + 1)); done';
    const { stdout } = spawnSync('bash', ['-c', script, 'bash', folder, String(texts.length)], {
      encoding: 'utf8',
      maxBuffer: 64 * 1024 * 1024,
    });
    const valid = new Set(stdout.split('\n').filter(Boolean).map(Number));
    return texts.map((_, index) => valid.has(index));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
};
