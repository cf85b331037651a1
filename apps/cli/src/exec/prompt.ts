import { AppError } from '@tandem/protocol';
import type { Host } from '../host.ts';

/** More than any context takes; a pipe that never ends must not fill the memory. */
const maxInputBytes = 1_000_000;

/** A parent that opened a socket pair for us and says nothing has nothing to say. */
const socketGraceMs = 1_000;
const pipeNoticeMs = 3_000;

/**
 * The text of the turn: the prompt, or stdin for `-` and no prompt, or the prompt with what is piped in as a `<stdin>`
 * block. @throws AppError usage when there is neither
 */
export const readPrompt = async (
  host: Host,
  typed: string | undefined,
  signal: AbortSignal,
): Promise<string> => {
  const prompt = typed === '-' ? undefined : typed;
  if (prompt === undefined) {
    if (host.stdin === 'terminal' || host.stdin === 'none') {
      throw new AppError('usage', 'there is no prompt: write it as an argument, or pipe it in');
    }
    const text = (await readStdin(host, { signal })).trim();
    if (text === '') throw new AppError('usage', 'the prompt on stdin is empty');
    return text;
  }
  if (prompt.trim() === '') throw new AppError('usage', 'the prompt is empty');
  if (host.stdin === 'terminal' || host.stdin === 'none') return prompt;
  const input = await readStdin(host, {
    signal,
    ...(host.stdin === 'socket' ? { graceMs: socketGraceMs } : {}),
  });
  return input.trim() === '' ? prompt : `${prompt}\n\n<stdin>\n${input.trimEnd()}\n</stdin>`;
};

const readStdin = async (
  host: Host,
  { signal, graceMs }: { readonly signal: AbortSignal; readonly graceMs?: number },
): Promise<string> => {
  const chunks: Buffer[] = [];
  let size = 0;
  const stop = new AbortController();
  const grace = setTimeout(() => stop.abort(), graceMs ?? 0x7fff_ffff);
  const notice = setTimeout(
    () => host.err('Waiting for stdin to end; with nothing to pipe in, add </dev/null\n'),
    pipeNoticeMs,
  );
  if (graceMs === undefined) clearTimeout(grace);
  const stdin = process.stdin;
  const stopped = AbortSignal.any([stop.signal, signal]);
  const close = (): void => void stdin.destroy();
  stopped.addEventListener('abort', close, { once: true });
  try {
    for await (const chunk of stdin) {
      clearTimeout(grace);
      clearTimeout(notice);
      chunks.push(chunk as Buffer);
      size += (chunk as Buffer).length;
      if (size > maxInputBytes) {
        throw new AppError(
          'usage',
          `stdin is over ${maxInputBytes} bytes; give the file's name in the prompt`,
        );
      }
    }
  } catch (error) {
    signal.throwIfAborted();
    if (!stop.signal.aborted) throw error;
  } finally {
    clearTimeout(grace);
    clearTimeout(notice);
    stopped.removeEventListener('abort', close);
  }
  signal.throwIfAborted();
  return Buffer.concat(chunks).toString('utf8');
};
