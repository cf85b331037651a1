import type { MiddlewareHandler } from 'hono';
import { refusal } from '../refuse.ts';
import type { Variables } from './door.ts';
import type { Caller, Identity, Team } from './port.ts';
import type { Rated } from './rate.ts';

type Guarded = {
  readonly team: Team;
  /** Null: as often as they like. */
  readonly rate: ((key: string) => Rated) | null;
};

/** Requests without a key, or with a wrong one, count together; a right one is never kept out by them. */
const stranger = 'stranger';

/**
 * Who asks, how often, and whether the route is theirs. A path that is not there and a key that is wrong look different to nobody
 * else. `needed` null: any key. Whoever has the machine is not counted.
 */
export const identified =
  ({ team, rate }: Guarded, needed: string | null): MiddlewareHandler<{ Variables: Variables }> =>
  async (context, next) => {
    const [, token] = /^Bearer (\S{1,200})$/i.exec(context.req.header('authorization') ?? '') ?? [];
    const identity = token === undefined ? null : await team.identify(token);
    const counted = identity?.type === 'administrator' ? null : (identity?.caller.key ?? stranger);
    const rated = counted === null || rate === null ? null : rate(counted);
    const asked =
      rated?.allowed === false
        ? tooOften(rated)
        : await callerIn(team, { identity, needed, named: context.req.header('tandem-organisation') });
    if (asked instanceof Response) context.res = asked;
    else {
      context.set('caller', asked);
      await next();
    }
    for (const [name, value] of Object.entries(rated?.headers ?? {})) context.header(name, value);
  };

/** A route that asks for no key. */
export const asStranger =
  (rate: Guarded['rate']): MiddlewareHandler<{ Variables: Variables }> =>
  async (context, next) => {
    const rated = rate?.(stranger);
    if (rated?.allowed === false) context.res = tooOften(rated);
    else await next();
    for (const [name, value] of Object.entries(rated?.headers ?? {})) context.header(name, value);
  };

const tooOften = ({ headers }: Rated): Response =>
  refusal(429, `That was too often; ask again in ${headers['retry-after']} seconds.`, {
    code: 'limit',
  });

/** Null for the machine's own token where it names no organisation; a refusal where the route is not theirs. */
const callerIn = async (
  team: Team,
  asked: {
    readonly identity: Identity | null;
    readonly needed: string | null;
    /** The organisation that whoever has the machine acts in. */
    readonly named: string | undefined;
  },
): Promise<Caller | null | Response> => {
  const { identity, needed, named } = asked;
  if (identity === null) return unknownKey();
  if (needed === null && (identity.type === 'caller' || named === undefined))
    return identity.type === 'caller' ? identity.caller : null;
  if (needed === 'administrator') {
    if (identity.type === 'administrator') return null;
    return refusal(403, 'This is done with the token of the machine: ask who runs the server.');
  }
  if (identity.type === 'administrator' && named === undefined)
    return refusal(403, 'This is done in an organisation: name it in the header Tandem-Organisation.');
  const caller =
    identity.type === 'administrator' ? await team.administratorIn(named ?? '') : identity.caller;
  if (needed === null || caller.scopes.some((scope) => scope === needed)) return caller;
  return refusal(
    403,
    `This needs the scope ${needed}, which your key lacks: ask an owner of your organisation.`,
  );
};

const unknownKey = (): Response =>
  refusal(
    401,
    'Send Authorization: Bearer with a key of your organisation. If you did, it was revoked or is over, or it is of another server: ask an owner for a new one.',
    { headers: { 'www-authenticate': 'Bearer' } },
  );
