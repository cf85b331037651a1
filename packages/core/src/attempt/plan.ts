import type { Isolated, Mechanism } from '@tandem/protocol';

/** What one attempt is told to do, and how it differs from the others. */
export type Planned = {
  readonly number: number;
  readonly model: string;
  readonly seed: number;
  readonly hypothesis: string | null;
  readonly prompt: string;
  readonly temperature?: number;
  readonly without?: readonly Mechanism[];
};

/** The first is asked as the person asked; each further one is sent another way to look at it. */
const ways: readonly string[] = [
  'Begin with the tests and what they show: find the cause before you change anything, then make the smallest change.',
  'Consider first what the code should do by its names, comments and callers; where a part is wrong, write that part afresh.',
  'Name to yourself two different places where the cause may lie, look at both, and change the one that the evidence points at.',
  'Think first of the inputs at the edges: empty, one, many, negative, missing. Then make the change hold for them.',
];

/** Attempts after the first are to differ, also where a model would be greedy. */
const otherTemperature = 0.8;

/** The attempts of a plan, in order: models and hypotheses go round, every seed is another one. */
export const planAttempts = (
  plan: Isolated,
  given: { readonly goal: string; readonly model: string },
): readonly Planned[] =>
  Array.from({ length: plan.count }, (_, index): Planned => {
    const models = plan.models.length === 0 ? [given.model] : plan.models;
    const hypothesis = around(plan.hypotheses, index) ?? null;
    // With hypotheses or models to differ by, a round of the ways begins when those have been through.
    const round = Math.floor(index / Math.max(1, plan.hypotheses.length, models.length));
    const way = round === 0 ? undefined : around(ways, round - 1);
    const hints = [hypothesis === null ? undefined : `Do it this way: ${hypothesis}`, way];
    return {
      number: index + 1,
      model: around(models, index) ?? given.model,
      seed: plan.seed + index,
      hypothesis,
      prompt: [given.goal, ...hints.filter((hint) => hint !== undefined)].join('\n\n'),
      ...(round === 0 ? {} : { temperature: otherTemperature, without: ['mutations'] }),
    };
  });

const around = <T>(values: readonly T[], index: number): T | undefined => values[index % values.length];
