import { z } from 'zod';
import { AskedField } from './asked-field.ts';
import { attemptEventData, VerifyOutcome } from './attempt-event.ts';
import { FileDelta, Item } from './item.ts';
import { Usage } from './usage.ts';

/** Who caused an event. */
export const Actor = z.object({ type: z.enum(['user', 'agent', 'worker', 'webhook']), id: z.string() });
export type Actor = z.infer<typeof Actor>;

const envelope = {
  v: z.literal(1),
  id: z.string(),
  session: z.string(),
  /** Gapless per session, from 1, given at commit. */
  seq: z.number().int().positive(),
  /** ISO 8601, UTC. */
  at: z.string(),
  actor: Actor,
  turn: z.string().optional(),
  item: z.string().optional(),
};

export const ReplayClass = z.enum(['safe', 'never']);
export const EffectClass = z.enum(['read', 'write', 'exec', 'network']);
export type { VerifyOutcome };
export const TurnOutcome = z.enum(['ok', 'interrupted', 'failed', 'limit']);
export const PermissionMode = z.enum(['default', 'acceptEdits', 'plan', 'auto', 'dontAsk', 'bypass']);
export type PermissionMode = z.infer<typeof PermissionMode>;

/** What a session is created with. Later changes come as `session.configured`. */
export const SessionSettings = z.object({
  model: z.string(),
  cwd: z.string(),
  permissionMode: PermissionMode,
});
export type SessionSettings = z.infer<typeof SessionSettings>;

/** The data of every durable event type, by type. Shapes only grow; a changed meaning is a new type. */
export const eventData = {
  'session.created': SessionSettings.extend({
    title: z.string(),
    /** The session whose attempt this one is. */
    parent: z.string().optional(),
  }),
  'session.configured': SessionSettings.partial(),
  'session.forked': z.object({ from: z.string(), seq: z.number().int().positive() }),
  'session.archived': z.object({}),
  /** A person went back, or took going back back. Nothing is deleted: what no longer stands is only passed over. */
  'session.rewound': z.object({
    kind: z.enum(['undo', 'redo', 'rewind']),
    /** The conversation stands where it stood after this event; null when it was not moved. */
    seq: z.number().int().nonnegative().nullable(),
    /** The snapshots around what was done to files; null when they were not touched. */
    code: z.object({ before: z.string(), after: z.string(), forced: z.boolean() }).nullable(),
  }),
  'session.redacted': z.object({ blob: z.string(), reason: z.string() }),
  'turn.admitted': z.object({ text: z.string(), options: z.record(z.string(), z.unknown()) }),
  'turn.started': z.object({}),
  'turn.completed': z.object({
    outcome: TurnOutcome,
    answer: z.string(),
    files: z.array(FileDelta),
    verify: VerifyOutcome.nullable(),
    usage: Usage,
    ms: z.number().nonnegative(),
    error: z.object({ code: z.string(), message: z.string() }).optional(),
    /** Where the best attempt that did not pass is kept, if there is one. */
    patch: z.string().optional(),
  }),
  'step.started': z.object({ step: z.string(), model: z.string(), results: z.array(z.string()) }),
  'step.completed': z.object({ step: z.string(), usage: Usage, stop: z.string() }),
  'item.started': z.object({ item: Item }),
  'item.completed': z.object({ item: Item }),
  'tool.started': z.object({
    callId: z.string(),
    name: z.string(),
    arguments: z.unknown(),
    replay: ReplayClass,
    effect: EffectClass,
    /** Id of the item that will hold the outcome. */
    result: z.string(),
  }),
  'tool.completed': z.object({
    callId: z.string(),
    result: z.string(),
    output: z.string(),
    isError: z.boolean(),
    blob: z.string().optional(),
  }),
  /** A command that a tool call started in the background is gone; it may have begun in an earlier turn. */
  'background.ended': z.object({
    id: z.string(),
    command: z.string(),
    exit: z.number().int(),
    /** The end of what it printed. */
    output: z.string(),
  }),
  /** Programs of the person's own were asked or told; what they said, where they said anything. */
  'hook.ran': z.object({
    moment: z.string(),
    callId: z.string().optional(),
    /** Why it must not go on. */
    block: z.string().optional(),
    permission: z.enum(['allow', 'ask']).optional(),
    /** What the model reads of it. */
    context: z.string().optional(),
    /** Why the turn ends. */
    stop: z.string().optional(),
    /** What the person was told. */
    notes: z.array(z.string()).optional(),
  }),
  'permission.evaluated': z.object({
    callId: z.string(),
    decision: z.enum(['allow', 'ask', 'deny']),
    rules: z.array(z.string()),
    score: z.number(),
    reasons: z.array(z.string()),
    /** The kind of harm that is feared. */
    category: z.string().optional(),
    /** What the action would do, as the guard saw it. */
    effects: z.array(z.unknown()).optional(),
    /** The same for two actions only if they do the same. */
    action: z.string().optional(),
    /** Microseconds that the decision took. */
    us: z.number().nonnegative().optional(),
  }),
  'approval.requested': z.object({
    approval: z.string(),
    callId: z.string(),
    question: z.string(),
    /** What the call would make of a file, as a unified diff; absent where it changes none or is too long to show. */
    diff: z.string().optional(),
    /** One general rule that would answer this kind of question, as a table for the person's policy. */
    offer: z.object({ explain: z.string(), rule: z.string() }).optional(),
    /** Of a question that a program of others asks in the middle of a call: what is to be filled in, perhaps nothing. */
    fields: z.array(AskedField).optional(),
  }),
  'approval.resolved': z.object({
    approval: z.string(),
    decision: z.enum(['allow', 'deny']),
    note: z.string().optional(),
  }),
  'snapshot.taken': z.object({
    snapshot: z.string(),
    reason: z.string(),
    /** The snapshot before the action that left this state. */
    after: z.string().optional(),
    /** The only paths that the action to come may change, where that is known. */
    paths: z.array(z.string()).optional(),
    /** What is not in it, and why. */
    notes: z.array(z.string()).optional(),
  }),
  'snapshot.restored': z.object({
    snapshot: z.string(),
    files: z.array(z.string()),
    refs: z.array(z.string()).optional(),
    /** Paths left alone because somebody else had changed them. */
    left: z.array(z.string()).optional(),
  }),
  ...attemptEventData,
} as const;

