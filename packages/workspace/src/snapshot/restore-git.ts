import { mkdir, rm, rmdir } from 'node:fs/promises';
import { join, sep } from 'node:path';
import { applySteps, sweepUnfinished } from './apply.ts';
import { writeRefs } from './git-refs.ts';
import { putObjectsBack } from './kept-objects.ts';
import type { Objects } from './objects.ts';
import type { GitPlan } from './plan-git.ts';

/** Brings a repository's plan about: objects first, then what points to them. Returns what could not be changed. */
export const putRepositoryBack = async (input: {
  readonly root: string;
  readonly folder: string;
  readonly objects: Objects;
  readonly plan: GitPlan;
}): Promise<readonly string[]> => {
  const { objects, plan } = input;
  const { gitDir, target, worktree } = plan;
  if (plan.files.steps.length === 0 && plan.refs.steps.length === 0) return [];
  await sweepUnfinished(gitDir);
  if (target !== null) {
    await mkdir(join(gitDir, 'refs'), { recursive: true });
    for (const [path, wanted] of Object.entries(target.kept))
      await putObjectsBack({
        folder: join(gitDir, path),
        kept: join(input.folder, 'kept'),
        objects,
        wanted,
      });
  }
  const head = worktree === null ? 'HEAD' : `worktrees/${worktree}/HEAD`;
  // HEAD last: until it is written, a repository that was deleted is none, rather than one without its branches.
  const refs = plan.refs.steps.filter(({ name }) => name !== 'HEAD');
  await writeRefs(gitDir, new Map(refs.map((step) => [step.name, step.target])));
  const blocked = await applySteps({ root: gitDir, objects, steps: plan.files.steps });
  const headStep = plan.refs.steps.find(({ name }) => name === 'HEAD');
  if (headStep !== undefined) await writeRefs(gitDir, new Map([[head, headStep.target]]));
  if (target === null && gitDir.startsWith(`${input.root}${sep}`)) await removeRepository(gitDir);
  return blocked.map((name) => `${gitDir}/${name}`);
};

/** A repository that the agent made; the snapshot taken before holds on to all of it. */
const removeRepository = async (gitDir: string): Promise<void> => {
  for (const name of ['objects', 'refs', 'packed-refs'])
    await rm(join(gitDir, name), { recursive: true, force: true });
  await rmdir(gitDir).catch(() => undefined);
};
