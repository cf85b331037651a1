import type { ViewAttempt } from '@tandem/protocol';
import { type Line, line, pad, span, truncate } from '../text/line.ts';
import { seconds } from './numbers.ts';

/** Attempts beside each other: what each is, what verify said of it, and which one was chosen. */
export const attemptLines = (attempts: readonly ViewAttempt[], width: number): readonly Line[] =>
  attempts.map((attempt, index) => {
    const number = pad(line(span(`#${index + 1}`, 'bold')), 4);
    const how = pad(line(attempt.source), 9);
    const took = attempt.ms > 0 ? span(` ${seconds(attempt.ms)}`, 'dim') : span('');
    const note = span(attempt.note === '' ? '' : ` ${attempt.note}`, 'dim');
    return truncate([...number, ...how, ...outcomeOf(attempt), took, ...line(note)], width);
  });

const outcomeOf = ({ status, verify }: ViewAttempt): Line => {
  const chosen = status === 'chosen' ? [span(' ← chosen', 'accent')] : [];
  if (status === 'open') return [span('… at work', 'accent')];
  if (verify === null) return [span('not verified', 'dim'), ...chosen];
  const passes = verify.exit === 0;
  return [span(passes ? '✓ passes' : `✗ exit ${verify.exit}`, passes ? 'good' : 'bad'), ...chosen];
};
