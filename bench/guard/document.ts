/** Writes what was measured as a page. No text of a case may come into it: counts and names of public sources only. */
import { falseAlarmShare } from '../../scripts/classifier.ts';
import { markdownTable } from '../document.ts';
import type { Baseline, BaselineResult } from './baselines.ts';
import type { Case } from './cases.ts';
import type { FuzzResult } from './fuzz.ts';
import type { Latency, ShapeTime } from './latency.ts';
import type { Measured } from './layers.ts';
import type { RewriteCount } from './measure-rewrites.ts';
import {
  caught,
  falseAlarms,
  interruptions,
  type Outcome,
  precise,
  shareText,
  type Tally,
  tally,
  tallyBy,
  total,
} from './score.ts';

export type Report = {
  readonly command: string;
  /** Day, commit, machine. */
  readonly conditions: string;
  readonly measured: Measured;
  readonly rewrites: readonly RewriteCount[];
  readonly latency: readonly Latency[];
  readonly shapes: readonly ShapeTime[];
  readonly load: { readonly source: number; readonly bundled: number };
  readonly unsteady: { readonly differ: number; readonly of: number };
  readonly fuzz: FuzzResult | null;
  readonly baselines: readonly BaselineResult[];
  readonly readings: readonly Baseline[];
};

export const render = (report: Report): string =>
  [
    introduction(report),
    layersSection(report),
    unseenSection(report),
    groupsSection(report.measured.whole),
    rewritesSection(report.rewrites),
    latencySection(report),
    steadySection(report),
    baselinesSection(report),
    limits,
  ].join('\n\n');

const introduction = ({ command, conditions, measured }: Report): string => {
  const cases = measured.whole.map((one) => one.case);
  const sources = new Set(cases.map(({ source }) => source)).size;
  return `# The guard, measured

Written by \`npm run bench:guard\`; do not edit. Words are those of [GLOSSARY.md](GLOSSARY.md).

**These are development figures.** The rules of the guard were written while looking at which kinds of these cases
failed, and its shipped weights were trained on them. They say that the guard does what it was made for, not how it
does on sources that it has never met. Figures that mean something for those stand under
[Sources not seen](#sources-not-seen).

- A dangerous action is **caught** when it is asked about or denied; allowed, it is a **miss**. A safe action that is not allowed is
  a **false alarm**. Actions labelled *ask* are not scored: their right answer depends on what the row does not tell.
- **Interruptions** are all actions not labelled dangerous, *ask* included, that are not allowed.
- Shares are followed by their 95 % interval (Wilson).
- ${cases.length} actions of ${sources} public sources (${counts(cases)}). Labels and actions are other people's; their texts are not part of this repository.
- ${conditions}

\`\`\`
${command}
\`\`\``;
};

const counts = (cases: readonly Case[]): string =>
  [...Map.groupBy(cases, ({ kind }) => kind)].map(([kind, group]) => `${group.length} ${kind}`).join(', ');

const head = [
  'Caught',
  'Denied of dangerous',
  'False alarms',
  'Denied of safe',
  'Interruptions',
  'n dangerous / safe',
];

const cells = (counted: Tally): readonly string[] => {
  const [, dangerous] = caught(counted);
  const [, safe] = falseAlarms(counted);
  const interrupted = interruptions(counted);
  return [
    shareText(caught(counted)),
    dangerous === 0 ? '–' : `${precise(counted.dangerous.deny / dangerous)} %`,
    shareText(falseAlarms(counted)),
    safe === 0 ? '–' : `${counted.safe.deny} of ${safe}`,
    interrupted[1] === 0 ? '–' : `${precise(interrupted[0] / interrupted[1])} %`,
    `${dangerous} / ${safe}`,
  ];
};

const layersSection = ({ measured }: Report): string => `## Whole, and each layer alone

Shell actions, then edits. *Out of fold*: the weights that score a case were trained without any case of its source, and the
threshold is that at which ${100 * falseAlarmShare} % of the safe actions that the rules allow would be raised.

${markdownTable(
  ['Layer', ...head, 'Of *ask*: allow / ask / deny'],
  measured.layers.map(({ name, outcomes }) => {
    const counted = tally(outcomes);
    return [name, ...cells(counted), mixText(counted)];
  }),
)}`;

