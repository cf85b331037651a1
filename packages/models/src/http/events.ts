import { AppError } from '@tandem/protocol';
import { createParser, type EventSourceMessage } from 'eventsource-parser';

/** One event or line is never this long; a server that never ends a line would fill memory. */
const maxPending = 8_000_000;

const tooLong = (): AppError => new AppError('model_failed', 'The server sent a line without end.');

/** Server-sent events out of text in pieces of any size. An event that was not ended is not seen. */
export async function* sseEvents(
  chunks: AsyncIterable<string>,
): AsyncGenerator<EventSourceMessage, void, undefined> {
  let ready: EventSourceMessage[] = [];
  let pending = 0;
  const parser = createParser({
    onEvent: (event) => {
      pending = 0;
      ready.push(event);
    },
  });
  for await (const chunk of chunks) {
    pending += chunk.length;
    parser.feed(chunk);
    if (ready.length === 0 && pending > maxPending) throw tooLong();
    yield* ready;
    ready = [];
  }
}

/** Non-empty lines out of text in pieces of any size; the last one may lack its end. */
export async function* textLines(chunks: AsyncIterable<string>): AsyncGenerator<string, void, undefined> {
  let pending = '';
  for await (const chunk of chunks) {
    const lines = (pending + chunk).split('\n');
    pending = lines.pop() ?? '';
    if (pending.length > maxPending) throw tooLong();
    for (const line of lines) if (line.trim() !== '') yield line;
  }
  if (pending.trim() !== '') yield pending;
}
