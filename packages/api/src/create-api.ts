import { OpenAPIHono } from '@hono/zod-openapi';
import type { Engine } from '@tandem/core';
import { type Actor, AppError, type Envelope } from '@tandem/protocol';
import { cursorOf, followResponse } from './follow.ts';
import { problemOf, problemResponse } from './problem.ts';
import { withinBytes, wrongMethods } from './refuse.ts';
import * as routes from './routes.ts';
import type { Team } from './team/port.ts';
import type { RateLimit } from './team/rate.ts';
import { addTeamRoutes } from './team/team-routes.ts';
import { tokensMatch } from './token.ts';

export type ApiOptions = {
  /** Asked for as `Authorization: Bearer …` on every route when given. In process there is nobody to keep out. */
  readonly token?: string;
  /** Who is written into the log as the cause of what comes through this door. */
  readonly actor?: Actor;
  /** Organisations and their tasks, for callers with a key of their own. */
  readonly team?: Team;
  /** How often one key of a team may ask; as often as it likes when absent. */
  readonly rate?: RateLimit;
};

/** A request body larger than this is refused unread: a prompt with a pasted log fits, a disk image does not. */
const maxBodyBytes = 4_000_000;

/** The door: sessions, turns, approvals and events of one engine over HTTP and server-sent events. */
export const createApi = (engine: Engine, options: ApiOptions = {}): OpenAPIHono => {
  const actor = options.actor ?? { type: 'user', id: 'local' };
  const app = new OpenAPIHono({
    defaultHook: (result) => {
      if (result.success) return;
      const issue = result.error.issues[0];
      const where = issue?.path.join('.') || result.target;
      throw new AppError('usage', `${where}: ${issue?.message ?? 'malformed request'}`);
    },
  });
  app.onError((error) => problemResponse(problemOf(malformedBody(error) ?? error)));
  app.notFound((context) =>
    problemResponse(problemOf(new AppError('not_found', `No ${context.req.path} here; see /openapi.json.`))),
  );
  // Before what follows: these routes know their callers by their keys.
  if (options.team !== undefined) {
    addTeamRoutes(app, options.team, options.rate ?? null);
    describe(app);
  }
  app.use(async (context, next) => {
    const { token } = options;
    if (token === undefined || (await tokensMatch(context.req.header('authorization'), token))) return next();
    const problem = problemOf(
      new AppError(
        'usage',
        'Send Authorization: Bearer with the token of this door; whoever opened it was told where the token is.',
      ),
    );
    return problemResponse({ ...problem, status: 401 }, { 'www-authenticate': 'Bearer' });
  });
  app.use(withinBytes(maxBodyBytes));
  addSessionRoutes({ app, engine, actor });
  addTurnRoutes({ app, engine, actor });
  addAttemptRoutes({ app, engine, actor });
  for (const [path, answer] of wrongMethods(Object.values(routes))) app.all(path, answer);
  if (options.team === undefined) describe(app);
  return app;
};

/** Written when it is asked for: routes that come later are in it. */
const describe = (app: OpenAPIHono): void => {
  app.doc31('/openapi.json', { openapi: '3.1.0', info: { title: 'Tandem', version: '1' } });
};

type Door = { readonly app: OpenAPIHono; readonly engine: Engine; readonly actor: Actor };

const addSessionRoutes = ({ app, engine, actor }: Door): void => {
  app.openapi(routes.createSession, async (context) => {
    const { settings, title } = context.req.valid('json');
    return context.json(await engine.createSession({ settings, title, actor }), 201);
  });
  app.openapi(routes.listSessions, async (context) =>
    context.json({ sessions: [...(await engine.sessions())] }, 200),
  );
  app.openapi(routes.readEvents, async (context) => {
    const events = await engine.events(context.req.valid('param').id);
    // Every event is an Envelope; only the index signature of the loose shape says otherwise.
    return context.json({ events: events as Envelope[] }, 200);
  });
  app.openapi(routes.followEvents, async (context) => {
    const { id } = context.req.valid('param');
    const after = cursorOf(context.req.header('last-event-id'), context.req.query('after'));
    return await followResponse({
      follow: (signal) => engine.follow(id, { after, signal }),
      signal: context.req.raw.signal,
    });
  });
  app.openapi(routes.configure, async (context) => {
    await engine.configure({ session: context.req.valid('param').id, ...context.req.valid('json'), actor });
    return context.body(null, 204);
  });
  app.openapi(routes.listFiles, async (context) =>
    context.json({ files: await engine.files(context.req.valid('query')) }, 200),
  );
  app.openapi(routes.fork, async (context) => {
    const { seq } = context.req.valid('json');
    const session = context.req.valid('param').id;
    const forked = await engine.fork({ session, actor, ...(seq === undefined ? {} : { seq }) });
    return context.json(forked, 201);
  });
  app.openapi(routes.undo, async (context) => {
    const session = context.req.valid('param').id;
    const moved = await engine.undo({ session, ...context.req.valid('json'), actor });
    return context.json({ files: [...moved.files], refs: [...moved.refs] }, 200);
  });
  app.openapi(routes.redo, async (context) => {
    const session = context.req.valid('param').id;
    const moved = await engine.redo({ session, ...context.req.valid('json'), actor });
    return context.json({ files: [...moved.files], refs: [...moved.refs] }, 200);
  });
  app.openapi(routes.rewind, async (context) => {
    const session = context.req.valid('param').id;
    const moved = await engine.rewind({ session, ...context.req.valid('json'), actor });
    return context.json({ files: [...moved.files], refs: [...moved.refs] }, 200);
  });
};

const addTurnRoutes = ({ app, engine, actor }: Door): void => {
  app.openapi(routes.startTurn, async (context) => {
    const session = context.req.valid('param').id;
    const started = await engine.startTurn({ session, ...context.req.valid('json'), actor });
    return context.json(started, 202);
  });
  app.openapi(routes.interrupt, async (context) => {
    await engine.interrupt(context.req.valid('param').id);
    return context.body(null, 202);
  });
  app.openapi(routes.recover, async (context) => {
    await engine.recover(context.req.valid('param').id);
    return context.body(null, 202);
  });
  app.openapi(routes.resolveApproval, async (context) => {
    const { id: session, approval } = context.req.valid('param');
    const { decision, note, values } = context.req.valid('json');
    const said = { ...(note === undefined ? {} : { note }), ...(values === undefined ? {} : { values }) };
    await engine.resolveApproval({ session, approval, decision, ...said, actor });
    return context.body(null, 204);
  });
};

const addAttemptRoutes = ({ app, engine, actor }: Door): void => {
  app.openapi(routes.acceptAttempt, async (context) => {
    const session = context.req.valid('param').id;
    const { files } = await engine.acceptAttempt({ session, ...context.req.valid('json'), actor });
    return context.json({ files: [...files] }, 200);
  });
  app.openapi(routes.discardAttempts, async (context) => {
    const session = context.req.valid('param').id;
    const { discarded } = await engine.discardAttempts({ session, ...context.req.valid('json'), actor });
    return context.json({ discarded: [...discarded] }, 200);
  });
  app.openapi(routes.live, async (context) => {
    const { sessions, overlaps } = await engine.live(context.req.valid('query').cwd);
    return context.json({ sessions: [...sessions], overlaps: [...overlaps] }, 200);
  });
};

/** hono reports a body that is no JSON as an HTTPException; to a client that is a usage error like any other. */
const malformedBody = (error: Error): AppError | null =>
  'status' in error && (error.status === 400 || error.status === 415)
    ? new AppError('usage', 'The body is no JSON; send it with content-type application/json.')
    : null;
