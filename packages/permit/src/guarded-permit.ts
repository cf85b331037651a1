import { join } from 'node:path';
import type { Action, Gate, Permit, PermitDecision, Ran } from '@tandem/core';
import { openOnce } from '@tandem/core/open-once';
import type { Effect, Guard, Judged, JudgeRequest, Offer, OpenGuard, Opinion } from '@tandem/guard';
import { fetchingCommand, readingCommand } from './quote.ts';
import { type SessionInvariants, sessionInvariants } from './session-invariants.ts';

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
export const createPermit = (options: PermitOptions): GuardedPermit => {
  const { home, policies, opinion = null, workspaceTrusted = false, invariants = [] } = options;
  const checks = invariants.length === 0 ? null : sessionInvariants(invariants);
  const open = new Map<string, Promise<Loaded>>();
  const opened = (root: string): Promise<Loaded> =>
    openOnce(open, root, () => load({ ...policies, workspace: root, workspaceTrusted }));
  return {
    permit: async (action, signal) => {
      if (action.check !== undefined && (action.effect === 'write' || action.effect === 'exec'))
        await checks?.measure(action.root, action.check);
      const before = performance.now();
      try {
        const decided = await decide({ action, loaded: await opened(action.root), home, opinion, signal });
        return { ...decided, us: Math.round((performance.now() - before) * 1_000) };
      } catch (error) {
        signal.throwIfAborted();
        return failed(error, action.mode);
      }
    },
    gate: async (ran, signal) => {
      if (ran.mode === 'bypass') return null;
      try {
        const judged = await judgeChanges((await opened(ran.root)).guard, ran, signal);
        return judged ?? (await judgeInvariants(checks, ran));
      } catch (error) {
        signal.throwIfAborted();
        return { ...failed(error, 'plan'), decision: 'deny' };
      }
    },
    forget: () => open.clear(),
    clauses: async (workspace) => {
      const { clauseText } = await import('@tandem/guard/clauses');
      return clauseText({ ...policies, workspace, workspaceTrusted });
    },
  };
};

export type PermitOptions = {
  /** Of the person whose commands these are. */
  readonly home: string;
  /** Where the machine's and the person's policies are. */
  readonly policies: { readonly managed: string; readonly user: string };
  readonly opinion?: AskModel | null;
  /** A person has said so; otherwise the workspace's policy can only make things stricter. */
  readonly workspaceTrusted?: boolean;
  /** Commands that must succeed after each change as they did before it. */
  readonly invariants?: readonly string[];
};

export type GuardedPermit = {
  readonly permit: Permit;
  readonly gate: Gate;
  /** Policies are read again before the next action. */
  readonly forget: () => void;
  /** The constitution as a part of the model's instructions. @throws PolicyError where a policy is wrong */
  readonly clauses: (root: string) => Promise<string>;
};

type Loaded = OpenGuard & { readonly room: GuardRoom };

const load = async (places: Parameters<GuardRoom['openGuard']>[0]): Promise<Loaded> => {
  const room = await import('@tandem/guard');
  return { room, ...(await room.openGuard(places)) };
};

const judgeInvariants = async (
  checks: SessionInvariants | null,
  ran: Ran,
): Promise<PermitDecision | null> => {
  if (checks === null || (await ran.diff()) === null) return null;
  const why = await checks.broken(ran.root, ran.check);
  return why === null
    ? null
    : {
        decision: 'deny',
        rules: ['edit.invariant', 'clause:keep-checks'],
        score: 1,
        reasons: [why],
        category: 'edit.invariant',
      };
};

/**
 * What git itself moved is content that somebody committed; all else that a command wrote is judged like an edit. An edit
 * by a tool was judged before it was made.
 */
