import { readyModel } from '../exec/ready-model.ts';
import type { Host } from '../host.ts';
import type { AttemptsPlan } from './plan.ts';

/** The ids of the models, weights on disk; one that is named twice is made ready once. */
export const resolveModels = async (
  plan: AttemptsPlan,
  { host, signal }: { readonly host: Host; readonly signal: AbortSignal },
): Promise<readonly string[]> => {
  const { offline } = plan.turn;
  const wanted = plan.models.length === 0 ? [plan.turn.model] : plan.models;
  const ready = new Map<string | null, string>();
  for (const id of new Set(wanted)) ready.set(id, await readyModel({ id, offline, host, signal }));
  return wanted.map((id) => ready.get(id) ?? '');
};
