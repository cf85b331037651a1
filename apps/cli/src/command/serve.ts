import { networkInterfaces } from 'node:os';
import { join } from 'node:path';
import { AppError } from '@tandem/protocol/error';
import { listOf, manyOf } from '../args/read.ts';
import { workingDirectory } from '../args/working-directory.ts';
import { compose } from '../compose.ts';
import { pathsOf } from '../config/paths.ts';
import { workspaceRoot } from '../config/trust.ts';
import { confinement, sayConfined } from '../exec/confine.ts';
import { sayUntrusted } from '../extend/untrusted.ts';
import { addDevice, listDevices, revokeDevice } from '../serve/devices.ts';
import { type Open, openDoor } from '../serve/open-door.ts';
import type { CommandInput, CommandRunner } from './run.ts';
import { attendedSettings } from './terminal.ts';

const defaultPort = 4748;

/** `tandem serve`: the door of one workspace on loopback, until a signal; and who else has a key to it. */
export const serve: CommandRunner = async (input) => {
  const { parsed, host } = input;
  const [verb, name, ...rest] = parsed.positionals;
  const folder = join(pathsOf(host.env).state, 'serve');
  if (verb === undefined && parsed.switches.has('stdio')) return await onStdio(input);
  if (verb === undefined) return await open(input, folder);
  if (verb === 'devices' && name === undefined) return showDevices(input, folder);
  if (verb !== 'revoke' || name === undefined || rest.length > 0)
    throw new AppError('usage', 'serve takes nothing, devices, or revoke NAME; see tandem serve --help');
  if (!revokeDevice(folder, name)) throw new AppError('usage', `There is no device ${name}.`);
  host.err(`tandem: ${name} opens nothing any more\n`);
  return 0;
};

const onStdio = async (input: CommandInput): Promise<number> => {
  const { switches, values } = input.parsed;
  const other = ['lan', 'port', 'device', 'may', 'host', 'json'].find(
    (name) => switches.has(name) || values.has(name),
  );
  if (other !== undefined) throw new AppError('usage', `--${other} is of a socket; leave --stdio or it out`);
  return await (await import('../remote/serve-stdio.ts')).serveStdio(input);
};

const showDevices = ({ parsed, host }: CommandInput, folder: string): number => {
  const devices = listDevices(folder);
  if (parsed.switches.has('json')) host.out(`${JSON.stringify(devices)}\n`);
  else if (devices.length === 0) host.err('tandem: no device has a key; see tandem serve --help, --device\n');
  else
    for (const { name, may, createdAt } of devices)
      host.out(`${name.padEnd(20)} ${may.join(', ').padEnd(22)} since ${createdAt.slice(0, 10)}\n`);
  return 0;
};

const open = async (input: CommandInput, folder: string): Promise<number> => {
  const { parsed, host, signal } = input;
  const port = portOf(parsed.values.get('port'));
  const cwd = workingDirectory(parsed, host);
  const { config, plan, settings } = await attendedSettings({ parsed, host, cwd });
  const { permissionMode: _headless, ...options } = plan.options;
  const sandbox = confinement(plan.sandbox, { host, signal });
  const given = { env: host.env, config, cwd, offline: plan.offline, attended: true };
  const app = await compose({ ...given, ...sandbox });
  try {
    sayConfined(host, app);
    await sayUntrusted(host, cwd, config);
    const { model, mode } = settings;
    const workspace = { cwd, model, permissionMode: mode, options };
    const lan = parsed.switches.has('lan') ? lanAddresses() : [];
    const names = [...lan, ...manyOf(parsed, 'host').map((name) => name.toLowerCase())];
    const opened = await openDoor({
      app,
      folder,
      workspace,
      root: workspaceRoot(cwd),
      port,
      names,
      isLan: lan.length > 0,
    });
    try {
      await say(input, { folder, opened, names });
      await untilAborted(signal);
    } finally {
      await opened.close();
    }
  } finally {
    await app.close();
  }
  return 0;
};

const say = async (
  { parsed, host }: CommandInput,
  {
    folder,
    opened,
    names,
  }: { readonly folder: string; readonly opened: Open; readonly names: readonly string[] },
): Promise<void> => {
  if (opened.page.missing !== null) host.err(`tandem: no web page: ${opened.page.missing}\n`);
  const device = parsed.values.get('device');
  if (device !== undefined) {
    const may = listOf(parsed, 'may') ?? ['view'];
    const key = addDevice(folder, { name: device, may, createdAt: new Date().toISOString() });
    const { renderUnicodeCompact } = await import('uqr');
    const link = linkOf(names[0] ?? '127.0.0.1', { port: opened.port, key, names: manyOf(parsed, 'host') });
    host.err(`${renderUnicodeCompact(link, { border: 2 })}\ntandem: for ${device}: ${link}\n`);
  }
  host.err('tandem: whoever has this link does what you may do here; Ctrl-C ends it\n');
  host.out(`${opened.url}/#key=${opened.token}\n`);
};

/** Behind a tunnel it is reached by TLS and under the tunnel's own port. */
const linkOf = (
  name: string,
  { port, key, names }: { readonly port: number; readonly key: string; readonly names: readonly string[] },
): string => `${names.includes(name) ? `https://${name}` : `http://${name}:${port}`}/#keep=${key}`;

const lanAddresses = (): readonly string[] => {
  const addresses = Object.values(networkInterfaces())
    .flatMap((some) => some ?? [])
    .filter(({ family, internal }) => family === 'IPv4' && !internal)
    .map(({ address }) => address);
  if (addresses.length > 0) return addresses;
  throw new AppError(
    'configuration',
    'This machine has no address in a network: nothing for --lan to listen on.',
  );
};

const portOf = (text: string | undefined): number => {
  if (text === undefined) return defaultPort;
  const port = Number(text);
  if (/^\d{1,5}$/.test(text) && port <= 65_535) return port;
  throw new AppError('usage', `--port is a number up to 65535, not "${text}"`);
};

const untilAborted = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal.aborted) resolve();
    signal.addEventListener('abort', () => resolve(), { once: true });
  });
