import { isServerApproved } from '../config/approved-servers.ts';
import type { Config } from '../config/config.ts';
import type { Host } from '../host.ts';
import { placeOf } from './place-of.ts';

/** What a person and a workspace have added, as lines for people. */
export type Listing = { readonly lines: readonly string[]; readonly problems: readonly string[] };

type Where = { readonly host: Host; readonly cwd: string; readonly config: Config };

/** The hooks as data: which moment, about what, and whether they run. */
export const hooksIn = async ({ host, cwd, config }: Where) => {
  const { listHooks } = await import('@tandem/extend');
  const { hooks, problems } = await listHooks(placeOf(host.env, cwd));
  const listed = hooks.map(({ owner, matcher, ...hook }) => ({
    ...hook,
    matcher: matcher === null ? '*' : matcher.source.slice(4, -2),
    owner,
    runs: owner === 'person' || config.workspaceTrusted === true,
  }));
  return { hooks: listed, problems };
};

const notTrusted = 'does not run: this workspace is not trusted';

export const hookListing = async (where: Where): Promise<Listing> => {
  const { hooks, problems } = await hooksIn(where);
  const lines = hooks.flatMap(({ moment, matcher, command, file, runs }) => [
    `${moment.padEnd(17)} ${matcher.padEnd(12)} ${command.trim()}`,
    `  ${file}${runs ? '' : `  (${notTrusted})`}`,
  ]);
  const none = ['There are no hooks. They go into ~/.config/tandem/config.toml or .tandem/config.toml.'];
  return { lines: lines.length === 0 ? none : lines, problems };
};

/** Skills, and how they are called. */
export const skillListing = async ({ host, cwd }: Where): Promise<Listing> => {
  const { readSkills } = await import('@tandem/extend');
  const skills = await readSkills(placeOf(host.env, cwd));
  const lines = skills.flatMap(({ name, description, file, forModel }) => [
    `/${name}  ${description}`,
    `  ${file}${forModel ? '' : '  (only a person calls for it)'}`,
  ]);
  const none = [
    'There are no skills. They are folders with a SKILL.md in .agents/skills or ~/.agents/skills.',
  ];
  return { lines: lines.length === 0 ? none : lines, problems: [] };
};

/** To whom a model may give a part of its work. */
const agentListing = async ({ host, cwd, config }: Where): Promise<Listing> => {
  const { readAgents } = await import('@tandem/extend');
  const agents = await readAgents(placeOf(host.env, cwd));
  const lines = agents.flatMap(({ name, description, tools, model, file, owner }) => [
    `${name}  ${description}`,
    `  ${tools === null ? 'all tools' : tools.join(', ') || 'no tools'}${model === null ? '' : `, ${model}`}`,
    `  ${file}${owner === 'person' || config.workspaceTrusted === true ? '' : `  (${notTrusted})`}`,
  ]);
  const none = ['There are no agents. They are files in .agents/agents or ~/.agents/agents.'];
  return { lines: lines.length === 0 ? none : lines, problems: [] };
};

/** MCP servers as data: how each is reached, and whether it runs. */
export const serversIn = async ({ host, cwd, config }: Where) => {
  const { listServers } = await import('@tandem/extend');
  const place = placeOf(host.env, cwd);
  const { servers, problems } = await listServers(place, host.env);
  const listed = servers.map((server) => {
    const isApproved = server.owner === 'workspace' && isServerApproved(host.env, place.root, server);
    const runs = server.owner === 'person' || config.workspaceTrusted === true || isApproved;
    const { name, reach, allow, file, owner } = server;
    const where = reach.type === 'http' ? reach.url : [reach.command, ...reach.words].join(' ');
    const given = Object.keys(reach.type === 'http' ? reach.headers : reach.environment);
    return { name, type: reach.type, where, given, allow, file, owner, runs, hash: server.hash };
  });
  return { servers: listed, problems };
};

export const serverListing = async (where: Where): Promise<Listing> => {
  const { servers, problems } = await serversIn(where);
  const lines = servers.flatMap(({ name, type, where: reached, allow, file, runs }) => [
    `${name}  ${type}  ${reached}`,
    `  ${file}${runs ? '' : '  (does not run: neither trusted nor approved)'}`,
    ...(allow.length === 0 ? [] : [`  called without asking: ${allow.join(', ')}`]),
  ]);
  const none = ['There are no MCP servers. tandem mcp add --help says how to add one.'];
  return { lines: lines.length === 0 ? none : lines, problems };
};

/** By the name of the command that shows it. */
export const listings = {
  hooks: hookListing,
  skills: skillListing,
  agents: agentListing,
  mcp: serverListing,
} as const;
