import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { AppError } from '@tandem/protocol/error';
import metadata from '../../package.json' with { type: 'json' };
import { workingDirectory } from '../args/working-directory.ts';
import { approveServer } from '../config/approved-servers.ts';
import { readJsonFile, writeJsonFile, writeWhole } from '../config/json-file.ts';
import { pathsOf } from '../config/paths.ts';
import { workspaceRoot } from '../config/trust.ts';
import { serverListing, serversIn } from '../extend/listing.ts';
import { placeOf } from '../extend/place-of.ts';
import { configOf } from './config-of.ts';
import type { CommandInput, CommandRunner } from './run.ts';

/** `tandem mcp list|tools|add|remove|login|logout|approve`: programs that serve tools. Without a verb: we are one. */
export const mcp: CommandRunner = async (input) => {
  const [verb, name, ...rest] = input.parsed.positionals;
  switch (verb) {
    case undefined:
      return await (await import('./mcp-server.ts')).serveMcp(input);
    case 'list':
      return await list(input);
    case 'tools':
      return await tools(input);
    case 'add':
      return await add(input, named(verb, name), rest);
    case 'remove':
      return await remove(input, named(verb, name));
    case 'login':
    case 'logout':
      return await sign(input, named(verb, name), verb);
    case 'approve':
      return await approve(input, named(verb, name));
    default:
      throw new AppError(
        'usage',
        `mcp knows list, tools, add, remove, login, logout and approve, not "${verb}"`,
      );
  }
};

const named = (verb: string, name: string | undefined): string => {
  if (name !== undefined && /^[\w.-]{1,40}$/.test(name)) return name;
  throw new AppError('usage', `mcp ${verb} needs a name of letters, digits, dots, dashes and underscores`);
};

const whereOf = async ({ parsed, host }: CommandInput) => {
  const cwd = workingDirectory(parsed, host);
  return { host, cwd, config: await configOf(host, cwd, { trust: parsed.switches.has('trust') }) };
};

const list = async (input: CommandInput): Promise<number> => {
  const { parsed, host } = input;
  const where = await whereOf(input);
  if (parsed.switches.has('json')) {
    host.out(`${JSON.stringify((await serversIn(where)).servers)}\n`);
    return 0;
  }
  const { lines, problems } = await serverListing(where);
  for (const problem of problems) host.err(`tandem: ${problem}\n`);
  for (const line of lines) host.out(`${line}\n`);
  return 0;
};

/** Starts those that may run and asks them; exit 1 where one of them fails. */
const tools = async (input: CommandInput): Promise<number> => {
  const { parsed, host, signal } = input;
  const { cwd, config } = await whereOf(input);
  const { openAdded } = await import('../compose.ts');
  const added = await openAdded({ env: host.env, config, cwd, offline: config.offline === true });
  try {
    const found = await added.served(cwd, signal);
    for (const problem of found.problems) host.err(`tandem: ${problem}\n`);
    if (parsed.switches.has('json')) host.out(`${JSON.stringify(found.tools)}\n`);
    else
      for (const { server, name, description } of found.tools)
        host.out(`${server}/${name}  ${description.split('\n')[0]}\n`);
    if (found.tools.length + found.problems.length === 0)
      host.err('No server that may run serves a tool here; tandem mcp list shows which there are.\n');
    return found.problems.length === 0 ? 0 : 1;
  } finally {
    await added.close();
  }
};

/** Of `--env` and `--header`: `NAME=value`. */
const pairs = (typed: string | undefined, option: string): Readonly<Record<string, string>> =>
  Object.fromEntries(
    (typed?.split('\0') ?? []).map((pair) => {
      const match = /^([^=]+)=([\s\S]*)$/.exec(pair);
      if (match === null) throw new AppError('usage', `--${option} is NAME=VALUE, not "${pair}"`);
      return [match[1], match[2]];
    }),
  );

const workspaceFile = ({ parsed, host }: CommandInput): string =>
  join(workspaceRoot(workingDirectory(parsed, host)), '.mcp.json');

