import type { Message, ToolSpec } from '@tandem/core';
import { withTextTools } from '../text-tools/write-tools.ts';

/** Text to tokenize. Only `special` pieces may become control tokens, so text of a file can never end a message. */
export type Piece = { readonly special: boolean; readonly text: string };

export type RenderedChat = {
  readonly pieces: readonly Piece[];
  /** How many pieces from the start stay the same for every request of a session: the leading system message. */
  readonly stablePieces: number;
};

export type ChatFormat = {
  readonly name: 'chatml' | 'gemma' | 'llama3';
  /** What the model's own template puts in front when no system message is given. */
  readonly defaultSystem: string | null;
};

/**
 * Writes a chat in the model's own format. Appending a message never changes the pieces before it, and an assistant
 * header is a piece of its own, so that what was generated after it tokenizes alike when it comes back as history.
 */
export const renderChat = (input: {
  readonly format: ChatFormat;
  readonly messages: readonly Message[];
  readonly tools: readonly ToolSpec[];
}): RenderedChat => {
  const messages = withSystem(input);
  const write = writers[input.format.name];
  const first = messages[0];
  const stable = first?.role === 'system' ? write.message(first) : [];
  const rest = (stable.length > 0 ? messages.slice(1) : messages).flatMap(write.message);
  return { pieces: [...stable, ...rest, ...write.opening], stablePieces: stable.length };
};

/** Null when it is none of those written here. Weights that bring no template are taken for their family's. */
export const chatFormatOf = (
  template: string | undefined,
  architecture: string | undefined,
): ChatFormat | null => {
  if (template === undefined) return formatOfFamily(architecture ?? '');
  if (template.includes('<|im_start|>')) return { name: 'chatml', defaultSystem: defaultSystemOf(template) };
  if (template.includes('<start_of_turn>')) return { name: 'gemma', defaultSystem: null };
  if (template.includes('<|start_header_id|>')) return { name: 'llama3', defaultSystem: null };
  return null;
};

const formatOfFamily = (architecture: string): ChatFormat | null => {
  if (architecture.startsWith('gemma')) return { name: 'gemma', defaultSystem: null };
  if (architecture.startsWith('qwen')) return { name: 'chatml', defaultSystem: null };
  return null;
};

type Writer = {
  readonly message: (message: Message) => readonly Piece[];
  readonly opening: readonly Piece[];
};

const special = (text: string): Piece => ({ special: true, text });
const plain = (text: string): Piece => ({ special: false, text });

/** An assistant message as [open, header, body, close]: the header apart, as in `opening`. */
const chatmlWriter: Writer = {
  message: (message) => {
    const { role, text: body } = message;
    const head = [special('<|im_start|>'), plain(`${role}\n`)];
    return role === 'assistant'
      ? [...head, plain(body), special('<|im_end|>'), plain('\n')]
      : [special('<|im_start|>'), plain(`${role}\n${body}`), special('<|im_end|>'), plain('\n')];
  },
  opening: [special('<|im_start|>'), plain('assistant\n')],
};

const gemmaWriter: Writer = {
  message: (message) => {
    const { role, text } = message;
    if (role === 'assistant')
      return [
        special('<start_of_turn>'),
        plain('model\n'),
        plain(text),
        special('<end_of_turn>'),
        plain('\n'),
      ];
    return [special('<start_of_turn>'), plain(`user\n${text}`), special('<end_of_turn>'), plain('\n')];
  },
  opening: [special('<start_of_turn>'), plain('model\n')],
};

const llama3Head = (role: string): readonly Piece[] => [
  special('<|start_header_id|>'),
  plain(role),
  special('<|end_header_id|>'),
];

const llama3Writer: Writer = {
  message: (message) => {
    const { role, text: body } = message;
    return role === 'assistant'
      ? [...llama3Head(role), plain('\n\n'), plain(body), special('<|eot_id|>')]
      : [...llama3Head(role), plain(`\n\n${body}`), special('<|eot_id|>')];
  },
  opening: [...llama3Head('assistant'), plain('\n\n')],
};

const writers: Readonly<Record<ChatFormat['name'], Writer>> = {
  chatml: chatmlWriter,
  gemma: gemmaWriter,
  llama3: llama3Writer,
};

/** Tools go at the end of the system message: it changes only when the tools do. */
const withSystem = (input: {
  readonly format: ChatFormat;
  readonly messages: readonly Message[];
  readonly tools: readonly ToolSpec[];
}): readonly Message[] => {
  const { format, messages, tools } = input;
  const usual = messages[0]?.role === 'system' ? null : format.defaultSystem;
  const all: readonly Message[] = usual === null ? messages : [{ role: 'system', text: usual }, ...messages];
  return withTextTools({ messages: all, tools, maxTokens: 0 }).messages;
};

const defaultSystemOf = (template: string): string | null =>
  /system\\n(You are [^'"<\\]{1,200})<\|im_end\|>/.exec(template)?.[1] ?? null;
