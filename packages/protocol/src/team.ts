/** What crosses the team server's door: organisations and who is in them, repositories, tasks. */
import { z } from 'zod';
import { PermissionMode } from './event.ts';
import { FileDelta } from './item.ts';

export const roles = ['owner', 'maintainer', 'developer', 'reviewer', 'viewer'] as const;
export const Role = z.enum(roles);
export type Role = z.infer<typeof Role>;

export const scopes = [
  'organisation:write',
  'members:read',
  'members:write',
  'keys:read',
  'keys:write',
  'repositories:read',
  'repositories:write',
  'tasks:read',
  'tasks:write',
  'approvals:write',
  'webhooks:read',
  'webhooks:write',
  'audit:read',
  'usage:read',
] as const;
export const Scope = z.enum(scopes);
export type Scope = z.infer<typeof Scope>;

/** ASCII as it is shown, and what lies past it. */
const printable = /^[ -~\u00a0-\uffff]*$/;

const name = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,79}$/, 'letters, digits, dot, dash and underscore, at most 80');
const time = z.iso.datetime();
/** Of something that was made before. */
const id = z.string().regex(/^[A-Za-z0-9_-]{1,80}$/, 'letters, digits, dash and underscore');
/** One line, without control characters. */
const line = (most: number): z.ZodString => z.string().min(1).max(most).regex(printable, 'one line');

/** Whose key it is and what it opens. */
export const Me = z.object({
  /** Null for the machine's own token where it acts in none. */
  organisation: z.string().nullable(),
  name: z.string(),
  scopes: z.array(Scope).readonly(),
});
export type Me = z.infer<typeof Me>;

export const Organisation = z.object({
  id: z.string(),
  name,
  /** Tasks that may be worked on at once; those past it wait. */
  maxRunning: z.number().int(),
  createdAt: time,
});
export type Organisation = z.infer<typeof Organisation>;
const maxRunning = z.number().int().min(1).max(1_000);
export const CreateOrganisation = z.strictObject({ name, maxRunning: maxRunning.default(2) });
export type CreateOrganisation = z.infer<typeof CreateOrganisation>;
export const ChangeOrganisation = z.strictObject({ maxRunning });
export type ChangeOrganisation = z.infer<typeof ChangeOrganisation>;

export const Member = z.object({ id: z.string(), name, role: Role, createdAt: time });
export type Member = z.infer<typeof Member>;
export const CreateMember = z.strictObject({ name, role: Role });
export type CreateMember = z.infer<typeof CreateMember>;

export const Key = z.object({
  id: z.string(),
  name,
  member: z.string(),
  /** What it may do: never more than its member's role. */
  scopes: z.array(Scope).readonly(),
  createdAt: time,
  expiresAt: time.nullable(),
  revokedAt: time.nullable(),
});
export type Key = z.infer<typeof Key>;
export const CreateKey = z.strictObject({
  name,
  /** Id of a member. */
  member: id,
  /** Absent: all that the member's role may do. */
  scopes: z.array(Scope).min(1).optional(),
  expiresAt: z.iso.datetime({ offset: true }).optional(),
});
export type CreateKey = z.infer<typeof CreateKey>;
/** `secret` is the key itself, shown this once; null where the request was made before with the same `Idempotency-Key`. */
export const CreatedKey = Key.extend({ secret: z.string().nullable() });
export type CreatedKey = z.infer<typeof CreatedKey>;

export const Repository = z.object({
  id: z.string(),
  name,
  /** A path on the server. */
  path: z.string(),
  createdAt: time,
});
export type Repository = z.infer<typeof Repository>;
export const CreateRepository = z.strictObject({
  name,
  path: z.string().regex(/^\/[ -~\u00a0-\uffff]{0,4095}$/, 'an absolute path'),
});
export type CreateRepository = z.infer<typeof CreateRepository>;

/** The tip of a branch, where the repository lives. */
export const Head = z.object({ name: z.string(), commit: z.string() });
export type Head = z.infer<typeof Head>;

/** A history that is new to the repository fits; a repository of its own is registered instead. */
export const maxBundleBytes: number = 64 * 1024 * 1024;

/** Commits that the repository lacks, as a git bundle with one ref, for one task to begin with. */
export const Bundle = z.object({
  id: z.string(),
  /** Id. */
  repository: z.string(),
  bytes: z.number().int(),
  sha256: z.string(),
  createdAt: time,
});
export type Bundle = z.infer<typeof Bundle>;

export const taskStages = ['admit', 'prepare', 'agent', 'verify', 'approval', 'publish', 'notify'] as const;
export const TaskStage = z.enum(taskStages);
export type TaskStage = z.infer<typeof TaskStage>;

