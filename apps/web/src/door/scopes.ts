import { AppError } from '@tandem/protocol/error';
import type { Scope } from '@tandem/protocol/team';
import type { OrganisationClient } from '@tandem/sdk';

/** What something on this page needs; a key with none of them has nothing to do here. */
const used = [
  'tasks:read',
  'usage:read',
  'audit:read',
  'webhooks:read',
  'tasks:write',
  'approvals:write',
  'webhooks:write',
] as const satisfies readonly Scope[];

/** What a key may do, of that which this page can do. */
export type May = ReadonlySet<(typeof used)[number]>;

/** @throws AppError when the key opens nothing, or the door cannot say now */
export const readScopes = async (organisation: OrganisationClient): Promise<May> => {
  const { scopes } = await organisation.me();
  const may = new Set(used.filter((scope) => scopes.includes(scope)));
  if (may.size === 0) throw new AppError('usage', 'This key has no scope for anything on this page.');
  return may;
};
