import fc from 'fast-check';
import type { Event, Item, NewEvent } from '../../src/index.ts';

const id = (prefix: string, most: number) =>
  fc.integer({ min: 1, max: most }).map((number) => `${prefix}_${String(number).padStart(6, '0')}`);

const turn = id('trn', 3);
const itemId = id('itm', 6);
const attempt = id('att', 3);
const approval = id('apr', 2);
const count = fc.nat(50);
const usage = fc.record({ in: count, cached: count, out: count, costUsd: fc.constant(0.5) });
const verify = fc.option(fc.record({ command: fc.constant('npm test'), exit: fc.nat(2) }), { nil: null });
const file = fc.record({ path: fc.constantFrom('a', 'b/c'), added: count, removed: count });
const status = fc.constantFrom('in_progress', 'completed', 'failed', 'interrupted');
const text = fc.string({ maxLength: 20 });

const item: fc.Arbitrary<Item> = fc.oneof(
  fc.record({ id: itemId, type: fc.constant('user_message' as const), text }),
  fc.record({ id: itemId, type: fc.constant('agent_message' as const), text }),
  fc.record({
    id: itemId,
    type: fc.constant('tool_call' as const),
    callId: itemId,
    name: fc.constant('read'),
    arguments: fc.jsonValue().map((value) => JSON.parse(JSON.stringify(value)) as unknown),
    output: text,
    status,
  }) as fc.Arbitrary<Item>,
  fc.record({
    id: itemId,
    type: fc.constant('command' as const),
    command: text,
    cwd: fc.constant('.'),
    output: text,
    exit: fc.option(fc.nat(3), { nil: null }),
    status,
  }) as fc.Arbitrary<Item>,
  fc.record({ id: itemId, type: fc.constant('compaction' as const), summary: text, upTo: count }),
);

const of = <T extends Event['type']>(type: T, data: fc.Arbitrary<unknown>) =>
  data.map((value) => ({ type, data: value }) as Pick<NewEvent, 'type' | 'data'>);

const body = fc.oneof(
  of(
    'session.created',
    fc.record({
      model: text,
      cwd: text,
      title: fc.constantFrom('', 'named'),
      permissionMode: fc.constantFrom('default', 'plan'),
    }),
  ),
  of('session.configured', fc.record({ model: text }, { requiredKeys: [] })),
  of(
    'session.rewound',
    fc.record({
      kind: fc.constantFrom('undo', 'rewind'),
      seq: fc.option(fc.nat(30)),
      code: fc.constant(null),
    }),
  ),
  of('turn.admitted', fc.record({ text, options: fc.constant({}) })),
  of('turn.started', fc.constant({})),
  of(
    'turn.completed',
    fc.record({
      outcome: fc.constantFrom('ok', 'interrupted', 'failed', 'limit'),
      answer: text,
      files: fc.array(file, { maxLength: 2 }),
      verify,
      usage,
      ms: count,
    }),
  ),
  of('step.started', fc.record({ step: id('stp', 9), model: text, results: fc.array(itemId) })),
  of('step.completed', fc.record({ step: id('stp', 9), usage, stop: fc.constant('end') })),
  of('item.started', fc.record({ item })),
  of('item.completed', fc.record({ item })),
  of('approval.requested', fc.record({ approval, callId: itemId, question: text })),
  of('approval.resolved', fc.record({ approval, decision: fc.constantFrom('allow', 'deny') })),
  of('snapshot.restored', fc.record({ snapshot: id('snp', 3), files: fc.array(text) })),
  of('worktree.created', fc.record({ attempt, path: text })),
  of('worktree.discarded', fc.record({ attempt, reason: fc.constantFrom('interrupted', 'worse') })),
  of(
    'attempt.verified',
    fc.record({
      attempt,
      source: text,
      verify,
      ms: count,
      tokens: fc.record({ in: count, out: count }),
      note: text,
    }),
  ),
  of('attempt.chosen', fc.record({ attempt, reason: text, diff: text })),
);

const eventAt = (seq: number): fc.Arbitrary<Event> =>
  fc.tuple(body, turn).map(
    ([one, at]) =>
      ({
        v: 1,
        id: `evt_${String(seq).padStart(6, '0')}`,
        session: 'ses_000001',
        seq,
        at: '2026-01-01T00:00:00.000Z',
        actor: { type: 'user', id: 'ada' },
        turn: at,
        ...one,
      }) as Event,
  );

export const anyEvent: fc.Arbitrary<Event> = eventAt(7);

/** Logs without a gap in their numbers, with any events in any order. */
export const anyLog: fc.Arbitrary<readonly Event[]> = fc
  .nat(40)
  .chain((length) => fc.tuple(...Array.from({ length }, (_, index) => eventAt(index + 1))));