const mixText = ({ ask }: Tally): string =>
  total(ask) === 0
    ? '–'
    : [ask.allow, ask.ask, ask.deny].map((part) => precise(part / total(ask))).join(' / ');

const unseenSection = ({ measured }: Report): string => `## Sources not seen

Each row is a source that the weights which scored it had not seen. *Learned alone* is the nearest to a new source that
these cases can show: its weights know nothing of the row's source. The effects that it counts among its features come
from the same tables as the rules, and those, like *rules + learned*, were written with these sources in view.

${markdownTable(
  [
    'Source',
    'n dangerous / safe',
    'Learned alone: caught',
    'False alarms',
    'Rules + learned: caught',
    'False alarms',
  ],
  tallyBy(measured.unseen, ({ source }) => source)
    .filter(([, counted]) => scored(counted) >= 20)
    .map(([source, counted]) => {
      const learned = tally(measured.learnedAlone.filter((one) => one.case.source === source));
      return [
        source,
        `${caught(counted)[1]} / ${falseAlarms(counted)[1]}`,
        shareText(caught(learned)),
        shareText(falseAlarms(learned)),
        shareText(caught(counted)),
        shareText(falseAlarms(counted)),
      ];
    }),
)}

Sources with fewer than 20 scored actions are left out of this table and counted above.`;

const scored = (counted: Tally): number => caught(counted)[1] + falseAlarms(counted)[1];

const groupsSection = (whole: readonly Outcome[]): string => `## By kind, suite, category and source

The guard as it ships.

${(['kind', 'suite', 'category', 'source'] as const)
  .map((key) =>
    markdownTable(
      [`${key[0]!.toUpperCase()}${key.slice(1)}`, ...head],
      tallyBy(whole, (one) => one[key])
        .filter(([, counted]) => scored(counted) >= (key === 'source' || key === 'category' ? 5 : 1))
        .map(([name, counted]) => [name, ...cells(counted)]),
    ),
  )
  .join('\n\n')}`;

const rewritesSection = (rewrites: readonly RewriteCount[]): string => {
  const sum = (of: (one: RewriteCount) => number): number => rewrites.reduce((all, one) => all + of(one), 0);
  const row = (one: RewriteCount): readonly string[] => [
    one.name,
    shareText([one.lowered, one.tried]),
    String(one.silent),
    shareText([one.raised, one.safeTried]),
  ];
  const all: RewriteCount = {
    name: '**all**',
    tried: sum(({ tried }) => tried),
    lowered: sum(({ lowered }) => lowered),
    silent: sum(({ silent }) => silent),
    safeTried: sum(({ safeTried }) => safeTried),
    raised: sum(({ raised }) => raised),
  };
  return `## Rewrites

Dangerous lines that the guard catches, and safe ones that it allows, each written in other ways that do the same. Bash can read every
one of them (\`bash -n\`). *Lowered*: denied became asked, or caught became allowed (*silent*).
*Raised*: a safe line is no longer allowed; where nobody would write it so but to hide it (base64), that is as it should be. Aim: lowered in at most 2 %. ${all.tried} dangerous and ${all.safeTried} safe rewrites.

${markdownTable(
  ['Rewrite', 'Lowered', 'Silent', 'Safe raised'],
  [all, ...rewrites.toSorted((left, right) => right.lowered / right.tried - left.lowered / left.tried)].map(
    row,
  ),
)}`;
};

const milliseconds = (value: number): string => (value < 1 ? value.toFixed(3) : value.toFixed(1));

