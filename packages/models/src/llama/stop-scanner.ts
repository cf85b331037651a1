/** Finds stop strings in streamed text, and holds back what may yet become one. */
export type StopScanner = {
  /** Text that is now certain, and whether a stop string ended it. After `stopped` nothing more may be pushed. */
  readonly push: (text: string) => { readonly text: string; readonly stopped: boolean };
  /** What was held back, when the answer ended by itself. */
  readonly flush: () => string;
};

export const createStopScanner = (stops: readonly string[]): StopScanner => {
  const wanted = stops.filter((stop) => stop !== '');
  let held = '';
  return {
    push: (text) => {
      held += text;
      const at = firstStop(held, wanted);
      if (at >= 0) {
        const before = held.slice(0, at);
        held = '';
        return { text: before, stopped: true };
      }
      const keep = possibleStopLength(held, wanted);
      const sure = held.slice(0, held.length - keep);
      held = held.slice(held.length - keep);
      return { text: sure, stopped: false };
    },
    flush: () => {
      const rest = held;
      held = '';
      return rest;
    },
  };
};

const firstStop = (text: string, stops: readonly string[]): number => {
  const found = stops.map((stop) => text.indexOf(stop)).filter((at) => at >= 0);
  return found.length === 0 ? -1 : Math.min(...found);
};

/** Length of the longest end of `text` that a stop string begins with. */
const possibleStopLength = (text: string, stops: readonly string[]): number =>
  Math.max(
    0,
    ...stops.map((stop) => {
      for (let length = Math.min(stop.length - 1, text.length); length > 0; length--)
        if (text.endsWith(stop.slice(0, length))) return length;
      return 0;
    }),
  );
