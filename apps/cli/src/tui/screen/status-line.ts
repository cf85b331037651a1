import { basename } from 'node:path';
import { modelOf, modeOf, type Screen } from '../app/screen.ts';
import { type Line, line, lineWidth, type Span, span, truncate } from '../text/line.ts';
import { amount, dollars } from './numbers.ts';

const modeStyles = {
  default: 'plain',
  acceptEdits: 'accent',
  plan: 'good',
  auto: 'warn',
  dontAsk: 'plain',
  bypass: 'bad',
} as const;

/** Mode, model, context, cost, sandbox, place: the most important first; what does not fit is left out from the end. */
export const statusLine = (screen: Screen, width: number): readonly Line[] => {
  if (screen.armed === 'quit') return [line(span('Ctrl-C again to leave', 'warn'))];
  if (screen.armed === 'chord') return [line(span('Ctrl-X: E opens your editor', 'warn'))];
  if (screen.armed === 'rewind') return [line(span('Esc again to go back to an earlier prompt', 'warn'))];
  const mode = modeOf(screen);
  const { view, place, shell, behind } = screen;
  const parts: Span[] = [span(`mode ${mode}`, modeStyles[mode]), span(shortModel(modelOf(screen)))];
  if (shell.length > 0)
    parts.push(span(`${shell.length} output${shell.length === 1 ? '' : 's'} attached`, 'accent'));
  if (behind.length > 0) parts.push(span(`${behind.length} behind`, 'accent'));
  const { usage, ms } = view.step ?? { usage: null, ms: null };
  if (usage !== null) parts.push(span(`ctx ${amount(usage.in + usage.out)}`, 'dim'));
  if (usage !== null && ms !== null && ms >= 100)
    parts.push(span(`${amount(Math.round((usage.out * 1000) / ms))} tok/s`, 'dim'));
  if (view.usage.costUsd > 0) parts.push(span(dollars(view.usage.costUsd), 'dim'));
  parts.push(span(`sandbox ${place.sandbox}`, 'dim'));
  if (place.host !== null) parts.push(span(`on ${place.host}`, 'accent'));
  parts.push(span(basename(place.cwd) + (place.branch === null ? '' : ` (${place.branch})`), 'dim'));
  parts.push(span('? keys', 'dim'));
  return [fitting(parts, width)];
};

const fitting = (parts: readonly Span[], width: number): Line => {
  let kept: Line = [];
  for (const part of parts) {
    const next = kept.length === 0 ? line(part) : [...kept, span(' · ', 'dim'), ...line(part)];
    if (lineWidth(next) > width) continue;
    kept = next;
  }
  return kept.length === 0 ? truncate(line(...parts.slice(0, 1)), width) : kept;
};

/** A path is known by its end. */
const shortModel = (model: string): string => {
  const [provider = '', ...names] = model.split('/');
  const name = names.at(-1) ?? '';
  const short = name.length <= 32 ? name : `…${name.slice(-28)}`;
  return names.length === 0 ? model : `${provider}/${names.length > 1 ? '…/' : ''}${short}`;
};
