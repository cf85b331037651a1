/** Small programs of many shapes, written for these tests. */
export const samples: readonly { readonly path: string; readonly text: string }[] = [
  {
    path: 'ledger.py',
    text: `"""A ledger."""
import math
from collections import defaultdict

RATE = 0.25


def balance(entries, start=0, *, strict=True):
    """Sum of entries.

    >>> balance([1, 2])
    3
    """
    total = start
    seen = set()
    for index, entry in enumerate(entries):
        if not entry and strict:
            continue
        elif entry in seen or index > 100:
            break
        else:
            seen.add(entry)
        total += entry * (1 + RATE)
    return round(total, 2)


class Window:
    size = 3

    def __init__(self, values, size=None):
        self.values = list(values)
        self.size = size or Window.size
        self._cache = {}

    @property
    def width(self) -> int:
        return min(self.size, len(self.values)) - 1

    def means(self):
        out = []
        for i in range(0, len(self.values) - self.size + 1):
            part = self.values[i:i + self.size]
            if len(part) < self.size: break
            mean = sum(part) / len(part)
            out.append(mean if mean >= 0 else -mean)
        return out[::-1]

    async def fetch(self, source, *names):
        result = await source.get(names[0], timeout=30)
        try:
            value = result["key"].strip().lower()
        except (KeyError, AttributeError) as error:
            raise ValueError(f"bad {error}") from error
        finally:
            source.close()
        while True:
            item = source.next()
            if item is None:
                return value
            self._cache[item] = value


def group(pairs):
    groups = defaultdict(list)
    for key, value in pairs:
        groups[key].append(value)
    best = max(groups, key=lambda k: len(groups[k]))
    evens = [x for x in groups[best] if x % 2 == 0]
    text = 'total: ' + str(len(evens)) + ""
    with open(text) as handle:
        for line in handle:
            print(line, end='')
    return {k: v[0] for k, v in groups.items()}, math.floor(len(evens) / 2)


def walk(node, depth=0):
    if node is None:
        return
    yield node.name, depth
    for child in node.children:
        yield from walk(child, depth + 1)
`,
  },
  {
    path: 'queue.js',
    text: `'use strict';
const { readFile } = require('node:fs/promises');

/** Keeps at most \`limit\` jobs. */
class Queue {
  #jobs = [];
  static limit = 10;

  constructor(limit = Queue.limit) {
    this.limit = limit;
    this.done = 0;
  }

  push(job, front) {
    if (this.#jobs.length >= this.limit) return false;
    if (front) this.#jobs.unshift(job);
    else this.#jobs.push(job);
    return true;
  }

  async drain(run) {
    let failed = 0;
    while (this.#jobs.length > 0) {
      const job = this.#jobs.shift();
      try {
        await run(job, this.done + 1);
        this.done++;
      } catch (error) {
        failed += 1;
        if (failed > 3 && !job.retry) {
          throw error;
        }
      }
    }
    return { done: this.done, failed };
  }
}

function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  if (sorted.length === 0) return null;
  return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

const kinds = (value) => {
  switch (typeof value) {
    case 'number':
      return value < 0 ? 'negative' : 'positive';
    case 'string': {
      let out = '';
      for (let i = value.length - 1; i >= 0; i--) {
        out += value[i].toUpperCase();
      }
      return out;
    }
    default:
      break;
  }
  for (const key in value) {
    if (!Object.hasOwn(value, key)) continue;
    delete value[key];
  }
  return value ?? \`none \${kinds.length}\`;
};

exports.load = async function load(path, ...rest) {
  const text = await readFile(path, 'utf8');
  const [first, second = 2] = text.split('\\n').map((line, n) => line.trim() + n);
  return first?.startsWith('#') || second > 1 ? rest.slice(1, -1) : [];
};
module.exports = { Queue, median, kinds };
`,
  },
  {
    path: 'grid.ts',
    text: `import type { Cell } from './cell.ts';

export interface Options<T> {
  readonly width: number;
  readonly fill?: T;
}

type Visit<T> = (cell: T, x: number, y: number) => void;

export class Grid<T extends Cell> {
  private readonly cells: T[][] = [];
  protected constructor(private readonly options: Options<T>, public height = 1) {}

  at(x: number, y: number): T | undefined {
    const row = this.cells[y];
    if (row === undefined || x < 0 || x >= this.options.width) return undefined;
    return row[x] as T;
  }

  forEach(visit: Visit<T>): void {
    for (let y = 0; y < this.height; y += 1) {
      for (let x = 0; x < this.options.width; x += 1) {
        const cell = this.at(x, y);
        if (cell) visit(cell, x, y);
      }
    }
  }

  neighbours(x: number, y: number): readonly T[] {
    const found: T[] = [];
    for (const [dx, dy] of [[1, 0], [0, 1], [-1, 0], [0, -1]] as const) {
      const cell = this.at(x + dx, y + dy);
      if (cell !== undefined && !found.includes(cell)) found.push(cell!);
    }
    return found;
  }
}

export const distance = <P extends { x: number; y: number }>(from: P, to: P): number => {
  const dx = Math.abs(from.x - to.x);
  const dy = Math.abs(from.y - to.y);
  return Math.max(dx, dy) + (dx & 1);
};

export async function sumOf(load: (id: number) => Promise<number>, ids: Iterable<number>): Promise<number> {
  let total = 0;
  for (const id of ids) total += await load(id);
  return total satisfies number;
}
`,
  },
  {
    path: 'list.tsx',
    text: `import { useState } from 'react';

type Props = { items: string[]; selected?: number };

export function List({ items, selected = 0 }: Props) {
  const [current, setCurrent] = useState(selected);
  const shown = items.filter((item) => item.length > 0).slice(0, 10);
  if (shown.length === 0) return <p className="empty">Nothing &amp; more</p>;
  return (
    <ul>
      {shown.map((item, index) => (
        <li key={index} onClick={() => setCurrent(index + 1)} hidden={index !== current && !items[0]}>
          {index < current ? item.toUpperCase() : item} of {items.length - 1}
        </li>
      ))}
    </ul>
  );
}
`,
  },
];
