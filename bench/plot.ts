/** A small SVG: for each row a 95 % interval with its point, the first try as a ring, the oracle as a bar. */
import { percent, wilson } from './stats.ts';
import type { Count, Summary } from './summary.ts';

const layout = { left: 250, width: 420, right: 110, top: 46, row: 26, bottom: 40 };

const colours = {
  selected: '#1f6feb',
  first: '#8250df',
  oracle: '#1a7f37',
  text: '#24292f',
  grid: '#d0d7de',
};

export const plotSolved = (summaries: readonly Summary[]): string => {
  const height = layout.top + summaries.length * layout.row + layout.bottom;
  const width = layout.left + layout.width + layout.right;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" font-family="system-ui, sans-serif" font-size="12" role="img" aria-label="Share of tasks solved">`,
    `<rect width="${width}" height="${height}" fill="#ffffff"/>`,
    ...legend(),
    ...grid(height),
    ...summaries.flatMap((summary, index) => row(summary, layout.top + (index + 0.5) * layout.row)),
    '</svg>',
    '',
  ].join('\n');
};

const x = (share: number): string => (layout.left + share * layout.width).toFixed(1);

const text = (input: {
  readonly x: number | string;
  readonly y: number;
  readonly text: string;
  readonly anchor?: 'start' | 'middle' | 'end';
  readonly colour?: string;
}): string =>
  `<text x="${input.x}" y="${input.y.toFixed(1)}" text-anchor="${input.anchor ?? 'start'}" fill="${input.colour ?? colours.text}">${escapeXml(input.text)}</text>`;

const escapeXml = (value: string): string =>
  value.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');

const legend = (): readonly string[] => [
  text({ x: layout.left, y: 20, text: '● selected@N, 95 % interval', colour: colours.selected }),
  text({ x: layout.left + 190, y: 20, text: '○ pass@1', colour: colours.first }),
  text({ x: layout.left + 270, y: 20, text: '| oracle@N', colour: colours.oracle }),
];

const grid = (height: number): readonly string[] =>
  [0, 0.25, 0.5, 0.75, 1].flatMap((share) => [
    `<line x1="${x(share)}" x2="${x(share)}" y1="${layout.top - 6}" y2="${height - layout.bottom + 4}" stroke="${colours.grid}"/>`,
    text({ x: x(share), y: height - layout.bottom + 22, text: percent(share), anchor: 'middle' }),
  ]);

const row = (summary: Summary, y: number): readonly string[] => {
  const { selected, first, oracle } = summary;
  const interval = wilson(selected.solved, selected.total);
  return [
    text({ x: layout.left - 12, y: y + 4, text: `${summary.label} · ${summary.kind}`, anchor: 'end' }),
    `<line x1="${x(interval.low)}" x2="${x(interval.high)}" y1="${y}" y2="${y}" stroke="${colours.selected}" stroke-width="2"/>`,
    ...mark(
      oracle,
      (at) =>
        `<line x1="${at}" x2="${at}" y1="${y - 8}" y2="${y + 8}" stroke="${colours.oracle}" stroke-width="3"/>`,
    ),
    ...mark(selected, (at) => `<circle cx="${at}" cy="${y}" r="5" fill="${colours.selected}"/>`),
    ...mark(
      first,
      (at) => `<circle cx="${at}" cy="${y}" r="5" fill="none" stroke="${colours.first}" stroke-width="2"/>`,
    ),
    text({ x: layout.left + layout.width + 12, y: y + 4, text: `${selected.solved} of ${selected.total}` }),
  ];
};

const mark = ({ solved, total }: Count, draw: (at: string) => string): readonly string[] =>
  total === 0 ? [] : [draw(x(solved / total))];
