import type { Host } from '../host.ts';

export type Progress = {
  /** What is being done now: redrawn in place on a terminal, a line of its own elsewhere. */
  readonly update: (text: string) => void;
  /** A line that stays. */
  readonly line: (text: string) => void;
  /** Takes the redrawn line away; a later update draws it again. */
  readonly end: () => void;
};

const frames = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏'];
const frameMs = 100;

export const createProgress = (host: Host): Progress =>
  host.errIsLive ? liveProgress(host) : plainProgress(host);

/** Each text once, so that a log of a thousand steps holds no thousand spinners. */
const plainProgress = (host: Host): Progress => {
  let last = '';
  const line = (text: string): void => host.err(`${text}\n`);
  return {
    line,
    update: (text) => {
      if (text !== last) line(text);
      last = text;
    },
    end: () => {},
  };
};

const liveProgress = (host: Host): Progress => {
  let text = '';
  let frame = 0;
  let since = 0;
  let timer: NodeJS.Timeout | undefined;
  const draw = (): void => {
    frame = (frame + 1) % frames.length;
    const seconds = Math.round((Date.now() - since) / 1000);
    const tail = seconds >= 2 ? ` ${seconds} s` : '';
    const width = (process.stderr.columns || 80) - tail.length - 3;
    host.redraw(`${frames[frame]} ${text.slice(0, width)}${tail}`);
  };
  const end = (): void => {
    // Without a spinner on the line there may be somebody else's text on it.
    if (timer !== undefined) host.redraw('');
    clearInterval(timer);
    timer = undefined;
  };
  return {
    update: (next) => {
      if (next !== text || timer === undefined) since = Date.now();
      text = next.split('\n')[0] ?? '';
      timer ??= setInterval(draw, frameMs).unref();
      draw();
    },
    line: (next) => {
      if (timer !== undefined) host.redraw('');
      host.err(`${next}\n`);
      if (timer !== undefined) draw();
    },
    end,
  };
};
