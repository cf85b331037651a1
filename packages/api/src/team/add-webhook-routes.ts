import { callerOf, type Door, pageOf } from './door.ts';
import { onceOf } from './preconditions.ts';
import * as routes from './webhook-routes.ts';

export const addWebhookRoutes = (door: Door): void => {
  addReading(door);
  addWriting(door);
};

const addReading = ({ app, team }: Door): void => {
  app.openapi(routes.webhooks, async (context) =>
    context.json(await team.webhooks(callerOf(context), pageOf(context.req.valid('query'))), 200),
  );
  app.openapi(routes.webhook, async (context) =>
    context.json(await team.webhook(callerOf(context), context.req.valid('param').id), 200),
  );
  app.openapi(routes.deliveries, async (context) => {
    const { state, ...query } = context.req.valid('query');
    const { id } = context.req.valid('param');
    return context.json(await team.deliveries(callerOf(context), { ...pageOf(query), id, state }), 200);
  });
  app.openapi(routes.readDelivery, async (context) =>
    context.json(await team.delivery(callerOf(context), context.req.valid('param')), 200),
  );
};

const addWriting = ({ app, team }: Door): void => {
  app.openapi(routes.createWebhook, async (context) => {
    const input = context.req.valid('json');
    const asked = { input, once: await onceOf(context, input) };
    const made = await team.createWebhook(callerOf(context), asked);
    return context.json(made, 201, { location: `/v1/webhooks/${made.id}` });
  });
  app.openapi(routes.changeWebhook, async (context) => {
    const { id } = context.req.valid('param');
    const changed = await team.changeWebhook(callerOf(context), { id, change: context.req.valid('json') });
    return context.json(changed, 200);
  });
  app.openapi(routes.deleteWebhook, async (context) => {
    await team.deleteWebhook(callerOf(context), context.req.valid('param').id);
    return context.body(null, 204);
  });
  app.openapi(routes.rotateSecret, async (context) => {
    const { id: input } = context.req.valid('param');
    const asked = { input, once: await onceOf(context, input) };
    return context.json(await team.rotateSecret(callerOf(context), asked), 201);
  });
  app.openapi(routes.testWebhook, async (context) => {
    const { id: input } = context.req.valid('param');
    const asked = { input, once: await onceOf(context, input) };
    return context.json(await team.testWebhook(callerOf(context), asked), 202);
  });
  app.openapi(routes.replayDelivery, async (context) =>
    context.json(await team.replayDelivery(callerOf(context), context.req.valid('param')), 202),
  );
};
