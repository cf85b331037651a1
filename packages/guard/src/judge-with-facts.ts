import type { Guard, Judged } from './load-guard.ts';
import type { JudgeRequest } from './request.ts';

/**
 * Judges an action; where the state of the workspace could lower the decision, looks at it and judges again:
 * `git reset --hard` loses nothing on a clean tree. Only the workspace that the caller names is looked at.
 */
export const judgeWithFacts = async (
  guard: Guard,
  request: JudgeRequest,
  signal?: AbortSignal,
): Promise<Judged> => {
  await guard.ready(request);
  const first = guard.judge(request);
  const { workspace } = request;
  if (first.decision === 'allow' || first.wants.length === 0 || workspace === undefined) return first;
  const { gatherFacts } = await import('./facts/gather-facts.ts');
  const gathered = await gatherFacts({
    cwd: request.cwd ?? workspace,
    workspace,
    wants: first.wants,
    ...(request.created === undefined ? {} : { created: request.created }),
    ...(signal === undefined ? {} : { signal }),
  });
  return guard.judge({ ...request, facts: { ...gathered, ...request.facts } });
};
