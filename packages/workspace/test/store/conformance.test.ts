import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eventStoreConformance } from '@tandem/core/testing';
import { describe, expect, it } from 'vitest';
import { openJsonlStore } from '../../src/index.ts';
import { systemClock } from '../support/clock.ts';

eventStoreConformance('jsonl', {
  describe,
  it,
  expect,
  open: async () => {
    const directory = mkdtempSync(join(tmpdir(), 'tandem-store-'));
    const open = () => openJsonlStore({ directory, clock: systemClock });
    return {
      store: open(),
      reopen: async () => open(),
      close: async () => rmSync(directory, { recursive: true, force: true }),
    };
  },
});
