import type {
  AnswerTask,
  Bundle,
  CreateTaskInput,
  Head,
  Page,
  Repository,
  Task,
  TaskEvent,
  TaskState,
} from '@tandem/protocol/team';
import { type Followed, type FollowOptions, follow } from './follow.ts';
import { type Call, type ClientOptions, send, sendJson } from './transport.ts';

/** Tasks of a team's server, and what they are for. Every method rejects with AppError for a refusal, as the server gave it. */
export type TeamClient = {
  readonly repositories: (
    page?: Partial<{ readonly after: string; readonly limit: number }>,
  ) => Promise<Page<Repository>>;
  /** Its branches as they are now; by id or name. */
  readonly heads: (repository: string) => Promise<readonly Head[]>;
  /** Hands over what `git bundle create` wrote, for one task. The same `once` twice makes one. */
  readonly createBundle: (
    repository: string,
    bytes: Blob,
    given?: { readonly once?: string; readonly signal?: AbortSignal },
  ) => Promise<Bundle>;
  /** Queued when it resolves. The same `once` twice makes one task. */
  readonly createTask: (input: CreateTaskInput, once?: string) => Promise<Task>;
  /** Newest first; `after` is `next` of the page before. */
  readonly tasks: (
    page?: Partial<{ readonly after: string; readonly limit: number; readonly state: TaskState }>,
  ) => Promise<Page<Task>>;
  readonly task: (id: string) => Promise<Task>;
  readonly cancelTask: (id: string) => Promise<Task>;
  readonly answerTask: (id: string, answer: AnswerTask) => Promise<Task>;
  readonly answerQuestion: (id: string, approval: string, answer: AnswerTask) => Promise<Task>;
  /** The change as git apply takes it. */
  readonly patch: (id: string) => Promise<string>;
  /** As `follow` of a session: no event twice, none missed, over broken connections and a server that is started again. */
  readonly followTask: (
    id: string,
    options: FollowOptions,
  ) => AsyncIterable<TaskEvent | { readonly type: 'caught_up' }>;
  /** The log of the task's session, as `follow` of a session. Rejects with `conflict` before the agent has begun. */
  readonly followLog: (id: string, options: FollowOptions) => AsyncIterable<Followed>;
};

export const createTeamClient = (options: ClientOptions): TeamClient => {
  const at = (id: string, rest = ''): string => `/v1/tasks/${encodeURIComponent(id)}${rest}`;
  const post = (path: string, body?: unknown): Call =>
    body === undefined ? { method: 'POST', path } : { method: 'POST', path, body };
  return {
    createTask: (input, once) =>
      sendJson(options, {
        ...post('/v1/tasks', input),
        ...(once === undefined ? {} : { headers: { 'idempotency-key': once } }),
      }),
    repositories: (page = {}) =>
      sendJson(options, { method: 'GET', path: `/v1/repositories?${queryOf(page)}` }),
    heads: async (repository) => {
      const path = `/v1/repositories/${encodeURIComponent(repository)}/heads`;
      return (await sendJson<{ readonly data: readonly Head[] }>(options, { method: 'GET', path })).data;
    },
    createBundle: (repository, bytes, { once, signal } = {}) =>
      sendJson(options, {
        ...post(`/v1/repositories/${encodeURIComponent(repository)}/bundles`),
        bytes,
        ...(once === undefined ? {} : { headers: { 'idempotency-key': once } }),
        ...(signal === undefined ? {} : { signal }),
      }),
    tasks: (page = {}) => sendJson(options, { method: 'GET', path: `/v1/tasks?${queryOf(page)}` }),
    task: (id) => sendJson(options, { method: 'GET', path: at(id) }),
    cancelTask: (id) => sendJson(options, post(at(id, '/cancel'))),
    answerTask: (id, answer) => sendJson(options, post(at(id, '/approval'), answer)),
    answerQuestion: (id, approval, answer) =>
      sendJson(options, post(at(id, `/questions/${encodeURIComponent(approval)}`), answer)),
    patch: async (id) => await (await send(options, { method: 'GET', path: at(id, '/patch') })).text(),
    followTask: (id, following) => follow<TaskEvent>(options, at(id, '/events'), following),
    followLog: (id, following) => follow(options, at(id, '/log'), following),
  };
};

const queryOf = (page: object): URLSearchParams =>
  new URLSearchParams(Object.entries(page).map(([key, value]): [string, string] => [key, String(value)]));
