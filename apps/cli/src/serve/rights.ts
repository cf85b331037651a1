import type { DeviceRight } from '@tandem/protocol';

/** What a request asks of whoever sends it; `own` is left to the person whose machine it is. */
export type Needed = DeviceRight | 'own';

const id = '[^/]+';
const table: readonly (readonly [method: string, path: string, needed: Needed])[] = [
  ['GET', '/v1/workspace', 'view'],
  ['GET', '/v1/sessions', 'view'],
  ['GET', `/v1/sessions/${id}/events`, 'view'],
  ['GET', `/v1/sessions/${id}/follow`, 'view'],
  ['GET', '/v1/live', 'view'],
  ['POST', '/v1/sessions', 'prompt'],
  ['POST', `/v1/sessions/${id}/turns`, 'prompt'],
  ['POST', `/v1/sessions/${id}/interrupt`, 'prompt'],
  ['POST', `/v1/sessions/${id}/approvals/${id}`, 'approve'],
];
const rows = table.map(([method, path, needed]) => ({ method, path: new RegExp(`^${path}$`), needed }));

/** What is in no row, now or in a later version of the door, is the person's own. */
export const neededFor = (method: string, path: string): Needed =>
  rows.find((row) => row.method === method && row.path.test(path))?.needed ?? 'own';
