import { homedir } from 'node:os';
import type { Action, Gate, Permit, PermitDecision, Ran } from '@tandem/core';
import type { Guard, Judged, JudgeRequest, Offer, OpenGuard, Opinion } from '@tandem/guard';
import { policyFolders } from './config/paths.ts';
import { fetchingCommand, readingCommand } from './judge/quote.ts';

type Environment = Readonly<Record<string, string | undefined>>;
type GuardRoom = typeof import('@tandem/guard');

/** One question to a model; null where it gives no answer. Rejects only with the signal's reason. */
export type AskModel = (
  question: { readonly system: string; readonly user: string },
  signal: AbortSignal,
) => Promise<string | null>;

/**
 * The guard as the engine's permit: what a tool call would do, judged by rules and facts, then by the mode and by what a
 * person has already said yes to. Loaded at the first call. A guard that fails asks.
 */
export const createPermit = (
  env: Environment,
  { opinion = null, workspaceTrusted = false }: PermitOptions = {},
): GuardedPermit => {
  const open = new Map<string, Promise<Loaded>>();
  const opened = (root: string): Promise<Loaded> => {
    const loading = open.get(root) ?? load(env, root, workspaceTrusted);
    open.set(root, loading);
    loading.catch(() => open.delete(root));
    return loading;
  };
  return {
    permit: async (action, signal) => {
      const before = performance.now();
      try {
        const decided = await decide({ action, loaded: await opened(action.root), env, opinion, signal });
        return { ...decided, us: Math.round((performance.now() - before) * 1_000) };
      } catch (error) {
        signal.throwIfAborted();
        return failed(error, action.mode);
      }
    },
    gate: async (ran, signal) => {
      if (ran.mode === 'bypass') return null;
      try {
        return await judgeChanges((await opened(ran.root)).guard, ran, signal);
      } catch (error) {
        signal.throwIfAborted();
        return { ...failed(error, 'plan'), decision: 'deny' };
      }
    },
    clauses: async (workspace) => {
      const { clauseText } = await import('@tandem/guard/clauses');
      return clauseText({ ...policyFolders(env), workspace, workspaceTrusted });
    },
  };
};

export type PermitOptions = {
  readonly opinion?: AskModel | null;
  /** A person has said so; otherwise the workspace's policy can only make things stricter. */
  readonly workspaceTrusted?: boolean;
};

export type GuardedPermit = {
  readonly permit: Permit;
  readonly gate: Gate;
  /** The constitution as a part of the model's instructions. @throws PolicyError where a policy is wrong */
  readonly clauses: (root: string) => Promise<string>;
};

type Loaded = OpenGuard & { readonly room: GuardRoom };

const load = async (env: Environment, workspace: string, workspaceTrusted: boolean): Promise<Loaded> => {
  const room = await import('@tandem/guard');
  return { room, ...(await room.openGuard({ ...policyFolders(env), workspace, workspaceTrusted })) };
};

/** What git itself moved is content that somebody committed; all else that a command wrote is judged like an edit. */
const judgeChanges = async (guard: Guard, ran: Ran, signal: AbortSignal): Promise<PermitDecision | null> => {
  const place = { cwd: ran.root, workspace: ran.root };
  const command: JudgeRequest = { kind: 'bash', input: String(ran.arguments.command ?? ''), ...place };
  await guard.ready(command);
  if (guard.judge(command).effects.some((effect) => effect.type === 'git' || effect.type === 'package'))
    return null;
  const diff = await ran.diff();
  if (diff === null) return null;
  const edit: JudgeRequest = { kind: 'edit', input: diff, ...place };
  await guard.ready(edit);
  signal.throwIfAborted();
  const judged = guard.judge(edit);
  const against = judged.reasons.filter(
    (reason) => reason.decision !== 'allow' && reason.category.startsWith('edit.'),
  );
  if (against.length === 0) return null;
  return {
    decision: 'deny',
    rules: against.flatMap(({ rule, clause }) => [rule, `clause:${clause}`]),
    score: judged.score,
    reasons: against.map(({ message, path, line }) =>
      `${path ?? ''}${line === undefined ? '' : `:${line}`} ${message}`.trim(),
    ),
    category: against[0]?.category ?? judged.category,
  };
};

type Deciding = {
  readonly action: Action;
  readonly loaded: Loaded;
  readonly env: Environment;
  readonly opinion: AskModel | null;
  readonly signal: AbortSignal;
};

