import type { Envelope, Event } from '@tandem/protocol';
import { isKnown } from '@tandem/protocol';

const short = (text: string): string => {
  const line = text.trim().split('\n')[0] ?? '';
  return line.length > 100 ? `${line.slice(0, 99)}…` : line;
};

/** The line that a stored event is worth on stderr, or null. */
export const describeEvent = (event: Event | Envelope): string | null => {
  if (!isKnown(event)) return null;
  switch (event.type) {
    case 'item.completed': {
      const { item } = event.data;
      const ending = 'status' in item && item.status !== 'completed' ? ` (${item.status})` : '';
      if (item.type === 'command') return `$ ${short(item.command)} → exit ${item.exit ?? 'none'}${ending}`;
      if (item.type === 'tool_call')
        return `${item.name} ${short(JSON.stringify(item.arguments ?? {}))}${ending}`;
      return null;
    }
    default:
      return null;
  }
};
