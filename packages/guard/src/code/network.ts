import type { Effect } from '../effects/effect.ts';
import { hole } from '../shell/command.ts';
import type { Call } from './program.ts';
import { argument, type Role } from './roles.ts';
import { bitsOf, has, marks, type Value } from './value.ts';

type Reach = Extract<Effect, { type: 'reach' }>;

/** The host of an address, and whether it is this machine; null where it is not known. */
export const hostOf = (text: string): { readonly host: string | null; readonly local: boolean } => {
  const host = /^(?:[a-z][a-z0-9+.-]*:\/\/)?(?:[^/@?#]*@)?(\[[^\]]*\]|[^/:?#]+)/i.exec(text)?.[1] ?? null;
  if (host === null || host.includes(hole)) return { host: null, local: false };
  return { host, local: /^(?:localhost|127\.[\d.]+|\[?::1\]?|0\.0\.0\.0|.*\.localhost)$/i.test(host) };
};

const metadataHost = /^(?:169\.254\.169\.254|metadata\.google\.internal|100\.100\.100\.200)$/;

const address = (call: Call, at: number): string => {
  const value = argument(call, at, 'url');
  const options = value.fields ?? call.named;
  const field = options.get('url') ?? options.get('hostname') ?? options.get('host');
  const given = value.items?.[0] ?? (value.fields === null ? value : undefined);
  const text = given?.texts[0] ?? hole;
  return text === hole && field !== undefined ? (field.texts[0] ?? hole) : text;
};

const payloadOf = (call: Call): Reach['payload'] => {
  const values: readonly Value[] = [
    ...call.args,
    ...call.named.values(),
    ...(call.receiver ? [call.receiver] : []),
  ];
  const bits = bitsOf(values);
  if ((bits & (marks.secret | marks.environment)) !== 0) return 'secret';
  return (bits & marks.file) === 0 ? 'unknown' : 'file';
};

const tokens = /authorization|token|api[_-]?key|auth|cookie/i;

/** A secret in a header of authorisation is how programs log in, no leak. */
const withoutLogin = (call: Call): Call => {
  const headers = call.named.get('headers');
  if (headers?.fields == null) return call;
  const other = [...headers.fields].filter(([name]) => !tokens.test(name)).map(([, value]) => value);
  const named = new Map(call.named).set('headers', { ...headers, marks: bitsOf(other) });
  const args = call.args.filter((arg) => arg.fields?.get('headers') === undefined);
  for (const arg of call.args) {
    if (arg.fields === null || args.includes(arg)) continue;
    const rest = [...arg.fields].filter(([name]) => name !== 'headers').map(([, value]) => value);
    args.push({ ...arg, marks: bitsOf(rest) | bitsOf(other) });
  }
  named.delete('auth');
  return { ...call, args, named };
};

/** A request: it fetches, unless it carries content out. */
export const requests =
  (urlAt: number, method: 'get' | 'send' | 'any'): Role =>
  (given) => {
    const call = withoutLogin(given);
    const text = address(given, urlAt);
    const { host, local } = hostOf(text);
    if (host !== null && metadataHost.test(host))
      return [{ type: 'credential', change: 'read', what: `asks the machine's metadata service` }];
    const payload = payloadOf(call);
    const verb =
      (call.named.get('method') ?? (method === 'any' ? call.args[urlAt - 1] : undefined))?.texts[0] ?? 'GET';
    const sends = method === 'send' || /^(?:post|put|patch|delete)$/i.test(verb) || payload === 'secret';
    const what = sends ? `sends to ${host ?? 'a host not known'}` : `asks ${host ?? 'a host not known'}`;
    if (!sends) return [{ type: 'reach', host, how: 'fetch', local, what }];
    return [{ type: 'reach', host, how: 'send', local, payload: payload ?? 'unknown', what }];
  };

/** Content put on a connection that is open already. */
export const sendsOn: Role = (call) => {
  const payload = payloadOf({ ...call, receiver: null });
  if (payload === 'unknown') return [];
  return [
    {
      type: 'reach',
      host: null,
      how: 'send',
      local: false,
      payload: payload ?? 'unknown',
      what: 'sends what it read',
    },
  ];
};

export const connects =
  (at: number, what: string): Role =>
  (call) => {
    const { host, local } = hostOf(address(call, at));
    return [{ type: 'reach', host, how: 'query', local, what }];
  };

/** Mail, file transfer, remote shells. */
export const carries =
  (at: number, how: 'send' | 'shell', what: string): Role =>
  (call) => {
    const { host, local } = hostOf(address(call, at));
    return [{ type: 'reach', host, how, local, payload: payloadOf(call) ?? 'unknown', what }];
  };

/** A fetch that is kept as a file. */
export const downloads =
  (urlAt: number, pathAt: number): Role =>
  (call, around) => {
    const { host, local } = hostOf(address(call, urlAt));
    const target = call.args[pathAt]?.texts[0];
    const reach: Effect = {
      type: 'reach',
      host,
      how: 'fetch',
      local,
      what: `downloads from ${host ?? 'a host not known'}`,
    };
    return target === undefined || target === hole
      ? [reach]
      : [reach, { type: 'write', path: around.path(target), how: 'overwrite' }];
  };

/** Shown where others see it: a log, the screen. */
export const shows: Role = (call) => {
  const value = bitsOf(call.args);
  if ((value & marks.environment) !== 0)
    return [{ type: 'credential', change: 'read', what: 'shows the environment' }];
  if (call.args.some((arg) => has(arg, marks.secret) && !has(arg, marks.cleaned)))
    return [{ type: 'credential', change: 'read', what: 'shows a secret' }];
  return [];
};
