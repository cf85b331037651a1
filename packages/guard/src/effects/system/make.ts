import { hole } from '../../shell/command.ts';
import type { Effect } from '../effect.ts';

type SystemPart = Extract<Effect, { type: 'system' }>['part'];
type ReachHow = Extract<Effect, { type: 'reach' }>['how'];
type Payload = NonNullable<Extract<Effect, { type: 'reach' }>['payload']>;

export const changes = (part: SystemPart, what: string): Effect => ({
  type: 'system',
  part,
  change: 'change',
  what,
});

export const destroys = (part: SystemPart, what: string): Effect => ({
  type: 'system',
  part,
  change: 'destroy',
  what,
});

export const inspects = (part: SystemPart, what: string): Effect => ({
  type: 'system',
  part,
  change: 'read',
  what,
});

/** A program, plug-in or library named by an argument of another program; `text` may hold its arguments too. */
export const spawns = (text: string, what: string): Effect => ({
  type: 'spawn',
  program: /^\s*(\S+)/.exec(text)?.[1] ?? hole,
  what,
});

export const reaches = (
  how: ReachHow,
  place: string | null,
  what: string,
  payload?: Payload | undefined,
): Effect => {
  const host = place === null ? null : hostOf(place);
  const local = isLocal(host) && !(how === 'listen' && host !== null && /^(0(\.0\.0\.0)?|::)$/.test(host));
  return { type: 'reach', host, how, local, what, ...(payload ? { payload } : {}) };
};

export const unclear = (at: Extract<Effect, { type: 'opaque' }>['at'], what: string): Effect => ({
  type: 'opaque',
  at,
  what,
});

/** Host of an address (`https://user@host:1/path`, `user@host:path`, `host`); null where it is not known. */
export const hostOf = (text: string): string | null => {
  const bare = text.replace(/^[a-z][a-z0-9+.-]*:\/\//i, '');
  const authority = /^[^/?#]*/.exec(bare)![0].replace(/^.*@/, '');
  const host =
    /^\[([^\]]+)\]/.exec(authority)?.[1] ?? (isAddress6(authority) ? authority : authority.split(':', 1)[0]!);
  return host === '' || host.includes(hole) ? null : host.toLowerCase();
};

const isAddress6 = (text: string): boolean => /^[0-9a-f:.]{2,45}$/i.test(text) && text.split(':').length > 2;

/** This machine by name or address; a name that only begins like one is not it. */
export const isLocal = (host: string | null): boolean =>
  host !== null && /^(localhost|.*\.localhost|127(\.\d+){1,3}|0\.0\.0\.0|0|::1|::|\[::1\])$/.test(host);
