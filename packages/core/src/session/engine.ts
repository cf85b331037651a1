import { AppError, type SessionInfo } from '@tandem/protocol';
import { agentTool } from '../agent/agent-tool.ts';
import { acceptAttempt, discardAttempts } from '../attempt/land.ts';
import { createNotice, liveSessions, overlapsAmong } from '../attempt/notice.ts';
import { attemptsTurn } from '../attempt/turn.ts';
import type { Engine, EnginePorts } from '../engine.ts';
import type { DriveParts } from '../turn/work.ts';
import { admit } from './admit.ts';
import { resolveApproval } from './approve.ts';
import { configure } from './configure.ts';
import { follow } from './follow.ts';
import { fork } from './fork.ts';
import { LiveHub } from './live.ts';
import { recover } from './recover.ts';
import { rewind } from './rewind.ts';
import { Session } from './session.ts';
import { redo, undo } from './undo.ts';

/** Sessions kept open in memory; past it the idle ones are let go, and read again when they are next asked for. */
const OPEN_LIMIT = 64;

/** The engine over its ports: a table of contents, with the open sessions as its only state. */
export const assembleEngine = (ports: EnginePorts, given: DriveParts): Engine => {
  const live = new LiveHub();
  const sessions = new Map<string, Session>();
  let closed = false;
  const parts: DriveParts = {
    notice: createNotice(ports),
    attempts: (work) => attemptsTurn(work, engine),
    delegates: async (work) => {
      const agents = (await given.agents?.(work.settings.cwd)) ?? [];
      return agents.length === 0 ? [] : [agentTool(work, engine, agents)];
    },
    ...given,
  };

  const open = (id: string): Session => {
    if (closed) throw new AppError('conflict', 'the engine is closed');
    const known = sessions.get(id);
    if (known !== undefined) return known;
    for (const [old, session] of sessions)
      if (sessions.size >= OPEN_LIMIT && !session.busy && !session.log.held && !session.background.isRunning)
        sessions.delete(old);
    const session = new Session(id, { ports, parts, live });
    sessions.set(id, session);
    return session;
  };

  const engine: Engine = {
    createSession: (input) => create(ports, input),
    startTurn: async ({ session, text, options, actor }) =>
      admit(open(session), { text, options, actor }, ports.ids),
    interrupt: async (session) =>
      sessions.get(session)?.interrupt(new AppError('interrupted', 'the turn was interrupted')),
    resolveApproval: async ({ session, ...answer }) => resolveApproval(open(session), answer),
    follow: (session, options) => follow({ store: ports.store, live, session, ...options }),
    sessions: async () => (await ports.store.list()).map((one): SessionInfo => ({ ...one })),
    events: (session) => ports.store.read(session),
    configure: async ({ session, ...change }) => configure(open(session), change),
    files: async ({ cwd, limit }) => (await ports.workspace(cwd)).list({ limit }),
    fork: ({ session, seq, actor }) => fork(ports, { from: session, seq, actor }),
    undo: async ({ session, ...input }) => undo(open(session), input, ports),
    redo: async ({ session, ...input }) => redo(open(session), input, ports),
    rewind: async ({ session, ...input }) => rewind(open(session), input, ports),
    acceptAttempt: async ({ session, attempt, actor }) =>
      acceptAttempt(open(session), { attempt, actor }, ports),
    discardAttempts: async ({ session, attempt, despite, actor }) =>
      discardAttempts(open(session), { attempt, despite, actor }, ports),
    live: async (cwd) => {
      const live = await liveSessions(ports, cwd);
      return { sessions: live.map(({ session }) => session), overlaps: overlapsAmong(live) };
    },
    recover: async (session) => recover(open(session)),
    idle: async (session) => sessions.get(session)?.idle(),
    close: async () => {
      closed = true;
      await Promise.all([...sessions.values()].map((session) => session.close()));
    },
  };
  return engine;
};

const create = async (
  ports: EnginePorts,
  input: Parameters<Engine['createSession']>[0],
): Promise<{ readonly session: string }> => {
  const { settings, title, actor, parent } = input;
  const session = input.id ?? ports.ids.next('ses');
  const data = { ...settings, title, ...(parent === undefined ? {} : { parent }) };
  const event = { v: 1, id: ports.ids.next('evt'), session, at: ports.clock.iso(), actor } as const;
  await ports.store.append({
    session,
    expectedSeq: 0,
    events: [{ ...event, type: 'session.created', data }],
  });
  return { session };
};
