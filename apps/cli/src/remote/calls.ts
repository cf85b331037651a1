import { problemOf } from '@tandem/api';
import { AppError } from '@tandem/protocol/error';
import type { Added, Door, Machine } from '../tui/app/machine.ts';

/** What a screen asks of the machine beside the door, by name: what goes in and comes out is JSON. */
const callsOf = (machine: Machine, door: Door, signal: AbortSignal) => ({
  branch: (cwd: string) => machine.branch(signal, cwd),
  findings: () => machine.findings(signal),
  doctor: () => machine.doctor(signal),
  commands: () => machine.commands(),
  listing: (what: Added) => machine.listing(what),
  trustQuestion: () => machine.trustQuestion(),
  answerTrust: async (root: string, answer: 'trusted' | 'refused') => {
    await machine.answerTrust(root, answer);
    if (answer === 'trusted') door.trustWorkspace();
  },
  models: () => machine.models(),
  readyModel: (id: string) => machine.readyModel(id, { say: () => {}, signal }),
  allowKind: async (rule: string) => {
    await machine.allowKind(rule);
    door.policyChanged();
  },
  expand: (prompt: string) => door.expand(prompt, signal),
  shell: (command: string, cwd: string) => machine.shell(command, { cwd, signal }),
  worktrees: (origin: string) => machine.worktrees.list(origin),
  makeWorktree: (origin: string, name: string) => machine.worktrees.make({ origin, name }, signal),
  diffOfWorktree: (origin: string, name: string) => machine.worktrees.diff(origin, name),
});

export type Calls = ReturnType<typeof callsOf>;

const prefix = '/v1/machine/';

export const callPath = (name: keyof Calls): string => `${prefix}${name}`;

/** Null: the request is the door's. */
export const answerCall = async (
  request: Request,
  { machine, door }: { readonly machine: Machine; readonly door: Door },
): Promise<Response | null> => {
  const { pathname } = new URL(request.url);
  if (!pathname.startsWith(prefix)) return null;
  try {
    const calls: Readonly<Record<string, unknown>> = callsOf(machine, door, request.signal);
    const name = pathname.slice(prefix.length);
    if (request.method !== 'POST' || !Object.hasOwn(calls, name))
      throw new AppError(
        'not_found',
        `Tandem there does not know ${name}; install the same version on both.`,
      );
    const words = (await request.json()) as readonly unknown[];
    const call = calls[name] as (...given: readonly unknown[]) => Promise<unknown>;
    return Response.json({ result: (await call(...words)) ?? null });
  } catch (error) {
    const problem = problemOf(error);
    return Response.json(problem, { status: problem.status });
  }
};