/** `waiting` is for a person; the last three are final. */
export const taskStates = ['queued', 'running', 'waiting', 'completed', 'failed', 'cancelled'] as const;
export const TaskState = z.enum(taskStates);
export type TaskState = z.infer<typeof TaskState>;
export const isFinal = (state: TaskState): boolean =>
  state === 'completed' || state === 'failed' || state === 'cancelled';

export const TaskOptions = z.strictObject({
  model: line(400),
  /** Nothing goes past the guard on a server: there is no `bypass`. */
  permissionMode: PermissionMode.exclude(['bypass']).default('auto'),
  /** Must succeed on the result before anybody is asked or anything is published. */
  verify: z.string().min(1).max(4_000).optional(),
  /** The commit, branch or bundle it begins with; absent: what the repository has checked out. */
  base: z.union([line(200), z.strictObject({ bundle: id })]).optional(),
  /** A person looks at the change before it is published. */
  approval: z.boolean().default(true),
  /** A branch in the repository; false: the change is kept with the task, for who takes it as a patch, and nobody is asked. */
  publish: z.boolean().default(true),
});
export type TaskOptions = z.infer<typeof TaskOptions>;

export const CreateTask = z.strictObject({
  /** Name or id. */
  repository: name,
  prompt: z.string().min(1).max(100_000),
  options: TaskOptions,
});
export type CreateTask = z.infer<typeof CreateTask>;
/** Before defaults are filled in. */
export type CreateTaskInput = z.input<typeof CreateTask>;

export const TaskProblem = z.object({ code: z.string(), message: z.string() });
export const TaskVerify = z.object({ command: z.string(), exit: z.number().int(), output: z.string() });
/** A question of the agent about one action, open until somebody answers. */
export const TaskQuestion = z.object({ approval: z.string(), question: z.string() });
export type TaskQuestion = z.infer<typeof TaskQuestion>;

export const Task = z.object({
  id: z.string(),
  repository: z.string(),
  prompt: z.string(),
  options: TaskOptions,
  createdBy: z.string(),
  /** As people call who made it. */
  createdByName: z.string(),
  state: TaskState,
  stage: TaskStage,
  /** Why it is in this state, for people. */
  why: z.string(),
  /** Events of the task so far; changes with whatever else changes. */
  version: z.number().int(),
  session: z.string().nullable(),
  base: z.string().nullable(),
  commit: z.string().nullable(),
  /** Where it was published, in the repository. */
  branch: z.string().nullable(),
  files: z.array(FileDelta).readonly().nullable(),
  verify: TaskVerify.nullable(),
  /** What the agent said last. */
  answer: z.string().nullable(),
  error: TaskProblem.nullable(),
  questions: z.array(TaskQuestion).readonly(),
  createdAt: time,
  updatedAt: time,
});
export type Task = z.infer<typeof Task>;

export const taskEventTypes = [
  'task.created',
  'task.started',
  'stage.completed',
  'question.asked',
  'question.answered',
  'approval.requested',
  'approval.resolved',
  'task.retrying',
  'task.taken_up',
  'cancel.requested',
  'task.completed',
  'task.failed',
  'task.cancelled',
] as const;
export const TaskEvent = z.object({
  task: z.string(),
  /** From 1, without a gap. */
  seq: z.number().int(),
  at: time,
  type: z.enum(taskEventTypes),
  /** `member:…`, `administrator` or `server`. */
  actor: z.string(),
  /** As people call the actor. */
  actorName: z.string(),
  data: z.record(z.string(), z.unknown()),
});
export type TaskEvent = z.infer<typeof TaskEvent>;

export const AnswerTask = z.strictObject({
  decision: z.enum(['allow', 'deny']),
  note: z.string().max(2_000).optional(),
});
export type AnswerTask = z.infer<typeof AnswerTask>;

/** A page of a list; `next` is the cursor of the one after it. */
export type Page<T> = { readonly data: readonly T[]; readonly next: string | null };

const everything: readonly Scope[] = scopes;
const without = (...left: readonly Scope[]): readonly Scope[] =>
  everything.filter((scope) => !left.includes(scope));

/** What each role may do at most. */
export const scopesOf: Readonly<Record<Role, readonly Scope[]>> = {
  owner: everything,
  maintainer: without('organisation:write', 'members:write'),
  developer: ['members:read', 'repositories:read', 'tasks:read', 'tasks:write', 'approvals:write'],
  reviewer: ['members:read', 'repositories:read', 'tasks:read', 'approvals:write'],
  viewer: ['members:read', 'repositories:read', 'tasks:read'],
};
