import { useEffect, useState } from 'react';

const everyMs = 5_000;

/** Counts up while something has failed and may be tried again: now and then, when the network is back, when somebody looks. */
export const useAgain = (hasFailed: boolean): number => {
  const [count, setCount] = useState(0);
  useEffect(() => {
    if (!hasFailed) return;
    const again = (): void => {
      if (!document.hidden) setCount((before) => before + 1);
    };
    const timer = setInterval(again, everyMs);
    addEventListener('online', again);
    document.addEventListener('visibilitychange', again);
    return () => {
      clearInterval(timer);
      removeEventListener('online', again);
      document.removeEventListener('visibilitychange', again);
    };
  }, [hasFailed]);
  return count;
};