const judgeChanges = async (guard: Guard, ran: Ran, signal: AbortSignal): Promise<PermitDecision | null> => {
  if (ran.effect === 'write') return null;
  const place = { cwd: ran.root, workspace: ran.root };
  const command: JudgeRequest = { kind: 'bash', input: String(ran.arguments.command ?? ''), ...place };
  await guard.ready(command);
  const { effects } = guard.judge(command);
  if (isMovedByGit(effects)) return null;
  const saidYesToTests = ran.approved && effects.some(({ type }) => type === 'testLoss');
  const diff = await ran.diff();
  if (diff === null) return null;
  const edit: JudgeRequest = { kind: 'edit', input: diff, ...place };
  await guard.ready(edit);
  signal.throwIfAborted();
  const judged = guard.judge(edit);
  const against = judged.reasons.filter(
    ({ decision, category }) =>
      decision !== 'allow' &&
      (ofPlaces.has(category)
        ? !ran.approved
        : category.startsWith('edit.') && !(saidYesToTests && /^edit\.test_/.test(category))),
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

/** What is wrong with where a file lies rather than with its text: a person who was asked about the command has seen that. */
const ofPlaces: ReadonlySet<string> = new Set(['guard.bypass', 'persistence']);

const isMovedByGit = (effects: readonly Effect[]): boolean =>
  effects.some(({ type }) => type === 'git' || type === 'package') && !effects.some(writesItself);

const writesItself = (effect: Effect): boolean => {
  if (effect.type === 'move') return effect.to.place === 'workspace';
  return (
    (effect.type === 'write' || effect.type === 'delete' || effect.type === 'testLoss') &&
    effect.path.place === 'workspace'
  );
};

type Deciding = {
  readonly action: Action;
  readonly loaded: Loaded;
  readonly home: string;
  readonly opinion: AskModel | null;
  readonly signal: AbortSignal;
};

const decide = async ({ action, loaded, home, opinion, signal }: Deciding): Promise<PermitDecision> => {
  const { room, guard } = loaded;
  const request = requestOf(action, home);
  const judged = await judgeAction({ action, request, loaded, signal });
  const hash = hashOf(room, judged, action);
  const isVerify =
    action.mode === 'auto' &&
    action.verify !== undefined &&
    action.arguments.command === action.verify.trim();
  const final = room.decideByMode({
    mode: action.mode,
    effectClass: action.effect,
    decision: judged.decision,
    reasons: judged.ruleReasons,
    effects: judged.effects,
    isApproved: isVerify || (hash !== null && approvedActions(action.events).has(hash)),
    isCovered: action.outside === 'allowed' || guard.covers(judged),
  });
  const base = {
    score: judged.score,
    category: judged.category,
    effects: judged.effects.slice(0, 50),
    ...(hash === null ? {} : { action: hash }),
  };
  const messages = judged.reasons.map(({ message }) => message);
  const mayAsk =
    action.mode === 'auto' &&
    final.decision === 'ask' &&
    opinion !== null &&
    action.outside === undefined &&
    room.isOpen(judged);
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

const judgeAction = async (input: {
  readonly action: Action;
  readonly request: JudgeRequest | null;
  readonly loaded: Loaded;
  readonly signal: AbortSignal;
}): Promise<Judged> => {
  const { action, request, loaded, signal } = input;
  if (action.outside !== undefined) return judgeOutside(action.outside);
  return request === null ? harmless : await loaded.room.judgeWithFacts(loaded.guard, request, signal);
};

/** Of a tool that a program of others serves: whatever it says of itself, its effects are not known. */
const judgeOutside = (outside: NonNullable<Action['outside']>): Judged => {
  const opaque = {
    ...harmless,
    effects: [{ type: 'opaque', at: 'code', what: 'a tool of another program' }],
  } as const;
  if (outside === 'allowed') return opaque;
  const message = 'what this tool of another program does is not known';
  const reason = {
    decision: 'ask',
    category: 'opaque',
    rule: 'outside.unknown',
    clause: 'be-clear',
    message,
  } as const;
  return { ...opaque, decision: 'ask', category: 'opaque', score: 0.5, reasons: [reason] };
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
  if (typeof command === 'string')
    return { ...place, kind: 'bash', input: command, created: createdFiles(action.events, action.root) };
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

/** Files that edits of the session made where there was none. */
const createdFiles = (events: Action['events'], root: string): readonly string[] =>
  events.flatMap(({ type, data }): readonly string[] => {
    if (type !== 'item.completed') return [];
    const { item } = data as { readonly item?: Readonly<Record<string, unknown>> };
    if (item?.type !== 'file_change' || item.status !== 'completed') return [];
    return [...String(item.diff).matchAll(/^--- \/dev\/null\n\+\+\+ b\/(.+)$/gm)].map(([, path]) =>
      join(root, path!),
    );
  });

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
