import type { Workspace } from '@tandem/core';
import { openWorkspace } from '../../src/index.ts';
import { tempDir } from './temp.ts';

export const open = (root: string, stateDir = tempDir()): Promise<Workspace> =>
  openWorkspace(root, { stateDir });
