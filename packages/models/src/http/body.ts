import { AppError } from '@tandem/protocol';

/** No answer of a model comes near; a server that sends more is broken or hostile. */
const maxStreamBytes = 64_000_000;

/** The body as text, piece by piece, a character split between pieces put together. @throws AppError past the cap */
export async function* textChunks(
  response: Response,
  touch: () => void,
): AsyncGenerator<string, void, undefined> {
  if (response.body === null) return;
  const decoder = new TextDecoder();
  let bytes = 0;
  for await (const chunk of response.body) {
    touch();
    bytes += chunk.byteLength;
    if (bytes > maxStreamBytes) {
      throw new AppError('model_failed', `${response.url} sent more than ${maxStreamBytes} bytes.`);
    }
    const text = decoder.decode(chunk, { stream: true });
    if (text !== '') yield text;
  }
  const rest = decoder.decode();
  if (rest !== '') yield rest;
}

/** At most `limit` characters of the body; the rest is not read. */
export const cappedText = async (response: Response, limit: number): Promise<string> => {
  let text = '';
  for await (const chunk of textChunks(response, () => undefined)) {
    text += chunk;
    if (text.length >= limit) break;
  }
  return text.slice(0, limit);
};
