import { createRoute, z } from '@hono/zod-openapi';
import {
  AcceptAttempt,
  ConfigureSession,
  CreateSession,
  DiscardAttempts,
  Envelope,
  FileDelta,
  ForkSession,
  Overlap,
  OverlapAdvice,
  RedoTimes,
  ResolveApproval,
  RewindSession,
  SessionInfo,
  StartTurn,
  UndoTurns,
} from '@tandem/protocol';
import { answer, body, eventNumber, idText, linksTo, problem, stream } from './route-parts.ts';

const session = z.object({ id: idText });
const approval = session.extend({ approval: idText });
const SessionRef = z.object({ session: z.string() });

export const createSession = createRoute({
  method: 'post',
  path: '/v1/sessions',
  operationId: 'createSession',
  request: { body: body(CreateSession) },
  responses: {
    201: {
      ...answer('The new session', SessionRef),
      ...linksTo(['events', 'startTurn', 'interrupt', 'configure', 'fork'], {
        id: '$response.body#/session',
      }),
    },
    default: problem,
  },
});

export const listSessions = createRoute({
  method: 'get',
  path: '/v1/sessions',
  operationId: 'sessions',
  responses: {
    200: answer('Newest first', z.object({ sessions: z.array(SessionInfo).readonly() })),
    default: problem,
  },
});

export const readEvents = createRoute({
  method: 'get',
  path: '/v1/sessions/{id}/events',
  operationId: 'events',
  request: { params: session },
  responses: {
    200: answer('The whole log, in order', z.object({ events: z.array(Envelope).readonly() })),
    default: problem,
  },
});

export const followEvents = createRoute({
  method: 'get',
  path: '/v1/sessions/{id}/follow',
  operationId: 'follow',
  request: {
    params: session,
    query: z.object({ after: eventNumber.optional() }),
    headers: z.object({ 'last-event-id': eventNumber.optional() }),
  },
  responses: {
    200: stream(
      'Replay after Last-Event-ID (or ?after=), one `caught_up`, then live events and deltas. ' +
        'Durable events carry their seq as id; deltas carry none and are never replayed.',
    ),
    default: problem,
  },
});

export const startTurn = createRoute({
  method: 'post',
  path: '/v1/sessions/{id}/turns',
  operationId: 'startTurn',
  request: { params: session, body: body(StartTurn) },
  responses: {
    202: answer('The input is stored; follow the session for what happens', z.object({ turn: z.string() })),
    default: problem,
  },
});

export const interrupt = createRoute({
  method: 'post',
  path: '/v1/sessions/{id}/interrupt',
  operationId: 'interrupt',
  request: { params: session },
  responses: { 202: { description: 'The running turn, if any, is ending' }, default: problem },
});

export const recover = createRoute({
  method: 'post',
  path: '/v1/sessions/{id}/recover',
  operationId: 'recover',
  request: { params: session },
  responses: { 202: { description: 'What a kill left open has been taken up' }, default: problem },
});

export const resolveApproval = createRoute({
  method: 'post',
  path: '/v1/sessions/{id}/approvals/{approval}',
  operationId: 'resolveApproval',
  request: { params: approval, body: body(ResolveApproval) },
  responses: { 204: { description: 'Recorded' }, default: problem },
});

export const configure = createRoute({
  method: 'post',
  path: '/v1/sessions/{id}/configure',
  operationId: 'configure',
  request: { params: session, body: body(ConfigureSession) },
  responses: { 204: { description: 'Holds from the next turn on' }, default: problem },
});

/** A screen finds among more than it can show; past this the rest is reached by typing a path. */
const mostFiles = 100_000;

export const listFiles = createRoute({
  method: 'get',
  path: '/v1/files',
  operationId: 'files',
  request: {
    query: z.object({
      cwd: z.string().min(1),
      limit: z.coerce.number().int().positive().max(mostFiles).default(mostFiles),
    }),
  },
  responses: {
    200: answer('Paths from the workspace root, sorted', z.object({ files: z.array(z.string()).readonly() })),
    default: problem,
  },
});

export const fork = createRoute({
  method: 'post',
  path: '/v1/sessions/{id}/fork',
  operationId: 'fork',
  request: { params: session, body: { ...body(ForkSession), required: false } },
  responses: { 201: answer('The new session', SessionRef), default: problem },
});

/** Files and refs that a move back or forth changed. */
const Moved = z.object({ files: z.array(z.string()).readonly(), refs: z.array(z.string()).readonly() });

export const undo = createRoute({
  method: 'post',
  path: '/v1/sessions/{id}/undo',
  operationId: 'undo',
  request: { params: session, body: body(UndoTurns) },
  responses: { 200: answer('What was put back', Moved), default: problem },
});

export const redo = createRoute({
  method: 'post',
  path: '/v1/sessions/{id}/redo',
  operationId: 'redo',
  request: { params: session, body: body(RedoTimes) },
  responses: { 200: answer('What was brought back', Moved), default: problem },
});

export const rewind = createRoute({
  method: 'post',
  path: '/v1/sessions/{id}/rewind',
  operationId: 'rewind',
  request: { params: session, body: body(RewindSession) },
  responses: { 200: answer('What was put back', Moved), default: problem },
});

export const acceptAttempt = createRoute({
  method: 'post',
  path: '/v1/sessions/{id}/attempts/accept',
  operationId: 'acceptAttempt',
  request: { params: session, body: body(AcceptAttempt) },
  responses: {
    200: answer('What was brought into the workspace', z.object({ files: z.array(FileDelta).readonly() })),
    default: problem,
  },
});

export const discardAttempts = createRoute({
  method: 'post',
  path: '/v1/sessions/{id}/attempts/discard',
  operationId: 'discardAttempts',
  request: { params: session, body: body(DiscardAttempts) },
  responses: {
    200: answer('Worktrees now in the trash', z.object({ discarded: z.array(z.string()).readonly() })),
    default: problem,
  },
});

const LiveOverlap = z.object({
  session: z.string(),
  with: z.object({ session: z.string(), title: z.string(), cwd: z.string() }),
  overlaps: z.array(Overlap),
  advice: OverlapAdvice,
  why: z.string(),
});

export const live = createRoute({
  method: 'get',
  path: '/v1/live',
  operationId: 'live',
  request: { query: z.object({ cwd: z.string().min(1) }) },
  responses: {
    200: answer(
      'Sessions that run now on the repository of a directory, and where two of them change the same',
      z.object({ sessions: z.array(z.string()).readonly(), overlaps: z.array(LiveOverlap).readonly() }),
    ),
    default: problem,
  },
});
