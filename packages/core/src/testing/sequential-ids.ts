import type { Ids } from '../ports.ts';

/** `ses_000001`, `trn_000002`, …: sortable by the time they were made, and the same in every run. */
export const sequentialIds = (start = 0): Ids => {
  let last = start;
  return {
    next: (prefix) => {
      last += 1;
      return `${prefix}_${String(last).padStart(6, '0')}`;
    },
  };
};
