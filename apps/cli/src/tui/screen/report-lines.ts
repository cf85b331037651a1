import type { Item, View } from '@tandem/protocol';
import { modeOf, type Screen } from '../app/screen.ts';
import { type Line, line, span } from '../text/line.ts';
import { wrap } from '../text/wrap.ts';
import { amount, dollars, seconds } from './numbers.ts';

/** Characters of a token, about: what is not counted by a model is estimated. */
const perToken = 4;

/** What of the conversation fills the model's window, as far as the log says; what was summed up is its summary alone. */
export const contextLines = (view: View): readonly Line[] => {
  const sizes = new Map<string, number>();
  const add = (what: string, size: number): void => void sizes.set(what, (sizes.get(what) ?? 0) + size);
  for (const item of view.turns.flatMap((turn) => (turn.undone ? [] : turn.items))) {
    if (item.type === 'compaction') sizes.clear();
    const [what, text] = weightOf(item);
    add(what, text.length);
  }
  const sum = (): number => [...sizes.values()].reduce((total, size) => total + size, 0);
  const { usage } = view.step ?? { usage: null };
  if (usage !== null && usage.in * perToken > sum())
    add('rules, tools, instruction files', usage.in * perToken - sum());
  const total = Math.max(1, sum());
  const head =
    usage === null
      ? 'nothing was sent to a model yet'
      : `the last request: ${amount(usage.in)} tokens in (${amount(usage.cached)} of them reused), ${amount(usage.out)} out`;
  const rows = [...sizes].toSorted((left, right) => right[1] - left[1]);
  return [
    line(head),
    ...rows.map(([what, size]) => {
      const share = Math.round((size / total) * 100);
      return line(
        span('█'.repeat(Math.max(1, Math.round(share / 4))), 'accent'),
        ` ${share} % ${what}`,
        span(` about ${amount(Math.ceil(size / perToken))} tokens`, 'dim'),
      );
    }),
    ...(rows.length === 0 ? [] : [line(span('/compact sums it up', 'dim'))]),
  ];
};

const weightOf = (item: Item): [string, string] => {
  switch (item.type) {
    case 'user_message':
      return ['what you wrote', item.text];
    case 'agent_message':
      return ['answers', item.text];
    case 'reasoning':
      return ['thinking', item.text];
    case 'tool_call':
      return [`output of ${item.name}`, item.output];
    case 'command':
      return ['output of commands', item.output];
    case 'file_change':
      return ['changes of files', item.diff];
    case 'plan':
      return ['plans', item.steps.map(({ text }) => text).join('\n')];
    case 'compaction':
      return ['summaries', item.summary];
  }
};

export const costLines = ({ usage, turns }: View): readonly Line[] => [
  line(`${amount(usage.in)} tokens in, ${amount(usage.cached)} of them reused; ${amount(usage.out)} out`),
  line(
    `${dollars(usage.costUsd)} in ${turns.length} turn${turns.length === 1 ? '' : 's'}, ${seconds(turns.reduce((sum, { ms }) => sum + ms, 0))} of work`,
  ),
];

export const permissionLines = (screen: Screen, width: number): readonly Line[] => {
  const refused = screen.view.turns.flatMap(({ items }) => items.filter(isRefused));
  return [
    line('mode ', span(modeOf(screen), 'bold'), span(`, sandbox ${screen.place.sandbox}`, 'dim')),
    line(span('Rules: /etc/tandem/policy.toml, ~/.config/tandem/policy.toml, .tandem/policy.toml', 'dim')),
    ...(refused.length === 0
      ? [line('Nothing was refused in this session.')]
      : [line('Refused in this session:')]),
    ...refused.flatMap((item) =>
      wrap(line(span('  ✗ ', 'bad'), `${item.name}: ${item.output.split('\n')[0]}`), width),
    ),
  ];
};

type Call = Extract<Item, { readonly type: 'tool_call' }>;
const isRefused = (item: Item): item is Call =>
  item.type === 'tool_call' && /^(?:Not allowed: |The person declined this)/.test(item.output);
