import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { CreatedKey, Member, Organisation, Role, Task, TaskEvent } from '@tandem/protocol/team';
import type { Machine } from './machine.ts';

type Answer<T> = { readonly status: number; readonly body: T; readonly headers: Headers };

/** The team's routes as any program would use them. */
export class TeamDoor {
  readonly #fetch: (path: string, init: RequestInit) => Response | Promise<Response>;
  readonly #headers: Readonly<Record<string, string>>;

  constructor(
    fetch: (path: string, init: RequestInit) => Response | Promise<Response>,
    headers: Readonly<Record<string, string>>,
  ) {
    this.#fetch = fetch;
    this.#headers = headers;
  }

  async ask<T>(
    method: string,
    path: string,
    given: { readonly body?: unknown; readonly headers?: Record<string, string> } = {},
  ): Promise<Answer<T>> {
    const response = await this.#fetch(`/v1${path}`, {
      method,
      headers: {
        ...this.#headers,
        ...(given.body === undefined ? {} : { 'content-type': 'application/json' }),
        ...given.headers,
      },
      ...(given.body === undefined ? {} : { body: JSON.stringify(given.body) }),
    });
    const text = await response.text();
    const isJson = response.headers.get('content-type')?.includes('json') === true;
    return {
      status: response.status,
      body: (isJson ? JSON.parse(text) : text) as T,
      headers: response.headers,
    };
  }

  /** What must succeed. */
  async must<T>(method: string, path: string, body?: unknown): Promise<T> {
    const answered = await this.ask<T>(method, path, body === undefined ? {} : { body });
    if (answered.status >= 300)
      throw new Error(`${method} ${path}: ${answered.status} ${JSON.stringify(answered.body)}`);
    return answered.body;
  }

  task(id: string): Promise<Task> {
    return this.must('GET', `/tasks/${id}`);
  }

  /** Follows a task until something holds of its events so far; those. */
  async until(id: string, holds: (events: readonly TaskEvent[]) => boolean): Promise<readonly TaskEvent[]> {
    const stop = new AbortController();
    const response = await this.#fetch(`/v1/tasks/${id}/events`, {
      headers: this.#headers,
      signal: stop.signal,
    });
    const events: TaskEvent[] = [];
    let text = '';
    try {
      for await (const chunk of response.body!.pipeThrough(new TextDecoderStream())) {
        text += chunk;
        const blocks = text.split('\n\n');
        text = blocks.pop()!;
        for (const block of blocks) {
          if (!block.startsWith('id: ')) continue;
          events.push(JSON.parse(block.split('data: ')[1]!) as TaskEvent);
          if (holds(events)) return events;
          if (isOver(events.at(-1)!)) throw new Error(`over: ${JSON.stringify(events.at(-1))}`);
        }
      }
    } finally {
      stop.abort();
    }
    throw new Error(`the stream ended: ${JSON.stringify(events)}`);
  }

  /** Until the task reaches a stage, or is over. */
  untilStage(id: string, stage: string): Promise<readonly TaskEvent[]> {
    return this.until(id, (events) =>
      events.some(({ type, data }) => type === 'stage.completed' && data.stage === stage),
    );
  }

  untilOver(id: string): Promise<readonly TaskEvent[]> {
    return this.until(id, (events) => isOver(events.at(-1)!));
  }
}

const isOver = ({ type }: TaskEvent): boolean => /^task\.(?:completed|failed|cancelled)$/.test(type);

export type Made = {
  readonly organisation: Organisation;
  readonly administrator: TeamDoor;
  readonly door: TeamDoor;
  readonly as: (role: Role) => Promise<TeamDoor>;
};

/** An organisation with one owner. */
export const makeOrganisation = async (
  given: {
    readonly fetch: (path: string, init: RequestInit) => Response | Promise<Response>;
    readonly token: string;
  },
  name: string,
  maxRunning = 2,
): Promise<Made> => {
  const authorization = { authorization: `Bearer ${given.token}` };
  const machine = new TeamDoor(given.fetch, authorization);
  const organisation = await machine.must<Organisation>('POST', '/organisations', { name, maxRunning });
  const administrator = new TeamDoor(given.fetch, { ...authorization, 'tandem-organisation': name });
  const as = async (role: Role): Promise<TeamDoor> => {
    const member = await administrator.must<Member>('POST', '/members', { name: `a-${role}`, role });
    const key = await administrator.must<CreatedKey>('POST', '/keys', { name: 'test', member: member.id });
    return new TeamDoor(given.fetch, { authorization: `Bearer ${key.secret}` });
  };
  return { organisation, administrator, as, door: await as('owner') };
};

/** A repository with one commit, as a person has it. */
export const makeRepository = (path: string): string => {
  mkdirSync(path, { recursive: true });
  writeFileSync(join(path, 'till.txt'), 'ten\n');
  const git = (...words: string[]): string =>
    execFileSync('git', ['-c', 'user.name=Ada', '-c', 'user.email=ada@localhost', ...words], {
      cwd: path,
      encoding: 'utf8',
    }).trim();
  git('init', '--quiet', '--initial-branch=main');
  git('add', '.');
  git('commit', '--quiet', '-m', 'first');
  return git('rev-parse', 'HEAD');
};

/** Branches of tasks in a repository, with the text of a file in each; empty where it is not there. */
export const branchesOf = (path: string, file: string): Readonly<Record<string, string>> => {
  const git = (...words: string[]): string => execFileSync('git', words, { cwd: path, encoding: 'utf8' });
  const names = git('for-each-ref', '--format=%(refname:short)', 'refs/heads/tandem/').split('\n');
  return Object.fromEntries(
    names
      .filter((name) => name !== '')
      .map((name) => [name, git('ls-tree', name, file) === '' ? '' : git('show', `${name}:${file}`)]),
  );
};

/** A started server, its organisation and one repository in it. */
export const serveTeam = async (machine: Machine, words: readonly string[] = []) => {
  const server = await machine.serve(words);
  const token = readFileSync(join(machine.state, 'token'), 'utf8').trim();
  return {
    ...server,
    team: { token, fetch: (path: string, init: RequestInit) => fetch(`${server.url}${path}`, init) },
  };
};
