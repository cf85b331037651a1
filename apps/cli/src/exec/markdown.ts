import type { Item, View, ViewTurn } from '@tandem/protocol';

/** A session as a page that a person reads or pastes into an issue. */
export const markdownOf = (view: View): string =>
  [
    `# ${view.title || view.session}`,
    `Session ${view.session}, in ${view.settings?.cwd ?? 'an unknown directory'}, with ${view.settings?.model ?? 'no model'}.`,
    ...view.turns.flatMap(turnBlocks),
  ]
    .join('\n\n')
    .concat('\n');

const turnBlocks = (turn: ViewTurn): readonly string[] => {
  const blocks = [`## ${headingOf(turn.text)}`];
  if (turn.undone) blocks.push('(Gone back over: no part of the conversation)');
  if (turn.text.trim() !== headingOf(turn.text)) blocks.push(quote(turn.text));
  for (const item of turn.items) {
    // The first input is the heading, and the last message is the answer below.
    if (item.type === 'user_message' && item.text === turn.text) continue;
    if (item.type === 'agent_message' && item.text.trim() === turn.answer.trim()) continue;
    blocks.push(...itemBlocks(item));
  }
  if (turn.answer.trim() !== '') blocks.push(turn.answer.trim());
  if (turn.files.length > 0) {
    blocks.push(
      turn.files.map(({ path, added, removed }) => `- \`${path}\` +${added} −${removed}`).join('\n'),
    );
  }
  if (turn.verify !== null) blocks.push(`Verify: \`${turn.verify.command}\` exit ${turn.verify.exit}`);
  if (turn.error !== null) blocks.push(`Failed: ${turn.error.message}`);
  if (turn.status !== 'ok' && turn.error === null) blocks.push(`(${turn.status})`);
  return blocks;
};

const itemBlocks = (item: Item): readonly string[] => {
  switch (item.type) {
    case 'user_message':
      return [quote(item.text)];
    case 'agent_message':
      return item.text.trim() === '' ? [] : [item.text.trim()];
    case 'reasoning':
      return [];
    case 'tool_call':
      return [
        `**${item.name}** \`${JSON.stringify(item.arguments ?? {}).replaceAll('`', "'")}\``,
        fenced(item.output),
      ];
    case 'command':
      return [fenced(`$ ${item.command}\n${item.output}`)];
    case 'file_change':
      return item.diff.trim() === '' ? [] : [fenced(item.diff, 'diff')];
    case 'plan':
      return [
        item.steps.map(({ text, status }) => `- [${status === 'completed' ? 'x' : ' '}] ${text}`).join('\n'),
      ];
    case 'compaction':
      return [`(Summary of what came before)\n\n${quote(item.summary)}`];
  }
};

const headingOf = (text: string): string => {
  const line = text.trim().split('\n')[0] ?? '';
  return line.length > 100 ? `${line.slice(0, 99)}…` : line;
};

const quote = (text: string): string => text.trimEnd().replaceAll(/^/gm, '> ');

/** A fence longer than any run of backticks inside. */
const fenced = (text: string, language = ''): string => {
  const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = '`'.repeat(longest + 1);
  return `${fence}${language}\n${text.trimEnd()}\n${fence}`;
};
