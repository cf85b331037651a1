/**
 * How many threads to compute with, found by measuring. Threads of one computation spin at every barrier: with a core
 * busy elsewhere two threads can be fifteen times slower than one, and on a quiet machine nearly twice as fast. So the
 * first steps try each count, the fastest is kept, and it is measured again when speed drops.
 */
export type ThreadTuner = {
  readonly candidates: readonly number[];
  readonly phase: 'measuring' | 'settled';
  /** Use this many for the next step. */
  readonly threads: number;
  /** Steps seen with the current count since it was switched to; the first one only warms the threads up. */
  readonly run: number;
  /** Speeds by thread count, in tokens per millisecond, newest last. */
  readonly speeds: Readonly<Record<number, readonly number[]>>;
  /** Median speed of the chosen count when it was chosen. */
  readonly best: number;
  /** Tokens since the choice, or since the last time speed was looked at. */
  readonly sinceChoice: number;
  readonly recent: readonly number[];
  /** Milliseconds that collapsed steps took in a row. */
  readonly collapsedMs: number;
  /** Tokens after which more threads are tried again although nothing got slower. */
  readonly patience: number;
};

/** Steps that count for each candidate: fewer and one hiccup decides, more and measuring is felt in a short answer. */
const samples = 3;
/** Recent steps whose median is compared: shorter mistakes a hiccup for a busy core. */
const window = 8;
/** A drop below this share of the best is looked into at the next `lookAgainAfter` tokens. */
const lookAgainBelow = 0.6;
const lookAgainAfter = 100;
/**
 * A collapse below this share is what spinning threads without a core look like. It is acted upon by time, not by
 * steps, because one step of a prompt may then take half a minute: less would react to a hiccup, more would be felt.
 */
const collapsedBelow = 0.35;
const collapsedAfterMs = 1500;
/**
 * A count chosen while other work held the cores stays merely good when they are free again, so others are tried from
 * time to time: sooner costs answers their speed, and never would keep one thread for a day. Doubles while it changes nothing.
 */
const firstPatience = 400;
const longestPatience = 6400;

export const createThreadTuner = (cores: number, fixed?: number): ThreadTuner => {
  const candidates = fixed === undefined ? threadCandidates(cores) : [Math.max(1, fixed)];
  return measure(candidates, {
    candidates,
    phase: 'settled',
    threads: candidates[0]!,
    run: 0,
    speeds: {},
    best: 0,
    sinceChoice: 0,
    recent: [],
    collapsedMs: 0,
    patience: firstPatience,
  });
};

/** Takes in one step that was run with `tuner.threads`, and says what to use for the next. */
export const observeStep = (
  tuner: ThreadTuner,
  step: { readonly tokens: number; readonly ms: number },
): ThreadTuner => {
  if (step.tokens <= 0 || step.ms <= 0 || tuner.candidates.length === 1) return tuner;
  return tuner.phase === 'measuring'
    ? observeMeasuring(tuner, step.tokens / step.ms)
    : observeSettled(tuner, step);
};

/** Every count up to four cores, then doublings: more candidates cost more than the last one could gain. */
export const threadCandidates = (cores: number): readonly number[] => {
  const most = Math.max(1, Math.floor(cores));
  if (most <= 4) return Array.from({ length: most }, (_, index) => index + 1);
  const counts = [1, 2, 4];
  for (let count = 8; count < most; count *= 2) counts.push(count);
  return [...counts, most];
};

const observeMeasuring = (tuner: ThreadTuner, speed: number): ThreadTuner => {
  const run = tuner.run + 1;
  // The first step only warms the threads up, unless it shows already that it is of no use to go on.
  const hopelessAtOnce = speed < 0.25 * fastest(tuner.speeds);
  if (run === 1 && !hopelessAtOnce) return { ...tuner, run };
  const seen = [...(tuner.speeds[tuner.threads] ?? []), speed];
  const speeds = { ...tuner.speeds, [tuner.threads]: seen };
  const hopeless = hopelessAtOnce || (seen.length >= 2 && median(seen) < 0.5 * fastest(speeds));
  if (seen.length < samples && !hopeless) return { ...tuner, run, speeds };
  const next = tuner.candidates[tuner.candidates.indexOf(tuner.threads) + 1];
  // More threads than a count that already does badly only do worse.
  if (next !== undefined && !hopeless) return { ...tuner, threads: next, run: 0, speeds };
  return choose({ ...tuner, speeds });
};

const observeSettled = (
  tuner: ThreadTuner,
  step: { readonly tokens: number; readonly ms: number },
): ThreadTuner => {
  const speed = step.tokens / step.ms;
  const recent = [...tuner.recent, speed].slice(-window);
  const sinceChoice = tuner.sinceChoice + step.tokens;
  const collapsedMs = speed < collapsedBelow * tuner.best ? tuner.collapsedMs + step.ms : 0;
  const next = { ...tuner, recent, sinceChoice, collapsedMs };
  if (collapsedMs >= collapsedAfterMs) return measure(tuner.candidates, { ...next, patience: firstPatience });
  if (recent.length < window) return next;
  const share = median(recent) / tuner.best;
  if (share < lookAgainBelow && sinceChoice >= lookAgainAfter)
    return measure(tuner.candidates, { ...next, patience: firstPatience });
  const restless = tuner.threads !== tuner.candidates.at(-1) && sinceChoice >= tuner.patience;
  if (restless)
    return measure(tuner.candidates, { ...next, patience: Math.min(longestPatience, tuner.patience * 2) });
  // The fastest that was ever seen with this count is what it can do.
  return share > 1 ? { ...next, best: median(recent) } : next;
};

const measure = (candidates: readonly number[], tuner: ThreadTuner): ThreadTuner =>
  candidates.length === 1
    ? tuner
    : {
        ...tuner,
        phase: 'measuring',
        threads: candidates[0]!,
        run: 0,
        speeds: {},
        recent: [],
        collapsedMs: 0,
      };

const choose = (tuner: ThreadTuner): ThreadTuner => {
  const ranked = tuner.candidates
    .map((threads) => ({ threads, speed: median(tuner.speeds[threads] ?? []) }))
    .sort((a, b) => b.speed - a.speed || a.threads - b.threads);
  const winner = ranked[0]!;
  return {
    ...tuner,
    phase: 'settled',
    threads: winner.threads,
    run: 0,
    best: winner.speed,
    sinceChoice: 0,
    recent: [],
    collapsedMs: 0,
  };
};

const fastest = (speeds: ThreadTuner['speeds']): number =>
  Math.max(0, ...Object.values(speeds).map((seen) => median(seen)));

const median = (values: readonly number[]): number => {
  if (values.length === 0) return 0;
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
};
