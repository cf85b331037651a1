import { createHash } from 'node:crypto';
import type { TaskFacts } from './task.ts';

/**
 * Tasks in an order of which every beginning is a fair sample: each kind and language comes as often as it has tasks, and
 * within them ids come as their hashes do. So a run of a long suite that is stopped early has not measured one kind alone.
 */
export const inFairOrder = <T extends Pick<TaskFacts, 'id' | 'kind' | 'lang'>>(
  tasks: readonly T[],
): readonly T[] =>
  [...Map.groupBy(tasks, ({ kind, lang }) => `${kind}/${lang}`)]
    .flatMap(([name, group]) =>
      group
        .toSorted((left, right) => compare(hash(left.id), hash(right.id)))
        .map((task, index) => ({ task, name, at: (index + 0.5) / group.length })),
    )
    .toSorted((left, right) => left.at - right.at || compare(left.name, right.name))
    .map(({ task }) => task);

const hash = (id: string): string => createHash('sha256').update(id).digest('hex');

const compare = (left: string, right: string): number => (left < right ? -1 : left > right ? 1 : 0);
