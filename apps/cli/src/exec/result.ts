import type { Envelope, Event, EventOf, Usage, VerifyOutcome } from '@tandem/protocol';
import { isKnown, noUsage } from '@tandem/protocol';
import { exitCode, exitOfError } from '../exit-code.ts';

/** The object of `--output-format json`, field by field as the contract has it. */
export type ExecResult = {
  readonly session: string;
  readonly status: 'completed' | 'failed' | 'interrupted' | 'limit';
  readonly answer: string;
  readonly files: readonly { readonly path: string; readonly added: number; readonly removed: number }[];
  readonly verify: VerifyOutcome | null;
  readonly attempts: readonly {
    readonly id: string;
    readonly verify: VerifyOutcome | null;
    readonly chosen: boolean;
    readonly ms: number;
    readonly tokens: { readonly in: number; readonly out: number };
  }[];
  readonly usage: Usage;
  readonly ms: number;
};

export type TurnEnd = EventOf<'turn.completed'>['data'];

const statuses = {
  ok: 'completed',
  failed: 'failed',
  interrupted: 'interrupted',
  limit: 'limit',
} as const;

/** What one turn came to, from its events alone. */
export const resultOf = (
  session: string,
  turn: string,
  events: readonly (Event | Envelope)[],
): { readonly result: ExecResult; readonly end: TurnEnd | null } => {
  const known = events.filter((event): event is Event => isKnown(event) && event.turn === turn);
  const end = known.findLast((event) => event.type === 'turn.completed')?.data ?? null;
  const chosen = new Set(
    known.filter((event) => event.type === 'attempt.chosen').map(({ data }) => data.attempt),
  );
  const result: ExecResult = {
    session,
    status: end === null ? 'interrupted' : statuses[end.outcome],
    answer: end?.answer ?? '',
    files: end?.files ?? [],
    verify: end?.verify ?? null,
    attempts: attemptsIn(known, chosen),
    usage: end?.usage ?? noUsage,
    ms: end?.ms ?? 0,
  };
  return { result, end };
};

/** One entry an attempt, by the last that is known of it: the chosen one is verified twice. */
const attemptsIn = (events: readonly Event[], chosen: ReadonlySet<string>): ExecResult['attempts'] => {
  const attempts = new Map<string, ExecResult['attempts'][number]>();
  for (const event of events) {
    if (event.type !== 'attempt.verified' && event.type !== 'attempt.failed') continue;
    const { attempt: id, ms } = event.data;
    const verify = event.type === 'attempt.verified' ? event.data.verify : null;
    const { in: read = 0, out = 0 } =
      event.type === 'attempt.verified' ? event.data.tokens : (event.data.usage ?? {});
    const before = attempts.get(id)?.ms ?? 0;
    attempts.set(id, { id, verify, chosen: chosen.has(id), ms: before + ms, tokens: { in: read, out } });
  }
  return [...attempts.values()];
};

export const exitOf = (end: TurnEnd | null): number => {
  if (end === null) return exitCode.interrupted;
  switch (end.outcome) {
    case 'ok':
      return end.verify !== null && end.verify.exit !== 0 ? exitCode.verifyFailed : exitCode.done;
    case 'interrupted':
      return exitCode.interrupted;
    case 'limit':
      return exitCode.limit;
    case 'failed':
      return exitOfError(end.error?.code ?? 'internal');
  }
};
