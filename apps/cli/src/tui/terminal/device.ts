import type { ReadStream, WriteStream } from 'node:tty';
import { type Input, KeyReader } from './keys.ts';
import type { Size } from './paper.ts';

/** The person's terminal while the screen has it. */
export type Device = {
  readonly size: () => Size;
  readonly write: (text: string) => void;
  /** Gives the terminal back as it was; may be called twice. */
  readonly close: () => void;
  /** Gives it to somebody else, an editor or the shell, until the work is done. */
  readonly lend: <T>(work: () => Promise<T>) => Promise<T>;
  /** Stops the process as Ctrl-Z does; resolves when the person brings it back. */
  readonly suspend: () => Promise<void>;
};

export type DeviceEvents = {
  readonly input: (inputs: readonly Input[]) => void;
  readonly resize: () => void;
};

/** Bracketed paste, and keys told apart (kitty): Shift-Enter is not Enter. Terminals without them take no notice. */
const enter = '\x1b[?2004h\x1b[>1u';
/** What `enter` did, styles, the cursor, wrapping and an unfinished frame. */
const leave = '\x1b[?2026l\x1b[<u\x1b[?2004l\x1b[0m\x1b[?25h';

/** A lone escape is a key when nothing follows it for so long; a slow line must not turn arrows into escapes. */
const escapeMs = 40;

/** The signal has arrived by then; nobody waits longer than this once the process runs again. */
const resumeMs = 150;

export const openDevice = (
  streams: { readonly input: ReadStream; readonly output: WriteStream },
  events: DeviceEvents,
): Device => {
  const { input, output } = streams;
  const reader = new KeyReader();
  let flushing: NodeJS.Timeout | undefined;
  let isOpen = false;
  const give = (inputs: readonly Input[]): void => {
    if (inputs.length > 0) events.input(inputs);
  };
  const onData = (chunk: string): void => {
    clearTimeout(flushing);
    give(reader.read(chunk));
    if (reader.pending) flushing = setTimeout(() => give(reader.flush()), escapeMs);
  };
  const open = (): void => {
    if (isOpen) return;
    isOpen = true;
    input.setRawMode(true);
    input.setEncoding('utf8');
    input.on('data', onData);
    input.resume();
    output.on('resize', events.resize);
    output.write(enter);
  };
  const close = (): void => {
    if (!isOpen) return;
    isOpen = false;
    clearTimeout(flushing);
    input.off('data', onData);
    output.off('resize', events.resize);
    input.pause();
    input.setRawMode(false);
    output.write(leave);
  };
  // However the process ends, the shell gets its terminal back. Writes to a terminal are synchronous.
  process.on('exit', close);
  open();
  return {
    size: () => ({ columns: output.columns || 80, rows: output.rows || 24 }),
    write: (text) => {
      if (isOpen) output.write(text);
    },
    close: () => {
      process.off('exit', close);
      close();
    },
    lend: async (work) => {
      close();
      try {
        return await work();
      } finally {
        open();
      }
    },
    suspend: async () => {
      close();
      // The whole group, as the terminal would: the shell that started us waits for it.
      process.kill(0, 'SIGTSTP');
      // While stopped no time passes here. Without a shell that could bring us back nothing was stopped at all.
      await new Promise((resolve) => setTimeout(resolve, resumeMs));
      open();
    },
  };
};
