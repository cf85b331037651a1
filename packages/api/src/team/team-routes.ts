import type { OpenAPIHono } from '@hono/zod-openapi';
import type { Context } from 'hono';
import { cursorOf, followResponse } from '../follow.ts';
import { withinBytes, wrongMethods } from '../refuse.ts';
import { addBundleRoutes, withinBundle } from './add-bundle-routes.ts';
import { addGovernanceRoutes } from './add-governance-routes.ts';
import { addWebhookRoutes } from './add-webhook-routes.ts';
import * as bundleRoutes from './bundle-routes.ts';
import { callerOf, type Door, pageOf, type Variables } from './door.ts';
import * as governanceRoutes from './governance-routes.ts';
import { asStranger, identified } from './identified.ts';
import type { Caller, Following, Team } from './port.ts';
import { onceOf, requireMatch } from './preconditions.ts';
import { countRequests, type RateLimit } from './rate.ts';
import * as routes from './routes.ts';
import * as webhookRoutes from './webhook-routes.ts';

/** A prompt with a pasted log fits; nothing but a bundle is larger. */
const maxBodyBytes = 1_000_000;

const everyRoute = Object.values({ ...routes, ...bundleRoutes, ...webhookRoutes, ...governanceRoutes });

/** Routes for organisations and their tasks. Each asks the key of its caller for the scope that its description names. */
export const addTeamRoutes = (plain: OpenAPIHono, team: Team, limit: RateLimit | null): void => {
  const app = plain as unknown as Door['app'];
  app.openAPIRegistry.registerComponent('securitySchemes', 'key', {
    ...{ type: 'http', scheme: 'bearer' },
    description: 'A key of an organisation; what a route asks for are scopes of the key',
  });
  const rate = limit === null ? null : countRequests(limit);
  for (const route of everyRoute) {
    const path = route.getRoutingPath();
    const asked = route.security?.[0]?.key;
    const isOpen = asked === undefined;
    app.on(route.method, path, isOpen ? asStranger(rate) : identified({ team, rate }, asked[0] ?? null));
    app.on(
      route.method,
      path,
      route === bundleRoutes.createBundle ? withinBundle : withinBytes(maxBodyBytes),
    );
  }
  app.on('GET', '/openapi.json', identified({ team, rate }, null));
  addOrganisationRoutes({ app, team });
  addMemberRoutes({ app, team });
  addBundleRoutes({ app, team });
  addTaskRoutes({ app, team });
  addFollowRoutes({ app, team });
  addWebhookRoutes({ app, team });
  addGovernanceRoutes({ app, team });
  for (const [path, answer] of wrongMethods(everyRoute)) app.all(path, answer);
};

const addOrganisationRoutes = ({ app, team }: Door): void => {
  app.openapi(routes.organisations, async (context) =>
    context.json(await team.organisations(pageOf(context.req.valid('query'))), 200),
  );
  app.openapi(routes.createOrganisation, async (context) =>
    context.json(await team.createOrganisation(context.req.valid('json')), 201),
  );
  app.openapi(routes.organisation, async (context) => {
    const found = await team.organisation(callerOf(context));
    return context.json(found, 200, { etag: `"${found.maxRunning}"` });
  });
  app.openapi(routes.changeOrganisation, async (context) => {
    const caller = callerOf(context);
    const before = await team.organisation(caller);
    const failed = requireMatch(context.req.header('if-match'), `"${before.maxRunning}"`);
    if (failed !== null) return failed as never;
    const changed = await team.changeOrganisation(caller, context.req.valid('json'));
    return context.json(changed, 200, { etag: `"${changed.maxRunning}"` });
  });
  app.openapi(routes.repositories, async (context) =>
    context.json(await team.repositories(callerOf(context), pageOf(context.req.valid('query'))), 200),
  );
  app.openapi(routes.repository, async (context) =>
    context.json(await team.repository(callerOf(context), context.req.valid('param').id), 200),
  );
  app.openapi(routes.createRepository, async (context) => {
    const input = context.req.valid('json');
    return context.json(
      await team.createRepository(callerOf(context), { input, once: await onceOf(context, input) }),
      201,
    );
  });
};