const add = async (input: CommandInput, name: string, words: readonly string[]): Promise<number> => {
  const { parsed, host } = input;
  const url = parsed.values.get('url');
  const [command, ...args] = words;
  if ((url === undefined) === (command === undefined))
    throw new AppError('usage', 'give --url URL, or -- and the command that starts the server');
  const definition =
    url === undefined
      ? { command: command ?? '', args, env: pairs(parsed.values.get('env'), 'env') }
      : ({ type: 'http', url, headers: pairs(parsed.values.get('header'), 'header') } as const);
  const { servers } = await serversIn(await whereOf(input));
  if (servers.some((server) => server.name === name))
    throw new AppError('usage', `there is a server ${name} already; tandem mcp remove ${name} takes it out`);
  const inWorkspace = parsed.switches.has('workspace');
  const file = inWorkspace ? workspaceFile(input) : pathsOf(host.env).config;
  if (inWorkspace) {
    const settings = readJsonFile(file);
    const own = settings.mcpServers as Readonly<Record<string, unknown>> | undefined;
    writeJsonFile(file, { ...settings, mcpServers: { ...own, [name]: definition } });
  } else {
    const { withServer } = await import('@tandem/extend');
    const before = existsSync(file) ? readFileSync(file, 'utf8') : '';
    writeWhole(file, withServer(before, name, definition), 0o600);
  }
  host.err(`${name} is in ${file}\n`);
  return 0;
};

const remove = async (input: CommandInput, name: string): Promise<number> => {
  const { host } = input;
  const { withoutServer } = await import('@tandem/extend');
  const own = pathsOf(host.env).config;
  const left = existsSync(own) ? withoutServer(readFileSync(own, 'utf8'), name) : null;
  if (left !== null) {
    writeWhole(own, left, 0o600);
    host.err(`${name} is taken out of ${own}\n`);
    return 0;
  }
  const file = workspaceFile(input);
  const settings = readJsonFile(file);
  const { [name]: found, ...others } = (settings.mcpServers ?? {}) as Readonly<Record<string, unknown>>;
  if (found === undefined)
    throw new AppError(
      'not_found',
      `neither ${own} nor ${file} has a server ${name}; tandem mcp list shows where it is`,
    );
  writeJsonFile(file, { ...settings, mcpServers: others });
  host.err(`${name} is taken out of ${file}\n`);
  return 0;
};

/** One server of a workspace, as it is defined now, without trusting the rest of it. */
const approve = async (input: CommandInput, name: string): Promise<number> => {
  const { parsed, host } = input;
  const where = await whereOf(input);
  const root = workspaceRoot(where.cwd);
  if (parsed.switches.has('revoke')) {
    approveServer(host.env, root, { name, hash: null });
    host.err(`${name} does not run here any more without trust.\n`);
    return 0;
  }
  const server = (await serversIn(where)).servers.find((one) => one.name === name);
  if (server === undefined || server.owner === 'person')
    throw new AppError('not_found', `this workspace brings no server ${name}; tandem mcp list shows them`);
  approveServer(host.env, root, server);
  const given = server.given.length === 0 ? '' : `, given ${server.given.join(', ')}`;
  host.err(`${name} may run in ${root}, as long as it is: ${server.where}${given}\n`);
  return 0;
};

const sign = async (input: CommandInput, name: string, verb: 'login' | 'logout'): Promise<number> => {
  const { host, signal } = input;
  const where = await whereOf(input);
  const { listServers, loadSignIn, signOut } = await import('@tandem/extend');
  const { servers } = await listServers(placeOf(host.env, where.cwd), host.env);
  const server = servers.find((one) => one.name === name);
  if (server?.reach.type !== 'http')
    throw new AppError(
      'not_found',
      `there is no server ${name} that is reached by a url; tandem mcp list shows them`,
    );
  const tokensFile = pathsOf(host.env).serverTokens;
  if (verb === 'logout') {
    const was = signOut(tokensFile, server.reach.url);
    host.err(was ? `Signed out of ${name}.\n` : `There was no sign-in at ${name}.\n`);
    return 0;
  }
  const open = (address: string): void => host.err(`To sign in at ${name}, open:\n${address}\n`);
  const signIn = await loadSignIn();
  const { version } = metadata;
  const isNew = await signIn(server, { cwd: where.cwd, signal, version, tokensFile, open });
  host.err(isNew ? `Signed in at ${name}.\n` : `${name} asks for no sign-in.\n`);
  return 0;
};
