import type { Envelope, Event, EventOf } from '@tandem/protocol';
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
    case 'attempt.started': {
      const { number, hypothesis, model } = event.data;
      return `attempt ${number}: ${short(hypothesis ?? model)}`;
    }
    case 'attempt.failed':
      return `attempt failed: ${short(event.data.error.message)}`;
    case 'attempt.verified':
      return event.data.number === undefined ? null : verifiedLine(event.data.number, event.data);
    case 'overlap.noticed':
      return overlapLine(event.data);
    default:
      return null;
  }
};

const verifiedLine = (
  number: number,
  { verify, regressions = [], note }: EventOf<'attempt.verified'>['data'],
): string => {
  const outcome = verify === null ? 'made' : verify.exit === 0 ? 'passes' : `fails with exit ${verify.exit}`;
  const broken = regressions.length === 0 ? '' : `, breaks ${short(regressions.join(', '))}`;
  return `attempt ${number} ${outcome}${broken}${note === '' || note === 'passed' ? '' : `: ${short(note)}`}`;
};

/** With whom, where, and what to do. */
export const overlapLine = ({
  with: other,
  overlaps,
  advice,
  why,
}: Pick<EventOf<'overlap.noticed'>['data'], 'with' | 'overlaps' | 'advice' | 'why'>): string => {
  const places = overlaps.map(({ path, symbols, lines }) =>
    [
      path,
      ...(symbols.length === 0 ? [] : [symbols.join(' and ')]),
      ...(lines.length === 0 ? [] : [`lines ${lines.map(({ from, to }) => `${from}–${to}`).join(', ')}`]),
    ].join(' '),
  );
  return `overlap with ${other.session} (${short(other.title)}) in ${short(places.join('; '))}: ${advice}; ${short(why)}`;
};