const addMemberRoutes = ({ app, team }: Door): void => {
  app.openapi(routes.members, async (context) =>
    context.json(await team.members(callerOf(context), pageOf(context.req.valid('query'))), 200),
  );
  app.openapi(routes.createMember, async (context) => {
    const input = context.req.valid('json');
    return context.json(
      await team.createMember(callerOf(context), { input, once: await onceOf(context, input) }),
      201,
    );
  });
  app.openapi(routes.keys, async (context) =>
    context.json(await team.keys(callerOf(context), pageOf(context.req.valid('query'))), 200),
  );
  app.openapi(routes.createKey, async (context) => {
    const input = context.req.valid('json');
    const made = await team.createKey(callerOf(context), { input, once: await onceOf(context, input) });
    return context.json(made, 201);
  });
  app.openapi(routes.revokeKey, async (context) => {
    await team.revokeKey(callerOf(context), context.req.valid('param').id);
    return context.body(null, 204);
  });
};

const addTaskRoutes = ({ app, team }: Door): void => {
  app.openapi(routes.tasks, async (context) => {
    const { state, ...query } = context.req.valid('query');
    return context.json(await team.tasks(callerOf(context), { ...pageOf(query), state }), 200);
  });
  app.openapi(routes.createTask, async (context) => {
    const input = context.req.valid('json');
    const made = await team.createTask(callerOf(context), { input, once: await onceOf(context, input) });
    return context.json(made, 202, { location: `/v1/tasks/${made.id}` });
  });
  app.openapi(routes.task, async (context) => {
    const found = await team.task(callerOf(context), context.req.valid('param').id);
    const etag = `"${found.version}"`;
    if (context.req.header('if-none-match') === etag) return context.body(null, 304, { etag });
    return context.json(found, 200, { etag });
  });
  app.openapi(routes.cancelTask, async (context) =>
    context.json(await team.cancelTask(callerOf(context), context.req.valid('param').id), 202),
  );
  app.openapi(routes.answerTask, async (context) => {
    const { id } = context.req.valid('param');
    const answered = await team.answerTask(callerOf(context), { id, answer: context.req.valid('json') });
    return context.json(answered, 200);
  });
  app.openapi(routes.answerQuestion, async (context) => {
    const { id, approval } = context.req.valid('param');
    const answer = context.req.valid('json');
    const answered = await team.answerQuestion(callerOf(context), { id, approval, answer });
    return context.json(answered, 202);
  });
  app.openapi(routes.patch, async (context) => {
    const text = await team.patch(callerOf(context), context.req.valid('param').id);
    return context.body(text, 200, { 'content-type': 'text/x-diff; charset=utf-8' });
  });
};

const addFollowRoutes = ({ app, team }: Door): void => {
  app.openapi(routes.followTask, (context) => followed(context, team.followTask));
  app.openapi(routes.followLog, (context) => followed(context, team.followLog));
};

/** What is opened before the response begins ends with it. */
const followed = async <T extends { readonly type: string }>(
  context: Context<{ Variables: Variables }>,
  open: (caller: Caller, following: Following) => Promise<AsyncIterable<T>>,
): Promise<Response> => {
  const after = cursorOf(context.req.header('last-event-id'), context.req.query('after'));
  const stop = new AbortController();
  const { signal } = context.req.raw;
  const events = await open(callerOf(context), {
    ...{ id: context.req.param('id') ?? '', after },
    signal: AbortSignal.any([stop.signal, signal]),
  });
  const follow = (ending: AbortSignal): AsyncIterable<T> => {
    ending.addEventListener('abort', () => stop.abort(ending.reason), { once: true });
    return events;
  };
  return await followResponse({ follow, signal });
};
