import { createRoute } from '@hono/zod-openapi';
import {
  ChangeWebhook,
  CreatedWebhook,
  CreateWebhook,
  Delivery,
  DeliveryReport,
  DeliveryState,
  Webhook,
} from '@tandem/protocol/team-webhook';
import { answer, body, idText, linksTo, problem } from '../route-parts.ts';
import { id, list, needs, once, page, paging } from './route-shapes.ts';

const delivery = id.extend({ delivery: idText });

export const webhooks = list(Webhook, '/v1/webhooks', 'webhooks', 'webhooks:read');
export const createWebhook = createRoute({
  method: 'post',
  path: '/v1/webhooks',
  operationId: 'createWebhook',
  ...needs('webhooks:write'),
  request: { body: body(CreateWebhook), headers: once },
  responses: {
    201: {
      ...answer('The new webhook; its secret is shown this once', CreatedWebhook),
      ...linksTo(['webhook', 'changeWebhook', 'deleteWebhook', 'rotateSecret', 'testWebhook', 'deliveries']),
    },
    default: problem,
  },
});
export const webhook = createRoute({
  method: 'get',
  path: '/v1/webhooks/{id}',
  operationId: 'webhook',
  ...needs('webhooks:read'),
  request: { params: id },
  responses: { 200: answer('The webhook', Webhook), default: problem },
});
export const changeWebhook = createRoute({
  method: 'patch',
  path: '/v1/webhooks/{id}',
  operationId: 'changeWebhook',
  ...needs('webhooks:write'),
  request: { params: id, body: body(ChangeWebhook) },
  responses: { 200: answer('As it is now', Webhook), default: problem },
});
export const deleteWebhook = createRoute({
  method: 'delete',
  path: '/v1/webhooks/{id}',
  operationId: 'deleteWebhook',
  ...needs('webhooks:write'),
  request: { params: id },
  responses: { 204: { description: 'It is gone, and its deliveries with it' }, default: problem },
});
export const rotateSecret = createRoute({
  method: 'post',
  path: '/v1/webhooks/{id}/secret',
  operationId: 'rotateSecret',
  ...needs('webhooks:write'),
  request: { params: id, headers: once },
  responses: {
    201: answer('With its new secret, shown this once; for a day both sign', CreatedWebhook),
    default: problem,
  },
});
export const testWebhook = createRoute({
  method: 'post',
  path: '/v1/webhooks/{id}/test',
  operationId: 'testWebhook',
  ...needs('webhooks:write'),
  request: { params: id, headers: once },
  responses: {
    202: {
      ...answer('A delivery of type webhook.test is on its way', Delivery),
      ...linksTo(['delivery', 'replayDelivery'], {
        id: '$response.body#/webhook',
        delivery: '$response.body#/id',
      }),
    },
    default: problem,
  },
});
export const deliveries = createRoute({
  method: 'get',
  path: '/v1/webhooks/{id}/deliveries',
  operationId: 'deliveries',
  ...needs('webhooks:read'),
  request: { params: id, query: paging.extend({ state: DeliveryState.optional() }) },
  responses: { 200: answer('A page, newest first', page(Delivery)), default: problem },
});
export const readDelivery = createRoute({
  method: 'get',
  path: '/v1/webhooks/{id}/deliveries/{delivery}',
  operationId: 'delivery',
  ...needs('webhooks:read'),
  request: { params: delivery },
  responses: { 200: answer('With its body and how each try ended', DeliveryReport), default: problem },
});
export const replayDelivery = createRoute({
  method: 'post',
  path: '/v1/webhooks/{id}/deliveries/{delivery}/replay',
  operationId: 'replayDelivery',
  ...needs('webhooks:write'),
  request: { params: delivery },
  responses: { 202: answer('It is sent again, with the same webhook-id', DeliveryReport), default: problem },
});
