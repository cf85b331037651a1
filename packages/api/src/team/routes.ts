import { createRoute, z } from '@hono/zod-openapi';
import {
  AnswerTask,
  ChangeOrganisation,
  CreatedKey,
  CreateKey,
  CreateMember,
  CreateOrganisation,
  CreateRepository,
  CreateTask,
  Key,
  Member,
  Organisation,
  Repository,
  Task,
  TaskState,
} from '@tandem/protocol/team';
import { answer, body, eventNumber, idText, linksTo, problem, stream } from '../route-parts.ts';
import { id, list, needs, once, page, paging } from './route-shapes.ts';

export const organisations = list(Organisation, '/v1/organisations', 'organisations', 'administrator');
export const createOrganisation = createRoute({
  method: 'post',
  path: '/v1/organisations',
  operationId: 'createOrganisation',
  ...needs('administrator'),
  request: { body: body(CreateOrganisation) },
  responses: { 201: answer('The new organisation', Organisation), default: problem },
});
export const organisation = createRoute({
  method: 'get',
  path: '/v1/organisation',
  operationId: 'organisation',
  ...needs('members:read'),
  responses: { 200: answer('That of the key', Organisation), default: problem },
});
export const changeOrganisation = createRoute({
  method: 'patch',
  path: '/v1/organisation',
  operationId: 'changeOrganisation',
  ...needs('organisation:write'),
  request: { body: body(ChangeOrganisation), headers: z.object({ 'if-match': z.string().optional() }) },
  responses: { 200: answer('As it is now', Organisation), default: problem },
});

export const members = list(Member, '/v1/members', 'members', 'members:read');
export const createMember = createRoute({
  method: 'post',
  path: '/v1/members',
  operationId: 'createMember',
  ...needs('members:write'),
  request: { body: body(CreateMember), headers: once },
  responses: { 201: answer('The new member', Member), default: problem },
});

export const keys = list(Key, '/v1/keys', 'keys', 'keys:read');
export const createKey = createRoute({
  method: 'post',
  path: '/v1/keys',
  operationId: 'createKey',
  ...needs('keys:write'),
  request: { body: body(CreateKey), headers: once },
  responses: {
    201: { ...answer('The new key; its secret is shown this once', CreatedKey), ...linksTo(['revokeKey']) },
    default: problem,
  },
});
export const revokeKey = createRoute({
  method: 'delete',
  path: '/v1/keys/{id}',
  operationId: 'revokeKey',
  ...needs('keys:write'),
  request: { params: id },
  responses: { 204: { description: 'It opens nothing any more' }, default: problem },
});

export const repositories = list(Repository, '/v1/repositories', 'repositories', 'repositories:read');
export const repository = createRoute({
  method: 'get',
  path: '/v1/repositories/{id}',
  operationId: 'repository',
  ...needs('repositories:read'),
  request: { params: id },
  responses: { 200: answer('The repository', Repository), default: problem },
});
/** A path on the server opens whatever lies there: only who holds the machine names one. */
export const createRepository = createRoute({
  method: 'post',
  path: '/v1/repositories',
  operationId: 'createRepository',
  ...needs('repositories:write'),
  request: { body: body(CreateRepository), headers: once },
  responses: {
    201: { ...answer('The new repository', Repository), ...linksTo(['repository']) },
    default: problem,
  },
});

export const tasks = createRoute({
  method: 'get',
  path: '/v1/tasks',
  operationId: 'tasks',
  ...needs('tasks:read'),
  request: { query: paging.extend({ state: TaskState.optional() }) },
  responses: { 200: answer('A page, newest first', page(Task)), default: problem },
});
export const createTask = createRoute({
  method: 'post',
  path: '/v1/tasks',
  operationId: 'createTask',
  ...needs('tasks:write'),
  request: { body: body(CreateTask), headers: once },
  responses: {
    202: {
      ...answer('It is queued; follow its events', Task),
      ...linksTo(['task', 'cancelTask', 'answerTask', 'patch', 'followTask', 'followLog']),
    },
    default: problem,
  },
});
export const task = createRoute({
  method: 'get',
  path: '/v1/tasks/{id}',
  operationId: 'task',
  ...needs('tasks:read'),
  request: { params: id, headers: z.object({ 'if-none-match': z.string().optional() }) },
  responses: {
    200: answer('The task; its ETag changes with it', Task),
    304: { description: 'It is as it was' },
    default: problem,
  },
});
export const cancelTask = createRoute({
  method: 'post',
  path: '/v1/tasks/{id}/cancel',
  operationId: 'cancelTask',
  ...needs('tasks:write'),
  request: { params: id },
  responses: { 202: answer('It is over, or ends within a second', Task), default: problem },
});
export const answerTask = createRoute({
  method: 'post',
  path: '/v1/tasks/{id}/approval',
  operationId: 'answerTask',
  ...needs('approvals:write'),
  request: { params: id, body: body(AnswerTask) },
  responses: { 200: answer('The answer is recorded', Task), default: problem },
});
export const answerQuestion = createRoute({
  method: 'post',
  path: '/v1/tasks/{id}/questions/{approval}',
  operationId: 'answerQuestion',
  ...needs('approvals:write'),
  request: { params: id.extend({ approval: idText }), body: body(AnswerTask) },
  responses: { 202: answer('The agent is told', Task), default: problem },
});
export const patch = createRoute({
  method: 'get',
  path: '/v1/tasks/{id}/patch',
  operationId: 'patch',
  ...needs('tasks:read'),
  request: { params: id },
  responses: {
    200: { description: 'As git apply takes it', content: { 'text/x-diff': { schema: z.string() } } },
    default: problem,
  },
});

const following = (path: string, operationId: string, what: string) =>
  createRoute({
    method: 'get',
    path,
    operationId,
    ...needs('tasks:read'),
    request: {
      params: id,
      query: z.object({ after: eventNumber.optional() }),
      headers: z.object({ 'last-event-id': eventNumber.optional() }),
    },
    responses: {
      200: stream(`${what} after Last-Event-ID (or ?after=), one \`caught_up\`, then live ones`),
      default: problem,
    },
  });
export const followTask = following('/v1/tasks/{id}/events', 'followTask', 'What happened to the task');
export const followLog = following('/v1/tasks/{id}/log', 'followLog', 'What the agent does, its events');
