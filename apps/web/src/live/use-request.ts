import { useState } from 'react';
import { problemOf } from './use-polled.ts';

export type Request = {
  readonly isBusy: boolean;
  /** Why the last one was refused. */
  readonly problem: string | null;
  readonly send: (ask: () => Promise<unknown>) => void;
};

/** One request at a time, as a button sends it. */
export const useRequest = (): Request => {
  const [state, setState] = useState({ isBusy: false, problem: null as string | null });
  const run = async (ask: () => Promise<unknown>): Promise<void> => {
    setState({ isBusy: true, problem: null });
    try {
      await ask();
      setState({ isBusy: false, problem: null });
    } catch (error) {
      setState({ isBusy: false, problem: problemOf(error) });
    }
  };
  return { ...state, send: (ask) => void run(ask) };
};
