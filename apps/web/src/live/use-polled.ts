import { isAppError } from '@tandem/protocol';
import { useEffect, useState } from 'react';

export type Polled<T> = {
  readonly value: T | null;
  /** Why it could not be had the last time. */
  readonly problem: string | null;
};

/** Asks now and every few seconds, while somebody looks at the page. `ask` must be the same function while it asks the same. */
export const usePolled = <T>(ask: () => Promise<T>, everyMs: number): Polled<T> => {
  const [polled, setPolled] = useState<Polled<T>>({ value: null, problem: null });
  useEffect(() => {
    let isOver = false;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const look = async (): Promise<void> => {
      clearTimeout(timer);
      const answer = document.hidden ? null : await answerOf(ask);
      if (isOver) return;
      if (answer !== null)
        setPolled((before) => ('value' in answer ? { ...answer, problem: null } : { ...before, ...answer }));
      timer = setTimeout(look, everyMs);
    };
    const seen = (): void => void look();
    void look();
    document.addEventListener('visibilitychange', seen);
    return () => {
      isOver = true;
      clearTimeout(timer);
      document.removeEventListener('visibilitychange', seen);
    };
  }, [ask, everyMs]);
  return polled;
};

const answerOf = async <T>(
  ask: () => Promise<T>,
): Promise<{ readonly value: T } | { readonly problem: string }> => {
  try {
    return { value: await ask() };
  } catch (error) {
    return { problem: problemOf(error) };
  }
};

/** A refusal in words. A browser says nothing useful about a server that does not answer. */
export const problemOf = (error: unknown): string =>
  isAppError(error) ? error.message : 'The server does not answer. What you see is what was known last.';
