import { useEffect, useLayoutEffect, useRef } from 'react';

/** So far from the end somebody still looks at it. */
const nearPixels = 80;

/** Keeps the end of a page in sight while what it shows grows, until somebody scrolls away from there. */
export const useEnd = (shown: unknown): void => {
  const isAtEnd = useRef(true);
  useEffect(() => {
    const look = (): void => {
      isAtEnd.current = scrollY + innerHeight >= document.documentElement.scrollHeight - nearPixels;
    };
    addEventListener('scroll', look, { passive: true });
    return () => removeEventListener('scroll', look);
  }, []);
  // biome-ignore lint/correctness/useExhaustiveDependencies: what is shown is what makes the page grow
  useLayoutEffect(() => {
    if (isAtEnd.current) scrollTo({ top: document.documentElement.scrollHeight });
  }, [shown]);
};
