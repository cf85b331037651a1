import { isKnown } from '@tandem/protocol';
import type { Logged } from '../session/log.ts';
import { cleanPath } from './paths.ts';
import type { FileHistory } from './tool.ts';

const touching = new Set(['read', 'write', 'edit']);

/** Which files the session knows, from the calls that worked. Files put back since must be read again. */
export const fileHistory = (events: readonly Logged[], root: string): FileHistory => {
  const paths = new Map<string, { readonly name: string; readonly path: string }>();
  const seen = new Set<string>();
  const failedEdits = new Map<string, number>();
  for (const event of events) {
    if (!isKnown(event)) continue;
    if (event.type === 'tool.started' && touching.has(event.data.name)) {
      const path = (event.data.arguments as { readonly path?: unknown }).path;
      if (typeof path === 'string')
        paths.set(event.data.callId, { name: event.data.name, path: cleanPath(path, root) });
    } else if (event.type === 'tool.completed') {
      const call = paths.get(event.data.callId);
      if (call === undefined) continue;
      if (event.data.isError && call.name === 'edit')
        failedEdits.set(call.path, (failedEdits.get(call.path) ?? 0) + 1);
      if (event.data.isError) continue;
      seen.add(call.path);
      if (call.name !== 'read') failedEdits.delete(call.path);
    } else if (event.type === 'snapshot.restored') {
      for (const path of event.data.files) seen.delete(path);
    }
  }
  return { seen, failedEdits };
};