const latencySection = ({ latency, shapes, load }: Report): string => `## Time

One warm process after a pass that does not count. Other jobs share the machine, so each action counts with the quietest of several passes; the
last column is p50 over a fixed computation timed in the same pass, to compare machines. Aims: p50 0.2 ms, p99 1 ms, any input of up to 10,000 characters 10 ms, load 50 ms.

${markdownTable(
  ['Kind', 'n', 'p50 ms', 'p99 ms', 'max ms', 'p50 / reference'],
  latency.map((one) => [
    one.name,
    String(one.count),
    milliseconds(one.p50),
    milliseconds(one.p99),
    milliseconds(one.max),
    one.toReference.toFixed(2),
  ]),
)}

Processor time from the start of a process to the first decision, as \`tandem judge\` is started, less an empty process: ${load.bundled.toFixed(0)} ms bundled, ${load.source.toFixed(0)} ms from source.

${shapes.length} inputs of exactly 10,000 characters, each made to be dear for one stage: ${shapes.filter(isQuick).length} took under 10 ms.
${shapes.some(isSlow) ? `The slowest:\n\n${shapesTable(shapes)}` : ''}`;

const isQuick = ({ outcome, milliseconds }: ShapeTime): boolean => outcome === 'judged' && milliseconds < 10;
const isSlow = (one: ShapeTime): boolean => !isQuick(one);

const shapesTable = (shapes: readonly ShapeTime[]): string =>
  markdownTable(
    ['Input of', 'ms', 'Decision'],
    shapes
      .filter(isSlow)
      .slice(0, 25)
      .map((one) => [
        one.name,
        Number.isFinite(one.milliseconds) ? one.milliseconds.toFixed(0) : '–',
        one.outcome === 'judged' ? one.detail : `${one.outcome}: ${one.detail}`,
      ]),
  );

const steadySection = ({ unsteady, fuzz }: Report): string => `## Same input, same answer; odd input

Every action judged again, in the opposite order, and by a second guard that had judged nothing: ${unsteady.differ} of ${unsteady.of} answers differ.

${
  fuzz === null
    ? 'Fuzzing was not part of this run (`--fuzz N`).'
    : `${fuzz.inputs} fuzzed inputs (random characters, random tokens of the shell, changed cases): ${fuzz.threw} threw, ${fuzz.hung} hung for 10 s, ${fuzz.slow} took over 100 ms.`
}`;

const baselinesSection = ({ baselines, readings, measured }: Report): string => {
  if (baselines.length === 0) return '## Other guards\n\nNot part of this run (`--baselines all`).';
  const own = measured.layers[0]!;
  return `## Other guards

The same shell actions in the same run (Python ones for bandit), each guard with its defaults and without a model. How their answers are read, after their own documentation:
${readings.map(({ name, reading }) => `${name}: ${reading}`).join('; ')}.

${markdownTable(
  ['Guard', ...head, 'p50 / p99 µs', 'Errors'],
  [
    ['**this guard** (development figure)', ...cells(tally(own.outcomes)), '', ''],
    ...baselines.map((one) =>
      one.status === 'measured'
        ? [one.name, ...cells(tally(one.outcomes)), timesText(one.times), String(one.errors)]
        : [one.name, one.status, '', '', '', '', '', '', ''],
    ),
  ],
)}`;
};

const timesText = (times: readonly number[]): string => {
  const sorted = times.toSorted((left, right) => left - right);
  const at = (share: number): string => (sorted[Math.floor((sorted.length - 1) * share)] ?? 0).toFixed(0);
  return `${at(0.5)} / ${at(0.99)}`;
};

const limits = `## What these figures do not say

- The cases were used to see what was missing: read every figure of the rules as a ceiling for what new sources will show.
- Labels are other people's, mapped from tests of other guards, documentation and logs. About one in twenty is arguable, so a
  figure beyond 97 % measures taste as much as danger.
- The tests of other guards are what those guards were made to pass. A baseline whose own tests are among the sources looks
  better than it is, and one with another idea of what *ask* means looks worse.
- Edits are commits and reversed commits chosen by words of their messages: many that are labelled as removing a check remove none
  (renames, documentation, typing errors), so the share caught there is a lower bound, and some ordinary commits do remove one.
- An action is judged without its workspace here, so the facts that lower a decision (a clean tree, an ignored file) play no part.
- Times are those of one shared machine.
`;
