import { type AppError, isAppError, isKnown, noUsage, type Usage } from '@tandem/protocol';
import type { Message, Model } from '../ports.ts';
import type { Logged } from '../session/log.ts';
import { type ContextEntry, contextEntries, lastCompaction } from './build.ts';

export type Compaction = { readonly summary: string; readonly upTo: number; readonly usage: Usage };

/** Share of the window that stays word for word: enough for the work in hand, little enough to be worth it. */
const KEEP_SHARE = 0.25;
/** A compaction that frees less than this is not worth a request. */
const WORTH_SHARE = 0.1;
const SUMMARY_TOKENS = 1_200;
const REQUEST_LIMIT = 6_000;
const MECHANICAL_LIMIT = 6_000;

type CompactInput = {
  readonly events: readonly Logged[];
  readonly model: Model;
  readonly window: number;
  /** `hard` keeps no message word for word: the last resort before giving up. */
  readonly hard: boolean;
  /** Of a person who asked for it, between turns: what it must hold above all; may be empty. */
  readonly focus?: string;
  readonly signal: AbortSignal;
};

/** Replaces old messages by a summary; null when there is nothing worth replacing. The log keeps everything. */
export const compact = async (input: CompactInput): Promise<Compaction | null> => {
  const { events, model, window, hard, focus } = input;
  const before = lastCompaction(events);
  const entries = contextEntries(events).filter((entry) => entry.seq > (before?.upTo ?? 0));
  const cut = hard ? entries.length : cutAt(entries, { model, tokens: window * KEEP_SHARE });
  const dropped = entries.slice(0, cut);
  const upTo = dropped.at(-1)?.seq;
  if (upTo === undefined) return null;
  const freed = dropped.reduce((sum, entry) => sum + tokensOf(entry.message, model), 0);
  if (!hard && freed < window * WORTH_SHARE) return null;
  const transcript = [
    ...(before === null ? [] : [before.text]),
    ...dropped.map((entry) => spoken(entry.message)),
  ];
  const { text, usage } = await summarise(transcript, input);
  const request = focus === undefined ? requestText(events, entries.slice(cut)) : '';
  const kept = [text, request, planText(events), filesText(events)];
  return {
    summary: kept.filter((part) => part !== '').join('\n\n'),
    upTo: dropped.reduce((last, entry) => Math.max(last, entry.seq), upTo),
    usage,
  };
};

export const tokensOf = (message: Message, model: Model): number => model.countTokens(spoken(message)) + 4;

/** The first entry that stays: never a tool result without the call it answers. */
const cutAt = (
  entries: readonly ContextEntry[],
  keep: { readonly model: Model; readonly tokens: number },
): number => {
  let left = keep.tokens;
  let cut = entries.length;
  for (let index = entries.length - 1; index >= 0; index -= 1) {
    const entry = entries[index];
    if (entry === undefined) break;
    left -= tokensOf(entry.message, keep.model);
    if (left < 0) break;
    if (entry.message.role !== 'tool') cut = index;
  }
  return cut;
};

const spoken = (message: Message): string => {
  if (message.role === 'tool') return `result of ${message.name}: ${message.text}`;
  const calls = message.role === 'assistant' ? (message.toolCalls ?? []) : [];
  return [
    `${message.role}: ${message.text}`,
    ...calls.map((call) => `call ${call.name} ${JSON.stringify(call.arguments)}`),
  ].join('\n');
};

const summarise = async (
  transcript: readonly string[],
  input: CompactInput,
): Promise<{ readonly text: string; readonly usage: Usage }> => {
  const { model, window, focus = '', signal } = input;
  const above = focus === '' ? '' : ` Above all keep: ${focus}`;
  // Half the window in characters of at least two a token leaves room even where text is dense.
  const text = middleCut(transcript.join('\n\n'), window);
  const messages: readonly Message[] = [
    {
      role: 'system',
      text: 'You shorten the record of a coding session so that the work can go on from it.',
    },
    {
      role: 'user',
      text: `${text}\n\nSum up the record above in at most 400 words: what was asked, what was found (paths, names, line numbers), what was changed, what was decided and why, what is still to do. Facts only.${above}`,
    },
  ];
  try {
    const generated = await model.generate(
      { messages, maxTokens: SUMMARY_TOKENS, temperature: 0 },
      { signal },
    );
    if (generated.text.trim() !== '') return { text: generated.text.trim(), usage: generated.usage };
  } catch (error) {
    if (signal.aborted || !isModelError(error)) throw error;
  }
  return { text: mechanical(transcript), usage: noUsage };
};

const isModelError = (error: unknown): error is AppError =>
  isAppError(error) &&
  (error.code === 'model_overflow' || error.code === 'model_failed' || error.code === 'model_unavailable');

/** Without the model: the head of each message, the later ones first to be kept. */
const mechanical = (transcript: readonly string[]): string => {
  const lines = transcript.map((part) => `- ${part.slice(0, 200).replaceAll('\n', ' ')}`);
  let text = '';
  for (const line of lines.toReversed()) {
    if (text.length + line.length > MECHANICAL_LIMIT) break;
    text = `${line}\n${text}`;
  }
  return text.trimEnd();
};

const middleCut = (text: string, limit: number): string =>
  text.length <= limit
    ? text
    : `${text.slice(0, limit / 4)}\n(left out here: ${text.length - limit} characters)\n${text.slice(-(limit * 3) / 4)}`;

/** The last thing the person asked, word for word, unless it stays in the context anyway. */
const requestText = (events: readonly Logged[], kept: readonly ContextEntry[]): string => {
  for (const event of events.toReversed()) {
    if (!isKnown(event) || event.type !== 'item.completed' || event.data.item.type !== 'user_message')
      continue;
    const { text } = event.data.item;
    if (kept.some((entry) => entry.message.role === 'user' && entry.message.text.startsWith(text))) return '';
    return `The request being worked on:\n${text.slice(0, REQUEST_LIMIT)}`;
  }
  return '';
};

const planText = (events: readonly Logged[]): string => {
  for (const event of events.toReversed()) {
    if (!isKnown(event) || event.type !== 'item.completed' || event.data.item.type !== 'plan') continue;
    return `Plan:\n${event.data.item.steps.map((step) => `- [${step.status}] ${step.text}`).join('\n')}`;
  }
  return '';
};

const filesText = (events: readonly Logged[]): string => {
  const files = new Set<string>();
  for (const event of events) {
    if (!isKnown(event)) continue;
    if (event.type === 'snapshot.restored') for (const path of event.data.files) files.delete(path);
    if (event.type !== 'item.completed' || event.data.item.type !== 'file_change') continue;
    for (const file of event.data.item.files) files.add(file.path);
  }
  return files.size === 0 ? '' : `Files changed so far: ${[...files].sort().join(', ')}`;
};
