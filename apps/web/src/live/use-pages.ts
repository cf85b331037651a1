import type { Page } from '@tandem/protocol/team';
import { useCallback, useEffect, useState } from 'react';
import { problemOf } from './use-polled.ts';

export type Pages<T> = {
  /** Null before the first page has come. */
  readonly rows: readonly T[] | null;
  readonly hasMore: boolean;
  readonly isBusy: boolean;
  readonly problem: string | null;
  readonly more: () => void;
  /** Begins anew with the first page. */
  readonly again: () => void;
};

/** A list that is longer than a page, newest first. `ask` must be the same function while it asks the same. */
export const usePages = <T>(ask: (after: string | undefined) => Promise<Page<T>>): Pages<T> => {
  const nothing = { rows: null as readonly T[] | null, next: null as string | null };
  const [list, setList] = useState(nothing);
  const [stands, setStands] = useState({ isBusy: true, problem: null as string | null });
  const read = useCallback(
    async (after: string | undefined, isOver: () => boolean = () => false): Promise<void> => {
      setStands({ isBusy: true, problem: null });
      try {
        const { data, next } = await ask(after);
        if (isOver()) return;
        setList(({ rows }) => ({ rows: after === undefined ? data : [...(rows ?? []), ...data], next }));
        setStands({ isBusy: false, problem: null });
      } catch (error) {
        if (!isOver()) setStands({ isBusy: false, problem: problemOf(error) });
      }
    },
    [ask],
  );
  useEffect(() => {
    let isGone = false;
    void read(undefined, () => isGone);
    return () => {
      isGone = true;
    };
  }, [read]);
  return {
    ...stands,
    rows: list.rows,
    hasMore: list.next !== null,
    more: () => void read(list.next ?? undefined),
    again: () => void read(undefined),
  };
};
