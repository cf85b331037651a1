import { AppError } from '@tandem/protocol';

/** Bytes read of a page; a page of documentation is far smaller, and a context holds less. */
const maxBytes = 2_000_000;
const timeoutMs = 20_000;

/** One page as text: markup, scripts and styles taken out. @throws AppError usage | offline */
export const fetchPage = async (url: string, signal: AbortSignal): Promise<string> => {
  const address = URL.canParse(url) ? new URL(url) : null;
  if (address === null || !/^https?:$/.test(address.protocol)) {
    throw new AppError('usage', `${url} is no http or https address`);
  }
  // Cloud machines hand out credentials to whoever asks there.
  if (/^(169\.254\.|\[fe80:|metadata\.)/i.test(address.host)) {
    throw new AppError('usage', `${address.host} is not a page for an agent`);
  }
  const response = await fetch(address, {
    signal: AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]),
  }).catch((cause: unknown) => {
    signal.throwIfAborted();
    throw new AppError('offline', `${address.host} does not answer`, { cause });
  });
  if (!response.ok) throw new AppError('not_found', `${url} answered ${response.status}`);
  const text = await readCapped(response);
  return /html/i.test(response.headers.get('content-type') ?? '') ? textOfHtml(text) : text;
};

const readCapped = async (response: Response): Promise<string> => {
  const decoder = new TextDecoder();
  let text = '';
  let size = 0;
  for await (const chunk of response.body ?? []) {
    size += chunk.length;
    text += decoder.decode(chunk, { stream: true });
    if (size > maxBytes) return `${text}\n[cut after ${maxBytes} bytes]`;
  }
  return text + decoder.decode();
};

const entities: Readonly<Record<string, string>> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  '#39': "'",
  nbsp: ' ',
};

export const textOfHtml = (html: string): string =>
  html
    .replace(/<!--[\s\S]*?-->|<(script|style|svg|head)\b[\s\S]*?<\/\1\s*>/gi, ' ')
    .replace(/<\/?(p|div|li|tr|h[1-6]|pre|section|article|ul|ol|table|br)\b[^>]*>/gi, '\n')
    .replace(/<[^>]*>/g, '')
    .replace(/&(amp|lt|gt|quot|#39|nbsp);/g, (_, name: string) => entities[name]!)
    .replace(/[ \t]+/g, ' ')
    .replace(/ ?\n\s*/g, '\n')
    .trim();