export type EventType = keyof typeof eventData;
export const eventTypes: readonly EventType[] = Object.keys(eventData) as EventType[];

export type EventOf<T extends EventType> = {
  readonly v: 1;
  readonly id: string;
  readonly session: string;
  readonly seq: number;
  readonly at: string;
  readonly actor: Actor;
  readonly turn?: string | undefined;
  readonly item?: string | undefined;
  readonly type: T;
  readonly data: z.infer<(typeof eventData)[T]>;
};

/** An immutable, numbered fact in a session's log. */
export type Event = { [T in EventType]: EventOf<T> }[EventType];

/** An event before the store has given it its number. */
export type NewEvent = { [T in EventType]: Omit<EventOf<T>, 'seq'> }[EventType];

/** Any envelope, its type perhaps from a later version: readers keep it and skip it. */
export const Envelope = z.looseObject({ ...envelope, type: z.string(), data: z.unknown() });
export type Envelope = z.infer<typeof Envelope>;

/** True when the type is one this version knows; its data was checked by whoever wrote it. */
export const isKnown = (event: Envelope | Event): event is Event => event.type in eventData;

/** Checks envelope and data. Unknown types pass with their envelope checked. @throws ZodError */
export const parseEvent = (value: unknown): Event | Envelope => {
  const event = Envelope.parse(value);
  const shape = (eventData as Record<string, z.ZodType>)[event.type];
  return shape === undefined ? event : { ...event, data: shape.parse(event.data) };
};

/** A live fragment: never stored, never numbered. */
export const Delta = z.discriminatedUnion('type', [
  z.object({ type: z.literal('item.delta'), session: z.string(), item: z.string(), text: z.string() }),
  z.object({ type: z.literal('command.output'), session: z.string(), item: z.string(), text: z.string() }),
  z.object({
    type: z.literal('progress'),
    session: z.string(),
    /** One short line: what is being done now. */
    text: z.string(),
    done: z.number().optional(),
    total: z.number().optional(),
  }),
]);
export type Delta = z.infer<typeof Delta>;