const decide = async ({ action, loaded, env, opinion, signal }: Deciding): Promise<PermitDecision> => {
  const { room, guard } = loaded;
  const request = requestOf(action, env.HOME || homedir());
  const judged = request === null ? harmless : await room.judgeWithFacts(guard, request, signal);
  const hash = hashOf(room, judged, action);
  const isVerify = action.mode === 'auto' && action.arguments.command === action.verify?.trim();
  const final = room.decideByMode({
    mode: action.mode,
    effectClass: action.effect,
    decision: judged.decision,
    reasons: judged.ruleReasons,
    effects: judged.effects,
    isApproved: isVerify || (hash !== null && approvedActions(action.events).has(hash)),
    isCovered: guard.covers(judged),
  });
  const base = {
    score: judged.score,
    category: judged.category,
    effects: judged.effects.slice(0, 50),
    ...(hash === null ? {} : { action: hash }),
  };
  const messages = judged.reasons.map(({ message }) => message);
  const mayAsk =
    action.mode === 'auto' && final.decision === 'ask' && opinion !== null && room.isOpen(judged);
  const second = mayAsk ? await secondOpinion({ room, judged, action, opinion, signal }) : null;
  if (second?.decision === 'allow') {
    const reasons = [`a second opinion: ${second.reason}`, ...messages];
    return { ...base, decision: 'allow', rules: ['opinion:allow'], reasons };
  }
  const stopped =
    final.decision === 'deny'
      ? room.handOver(room.afterDecision(room.breakerOf(action.events), 'deny'))
      : null;
  const said = [stopped, final.reason, ...messages].filter((text) => text !== null);
  const rules = [
    ...(final.rule === null ? [] : [final.rule]),
    ...(stopped === null ? [] : ['mode:breaker']),
    ...judged.reasons.flatMap(({ rule, clause }) => [rule, `clause:${clause}`]),
  ];
  return {
    ...base,
    decision: stopped === null ? final.decision : 'ask',
    rules: [...new Set(rules)],
    reasons: said.length === 0 ? ['nothing speaks against it'] : said,
    ...offered(final.decision === 'ask' ? guard.offer(judged) : null),
  };
};

const offered = (offer: Offer | null): Pick<PermitDecision, 'offer'> =>
  offer === null ? {} : { offer: { explain: offer.explain, rule: offer.toml } };

const secondOpinion = async (input: {
  readonly room: GuardRoom;
  readonly judged: Judged;
  readonly action: Action;
  readonly opinion: AskModel;
  readonly signal: AbortSignal;
}): Promise<Opinion | null> => {
  const { room, judged, action, opinion, signal } = input;
  const words = action.events
    .filter(({ type }) => type === 'turn.admitted')
    .map(({ data }) => String((data as Readonly<Record<string, unknown>>).text));
  const text = JSON.stringify(action.arguments.command ?? action.arguments);
  const answer = await opinion(room.opinionPrompt({ words, action: text, judged }), signal);
  return answer === null ? null : room.readOpinion(answer);
};

/** Of a tool that neither runs nor writes nor reaches anything by itself. */
const harmless: Judged = {
  decision: 'allow',
  category: 'none',
  score: 0,
  effects: [],
  reasons: [],
  wants: [],
  commands: [],
  found: [],
  ruleReasons: [],
};

/** What a call would do, in the guard's terms; null for a tool without effects. */
const requestOf = (action: Action, home: string): JudgeRequest | null => {
  const place = { cwd: action.root, workspace: action.root, home };
  const { command, path, url } = action.arguments;
  if (action.preview !== null)
    return { ...place, kind: 'edit', input: '', change: { files: [action.preview] } };
  if (typeof command === 'string') return { ...place, kind: 'bash', input: command };
  if (typeof url === 'string') return { ...place, kind: 'bash', input: fetchingCommand(url) };
  if (typeof path === 'string' && action.effect === 'read')
    return { ...place, kind: 'bash', input: readingCommand(path) };
  return null;
};

const hashOf = (room: GuardRoom, judged: Judged, action: Action): string | null => {
  if (judged.commands.length > 0) return room.actionHash({ type: 'shell', commands: judged.commands });
  const { tool, arguments: given, root } = action;
  return room.actionHash({ type: 'tool', tool, arguments: given, cwd: root });
};

/** The actions of a session that a person was asked about and allowed. */
const approvedActions = (events: Action['events']): ReadonlySet<string> => {
  const hashes = new Map<unknown, string>();
  const calls = new Map<unknown, unknown>();
  const approved = new Set<string>();
  for (const { type, data } of events) {
    const value = data as Readonly<Record<string, unknown>>;
    if (type === 'permission.evaluated' && typeof value.action === 'string')
      hashes.set(value.callId, value.action);
    if (type === 'approval.requested') calls.set(value.approval, value.callId);
    if (type === 'approval.resolved' && value.decision === 'allow') {
      const hash = hashes.get(calls.get(value.approval));
      if (hash !== undefined) approved.add(hash);
    }
  }
  return approved;
};

const failed = (error: unknown, mode: Action['mode']): PermitDecision => {
  const reason = `the guard failed: ${error instanceof Error ? error.message : String(error)}`;
  const decision = mode === 'dontAsk' || mode === 'plan' ? 'deny' : 'ask';
  return {
    decision,
    rules: ['guard:failed', 'clause:be-clear'],
    score: 1,
    reasons: [reason],
    category: 'opaque',
  };
};
