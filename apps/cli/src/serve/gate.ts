import { timingSafeEqual } from 'node:crypto';
import { realpathSync } from 'node:fs';
import {
  type AppError,
  type DeviceRight,
  deviceRights,
  initialView,
  type PermissionMode,
  reduce,
  type ServedWorkspace,
} from '@tandem/protocol';
import type { Client, Transport } from '@tandem/sdk';
import { covers } from '../config/trust.ts';
import { type Device, hashOf } from './devices.ts';
import { type Needed, neededFor } from './rights.ts';
import { sessionsWithin } from './within.ts';

export type GateOptions = {
  /** Where sessions may be. */
  readonly root: string;
  readonly workspace: Omit<ServedWorkspace, 'may'>;
  /** Opens everything, under the names of loopback. */
  readonly token: string;
  /** Names beside those of loopback under which it answers, for keys of devices alone; in lower case. */
  readonly names: readonly string[];
  readonly find: (key: string) => Device | null;
  readonly client: Client;
  readonly door: (device: string) => Transport;
};

type Caller = {
  readonly name: string;
  readonly rights: readonly Needed[];
  /** Whether its key opens anything still. */
  readonly isKnown: () => boolean;
};

/** How long somebody whose key was revoked may go on to look at what was open. */
const recheckMs = 2_000;

/** A request body larger than this is refused; the door counts those that pass the gate as they are. */
const maxBodyBytes = 4_000_000;
const loopback = ['127.0.0.1', 'localhost', '[::1]'];

/**
 * Who may do what through a socket of this machine. A page of somebody else's that was given our address under its own name
 * (DNS rebinding), or that sends requests across, is turned away before anything else is looked at.
 */
export const createGate = (options: GateOptions): Transport => {
  const seen = new Set<string>();
  const doors = new Map<string, Transport>();
  const doorOf = (name: string): Transport => {
    const door = doors.get(name) ?? options.door(name);
    doors.set(name, door);
    return door;
  };
  const isHere = async (session: string): Promise<boolean> => {
    if (seen.has(session)) return true;
    for (const { id } of sessionsWithin(options.root, await options.client.sessions())) seen.add(id);
    return seen.has(session);
  };
  return async (request) => {
    const caller = callerOf(request, options);
    if (caller === null)
      return refusal(401, 'Send Authorization: Bearer with the token that tandem serve printed.', {
        'www-authenticate': 'Bearer',
      });
    const { pathname, searchParams } = new URL(request.url);
    const needed = neededFor(request.method, pathname);
    if (!caller.rights.includes(needed)) return refusal(403, `This device may not do that (${needed}).`);
    const [, session] = /^\/v1\/sessions\/([^/]+)/.exec(pathname) ?? [];
    if (session !== undefined && !(await isHere(session)))
      return refusal(404, `There is no session ${session} in this workspace.`, {}, 'not_found');
    const cwd = searchParams.get('cwd');
    if (cwd !== null && !isWithin(options.root, cwd)) return elsewhere(options.root);
    return await pass(request, { caller, options, door: doorOf(caller.name) });
  };
};

/** Before the page too: a stranger's page must not even learn that we are here. Null: it may pass. */
export const refuseStrangers = (request: Request, names: readonly string[]): Response | null => {
  const host = request.headers.get('host') ?? '';
  const known = [...loopback, ...names];
  if (!known.includes(nameOf(host)))
    return refusal(421, 'This door does not answer under that name; see tandem serve --help, --host.');
  const origin = request.headers.get('origin');
  if (origin === null || (URL.canParse(origin) && new URL(origin).host === host)) return null;
  return refusal(403, 'Another page may not speak to this door.');
};

const nameOf = (host: string): string => host.toLowerCase().replace(/:\d+$/, '');

const callerOf = (request: Request, { token, find }: GateOptions): Caller | null => {
  const [, given] = /^Bearer (\S{1,200})$/i.exec(request.headers.get('authorization') ?? '') ?? [];
  if (given === undefined) return null;
  const isLocal = loopback.includes(nameOf(request.headers.get('host') ?? ''));
  if (timingSafeEqual(hashOf(given), hashOf(token)))
    return isLocal ? { name: 'local', rights: [...deviceRights, 'own'], isKnown: () => true } : null;
  const device = find(given);
  if (device === null) return null;
  return { name: device.name, rights: device.may, isKnown: () => find(given) !== null };
};

