import { homedir } from 'node:os';
import { dirname } from 'node:path';
import type { Place } from '@tandem/extend';
import { pathsOf } from '../config/paths.ts';
import { workspaceRoot } from '../config/trust.ts';

/** Where a person and the workspace of a directory keep what they add to the agent. */
export const placeOf = (env: Readonly<Record<string, string | undefined>>, cwd: string): Place => ({
  home: env.HOME || homedir(),
  config: dirname(pathsOf(env).config),
  root: workspaceRoot(cwd),
  cwd,
});
