import { homedir } from 'node:os';
import { createInterface } from 'node:readline';
import { type Guard, judgeWithFacts, openGuard, PolicyError } from '@tandem/guard';
import { policyFolders } from '@tandem/permit/places';
import { AppError } from '@tandem/protocol/error';
import type { Host } from '../host.ts';
import { type HookAgent, hookAnswer, readHookCall } from '../judge/hook-answer.ts';
import { brokenInvariants } from '../judge/invariants.ts';
import { judgeLine } from '../judge/judge-line.ts';
import { showJudged } from '../judge/show-judged.ts';
import { stagedEdit } from '../judge/staged.ts';
import type { CommandRunner } from './run.ts';

/** `tandem judge`: the guard alone. Lines of JSON, another assistant's hook, or one command for a person to read. */
export const judge: CommandRunner = async ({ parsed, host, signal }) => {
  const agent = parsed.values.get('hook');
  if (agent !== undefined) return await judgeHook(agent as HookAgent, host, signal);
  if (parsed.switches.has('staged'))
    return await judgeStaged(parsed.values.get('cwd') ?? host.cwd, host, signal);
  const [command] = parsed.positionals;
  if (command !== undefined) return await judgeCommand(command, host, signal);
  if (host.stdin === 'terminal' || host.stdin === 'none')
    throw new AppError('usage', 'judge needs a command, or lines of JSON on stdin with --json');
  const options = { guard: await guardOf(host), home: homeOf(host), signal };
  for await (const line of createInterface({ input: process.stdin, crlfDelay: Number.POSITIVE_INFINITY })) {
    signal.throwIfAborted();
    if (line.trim() !== '') host.out(`${await judgeLine(line, options)}\n`);
  }
  return 0;
};

export const homeOf = (host: Host): string => host.env.HOME || homedir();

/** The person's and the managed rules count; those of the folder that happens to be the current one do not. */
export const guardOf = async (host: Host): Promise<Guard> => {
  const places = { ...policyFolders(host.env), workspace: null, workspaceTrusted: false };
  try {
    return (await openGuard(places)).guard;
  } catch (error) {
    if (error instanceof PolicyError) throw new AppError('configuration', error.message);
    throw error;
  }
};

const judgeCommand = async (command: string, host: Host, signal: AbortSignal): Promise<number> => {
  const guard = await guardOf(host);
  const request = {
    kind: 'bash',
    input: command,
    cwd: host.cwd,
    workspace: host.cwd,
    home: homeOf(host),
  } as const;
  const judged = await judgeWithFacts(guard, request, signal);
  host.out(showJudged(judged));
  return judged.decision === 'allow' ? 0 : judged.decision === 'ask' ? 3 : 1;
};

/** Before a commit: silent where nothing speaks against it. */
const judgeStaged = async (cwd: string, host: Host, signal: AbortSignal): Promise<number> => {
  const request = await stagedEdit(cwd, signal);
  const judged = await judgeWithFacts(await guardOf(host), request, signal);
  const { configOf } = await import('./config-of.ts');
  const broken = await brokenInvariants(await configOf(host, cwd), request.workspace ?? cwd, signal);
  if (judged.decision === 'allow' && broken.length === 0) return 0;
  if (judged.decision !== 'allow') host.err(showJudged(judged));
  for (const { command, output } of broken)
    host.err(`ask  edit.invariant\n  ${command} fails on what is staged\n${output}`);
  host.err(
    'tandem: the commit is stopped; look at the lines above, and git commit --no-verify if you mean it\n',
  );
  return 1;
};

/** A hook must answer whatever happens: silence would let the action through. */
const judgeHook = async (agent: HookAgent, host: Host, signal: AbortSignal): Promise<number> => {
  const home = homeOf(host);
  try {
    const project = agent === 'claude' ? host.env.CLAUDE_PROJECT_DIR : undefined;
    const { request, problem, approves } = await readHookCall(await readAll(), { home, project });
    if (problem !== null) host.out(hookAnswer(agent, { problem }));
    else if (request !== null) {
      const judged = await judgeWithFacts(await guardOf(host), request, signal);
      host.out(hookAnswer(agent, judged, approves));
    }
  } catch (error) {
    host.out(
      hookAnswer(agent, {
        problem: `the guard failed: ${error instanceof Error ? error.message : String(error)}`,
      }),
    );
  }
  return 0;
};

const readAll = async (): Promise<string> => {
  let text = '';
  for await (const chunk of process.stdin.setEncoding('utf8')) text += chunk;
  return text;
};
