import type { Envelope, Event } from '@tandem/protocol';
import type {
  AnswerTask,
  Bundle,
  ChangeOrganisation,
  CreatedKey,
  CreateKey,
  CreateMember,
  CreateOrganisation,
  CreateRepository,
  CreateTask,
  Head,
  Key,
  Member,
  Organisation,
  Page,
  Repository,
  Scope,
  Task,
  TaskEvent,
  TaskState,
} from '@tandem/protocol/team';
import type { AuditQuery, AuditRow } from '@tandem/protocol/team-audit';
import type { SetUp, SetUpDone } from '@tandem/protocol/team-setup';
import type { UsageQuery, UsageReport } from '@tandem/protocol/team-usage';
import type { WebhookPort } from './webhook-port.ts';

/** Who asks, and in which organisation: everything it sees and does is of that one. */
export type Caller = {
  readonly organisation: string;
  /** As events name it: `member:…` or `administrator`. */
  readonly actor: string;
  /** As people call it. */
  readonly name: string;
  /** The id of the key that was shown; null for the machine's own token. */
  readonly key: string | null;
  readonly scopes: readonly Scope[];
};

/** Whoever holds the machine's own token: of no organisation until one is named. */
export type Identity =
  | { readonly type: 'administrator' }
  | { readonly type: 'caller'; readonly caller: Caller };

/** A request that may come twice: `hash` tells it from another one with the same key. */
export type Once = { readonly key: string; readonly hash: string } | null;

/** What a request that makes something asks for. */
export type Asked<T> = { readonly input: T; readonly once: Once };

export type PageOf = { readonly after: string | undefined; readonly limit: number };
export type Following = { readonly id: string; readonly after: number; readonly signal: AbortSignal };
type CaughtUp = { readonly type: 'caught_up' };

/**
 * The team behind the door. Every method rejects with AppError: not_found for what is not there or is another organisation's,
 * conflict for a name that is taken, for a step that is not due, and for an `Idempotency-Key` of another request.
 */
export type Team = WebhookPort & {
  readonly usage: (caller: Caller, query: UsageQuery) => Promise<UsageReport>;
  /** Newest first; `after` is the number of the last row of the page before. */
  readonly audit: (caller: Caller, page: PageOf & AuditQuery) => Promise<Page<AuditRow>>;
  /** Null for a token that is unknown, revoked or expired. */
  readonly identify: (token: string) => Promise<Identity | null>;
  /** The first organisation, by the one-time code. not_found for any other code, and for any once there is an organisation. */
  readonly setUp: (asked: SetUp) => Promise<SetUpDone>;
  readonly administratorIn: (organisation: string) => Promise<Caller>;
  readonly organisations: (page: PageOf) => Promise<Page<Organisation>>;
  readonly createOrganisation: (input: CreateOrganisation) => Promise<Organisation>;
  readonly organisation: (caller: Caller) => Promise<Organisation>;
  readonly changeOrganisation: (caller: Caller, input: ChangeOrganisation) => Promise<Organisation>;
  readonly members: (caller: Caller, page: PageOf) => Promise<Page<Member>>;
  readonly createMember: (caller: Caller, asked: Asked<CreateMember>) => Promise<Member>;
  readonly keys: (caller: Caller, page: PageOf) => Promise<Page<Key>>;
  readonly createKey: (caller: Caller, asked: Asked<CreateKey>) => Promise<CreatedKey>;
  /** Done when it resolves: the next request with the key is refused. */
  readonly revokeKey: (caller: Caller, id: string) => Promise<void>;
  readonly repositories: (caller: Caller, page: PageOf) => Promise<Page<Repository>>;
  readonly repository: (caller: Caller, id: string) => Promise<Repository>;
  readonly createRepository: (caller: Caller, asked: Asked<CreateRepository>) => Promise<Repository>;
  /** Branches of the repository where it lives, as they are now. */
  readonly heads: (caller: Caller, repository: string) => Promise<readonly Head[]>;
  /** On the disk when it resolves. Reads the body once, chunk by chunk; what that rejects with leaves nothing behind. */
  readonly createBundle: (
    caller: Caller,
    asked: {
      /** Id or name. */
      readonly repository: string;
      readonly body: AsyncIterable<Uint8Array>;
      /** The request's `Idempotency-Key`: the body itself tells it from another one. */
      readonly once: string | undefined;
    },
  ) => Promise<Bundle>;
  readonly tasks: (
    caller: Caller,
    page: PageOf & { readonly state: TaskState | undefined },
  ) => Promise<Page<Task>>;
  readonly task: (caller: Caller, id: string) => Promise<Task>;
  /** Queued when it resolves, and never lost. */
  readonly createTask: (caller: Caller, asked: Asked<CreateTask>) => Promise<Task>;
  /** A running one ends within a second. */
  readonly cancelTask: (caller: Caller, id: string) => Promise<Task>;
  /** The answer to a change that waits for it. */
  readonly answerTask: (
    caller: Caller,
    asked: { readonly id: string; readonly answer: AnswerTask },
  ) => Promise<Task>;
  /** The answer to a question of the agent. */
  readonly answerQuestion: (
    caller: Caller,
    asked: { readonly id: string; readonly approval: string; readonly answer: AnswerTask },
  ) => Promise<Task>;
  /** The change as a patch. */
  readonly patch: (caller: Caller, id: string) => Promise<string>;
  readonly followTask: (caller: Caller, following: Following) => Promise<AsyncIterable<TaskEvent | CaughtUp>>;
  /** The log of the task's session, live fragments too. */
  readonly followLog: (
    caller: Caller,
    following: Following,
  ) => Promise<AsyncIterable<Event | Envelope | { readonly type: string }>>;
};