type Passing = { readonly caller: Caller; readonly options: GateOptions; readonly door: Transport };

const pass = async (request: Request, passing: Passing): Promise<Response> => {
  const { caller, options, door } = passing;
  const { pathname } = new URL(request.url);
  const asked = `${request.method} ${pathname}`;
  if (asked === 'GET /v1/workspace') {
    const may = caller.rights.filter((right): right is DeviceRight => right !== 'own');
    return Response.json({ ...options.workspace, may } satisfies ServedWorkspace);
  }
  if (asked === 'GET /v1/sessions')
    return Response.json({ sessions: sessionsWithin(options.root, await options.client.sessions()) });
  const isBeginning = asked === 'POST /v1/sessions';
  if (isBeginning || /^POST .*\/turns$/.test(asked)) return await passWork(request, passing, isBeginning);
  return await door(pathname.endsWith('/follow') ? whileKnown(request, caller) : request);
};

/** A follower is one request, however long it lasts: it ends with the key that it came with. */
const whileKnown = (request: Request, { isKnown }: Caller): Request => {
  const revoked = new AbortController();
  const timer = setInterval(() => {
    if (!isKnown()) revoked.abort();
    if (revoked.signal.aborted || request.signal.aborted) clearInterval(timer);
  }, recheckMs);
  timer.unref();
  return new Request(request, { signal: AbortSignal.any([request.signal, revoked.signal]) });
};

/** Where and how the agent works is the person's choice: a device sends words, and the rest is as the door was started. */
const passWork = async (request: Request, passing: Passing, isBeginning: boolean): Promise<Response> => {
  const { caller, options, door } = passing;
  const { root, workspace } = options;
  const body = await readBody(request);
  if (body === 'too large') return refusal(413, `The body is over ${maxBodyBytes} bytes.`);
  if (typeof body !== 'object' || body === null) return refusal(400, 'The body is no JSON object.');
  if (caller.rights.includes('own')) {
    const { cwd } = (body.settings ?? {}) as { readonly cwd?: unknown };
    if (isBeginning && (typeof cwd !== 'string' || !isWithin(root, cwd))) return elsewhere(root);
    return await door(again(request, body));
  }
  const { cwd, model, permissionMode, options: turn } = workspace;
  if (isBeginning)
    return await door(again(request, { settings: { cwd, model, permissionMode }, title: body.title }));
  const mode = await modeOf(options.client, new URL(request.url).pathname.split('/')[3]!);
  if (mode !== permissionMode && !asking.includes(mode))
    return refusal(403, `This session works in the mode ${mode}, which this device was not given.`);
  return await door(again(request, { text: body.text, options: turn }));
};

/** Null: no JSON. A length that was announced is nobody's promise, so what comes is counted. */
const readBody = async (
  request: Request,
): Promise<Readonly<Record<string, unknown>> | 'too large' | null> => {
  const decoder = new TextDecoder();
  let text = '';
  let size = 0;
  for await (const chunk of request.body ?? []) {
    size += chunk.length;
    if (size > maxBodyBytes) return 'too large';
    text += decoder.decode(chunk, { stream: true });
  }
  try {
    return JSON.parse(text + decoder.decode()) as Readonly<Record<string, unknown>>;
  } catch {
    return null;
  }
};

/** Modes in which nothing happens that a person has not been asked about. */
const asking: readonly PermissionMode[] = ['default', 'plan', 'dontAsk'];

const modeOf = async (client: Client, session: string): Promise<PermissionMode> => {
  const view = (await client.events(session)).reduce(reduce, initialView);
  return view.settings?.permissionMode ?? 'bypass';
};

const again = (request: Request, body: object): Request =>
  new Request(request.url, {
    method: request.method,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
    signal: request.signal,
  });

const isWithin = (root: string, path: string): boolean => {
  try {
    return covers([root], realpathSync(path));
  } catch {
    return false;
  }
};

const elsewhere = (root: string): Response =>
  refusal(403, `This door is for ${root}; start tandem serve --cwd DIR for another one.`);

const refusal = (
  status: number,
  detail: string,
  headers: Readonly<Record<string, string>> = {},
  code: AppError['code'] = 'usage',
): Response =>
  new Response(
    JSON.stringify({
      type: `urn:tandem:error:${code}`,
      title: code.replaceAll('_', ' '),
      status,
      detail,
      code,
    }),
    { status, headers: { 'content-type': 'application/problem+json', ...headers } },
  );
