import type { AgentDefinition, Hooks, Tool } from '@tandem/core';
import { readAgents } from './agent/read-agents.ts';
import { type Expanded, type Expanding, expandPrompt } from './command/expand.ts';
import { type Command, readCommands } from './command/read-commands.ts';
import { createHooks } from './hook/create-hooks.ts';
import { type Hook, readHooks } from './hook/read-hooks.ts';
import { type ReadServers, readServers, type Server } from './mcp/read-servers.ts';
import { serverTools } from './mcp/server-tools.ts';
import { type Found, Servers } from './mcp/servers.ts';
import type { RunProgram } from './run-program.ts';
import type { Owner, Place } from './settings/place.ts';
import { readSettings } from './settings/read-settings.ts';
import { readSkills, type Skill } from './skill/read-skills.ts';
import { skillTool } from './skill/skill-tool.ts';

export type ExtensionsInput = {
  /** Where the settings of a session that works in a directory are. */
  readonly place: (cwd: string) => Place;
  /** Whether a person has said that what the workspace brings along may run. */
  readonly isTrusted: (place: Place) => boolean;
  readonly run: RunProgram;
  /** Whether a person has allowed this very definition of a workspace's server, without trusting the workspace. */
  readonly isApproved: (place: Place, server: Pick<Server, 'name' | 'hash'>) => boolean;
  /** Variables that definitions of servers may name. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** MCP servers that no file describes, by name, as a `.mcp.json` would: a person's own, of which each call is asked about. */
  readonly passed?: Readonly<Record<string, object>>;
  /** Servers elsewhere are left out. */
  readonly offline: boolean;
  /** Absolute; where sign-ins at servers are kept. */
  readonly tokensFile: string;
  /** Whether a person is there whom servers may ask. */
  readonly asks?: boolean;
  /** Ours, as servers are told it. */
  readonly version: string;
  /** Absolute path of a session's log. */
  readonly transcript: (session: string) => string;
};

export type Extensions = {
  readonly hooks: Hooks;
  /** Tools of the free loop; the same ones, with the same words, until `forget`. */
  readonly tools: (cwd: string) => Promise<readonly Tool[]>;
  /** To whom a model may give a part of its work; the same ones until `forget`. */
  readonly agents: (cwd: string) => Promise<readonly AgentDefinition[]>;
  /** What a person typed, with `/name` of a command or a skill replaced by its text. */
  readonly expand: (
    prompt: string,
    given: Pick<Expanding, 'run' | 'read'> & { readonly cwd: string },
  ) => Promise<Expanded>;
  /** Files are read again when they are next needed. */
  readonly forget: () => void;
  /** Every tool of the servers that may run here, which are started for it, and what failed. */
  readonly served: (cwd: string, signal: AbortSignal) => Promise<Found>;
  /** Tells hooks that the sessions end, and ends the servers. May be called twice. */
  readonly close: () => Promise<void>;
};

/** What a person and a workspace have added to the agent. Files are read when they are first needed, once. */
export const openExtensions = (input: ExtensionsInput): Extensions => {
  const { place, isTrusted, run, transcript, version, tokensFile, asks = false } = input;
  const mayRun = (at: Place): ((one: { readonly owner: Owner }) => boolean) => {
    const trusted = isTrusted(at);
    return ({ owner }) => owner === 'person' || trusted;
  };
  const hooksOf = remembered(async (cwd) => {
    const at = place(cwd);
    return { root: at.root, hooks: (await listHooks(at)).hooks.filter(mayRun(at)) };
  });
  const opened: Servers[] = [];
  const serversOf = remembered(async (cwd) => {
    const all = await runnable(place(cwd), input);
    const servers = new Servers({ servers: all, cwd, version, tokensFile, asks });
    opened.push(servers);
    return servers;
  });
  const toolsOf = remembered(async (cwd) => {
    const [skills, servers] = await Promise.all([readSkills(place(cwd)), serversOf.of(cwd)]);
    const skill = skillTool(skills);
    return [...(skill === null ? [] : [skill]), ...serverTools(servers)];
  });
  const agentsOf = remembered(async (cwd) => {
    const at = place(cwd);
    return (await readAgents(at)).filter(mayRun(at));
  });
  const running = createHooks({ hooksOf: hooksOf.of, run, transcript });
  return {
    hooks: running.hooks,
    tools: toolsOf.of,
    agents: agentsOf.of,
    expand: async (prompt, { cwd, ...given }) => {
      const at = place(cwd);
      const [commands, skills] = await Promise.all([readCommands(at), readSkills(at)]);
      return await expandPrompt(prompt, { ...given, commands, skills, isTrusted: isTrusted(at) });
    },
    forget: () => {
      hooksOf.forget();
      toolsOf.forget();
      agentsOf.forget();
      serversOf.forget();
    },
    served: async (cwd, signal) => await (await serversOf.of(cwd)).tools(signal),
    close: async () => {
      await Promise.all([running.end(), ...opened.splice(0).map((servers) => servers.close())]);
    },
  };
};

const runnable = async (
  at: Place,
  { isTrusted, isApproved, env, offline, passed = {} }: ExtensionsInput,
): Promise<readonly Server[]> => {
  const trusted = isTrusted(at);
  const { servers } = await listServers(at, env, passed);
  return servers.filter(
    (server) =>
      (server.owner === 'person' || trusted || isApproved(at, server)) &&
      !(offline && server.reach.type === 'http'),
  );
};

/** All MCP servers that files describe, whether or not they may run. */
export const listServers = async (
  place: Place,
  env: ExtensionsInput['env'],
  passed: Readonly<Record<string, object>> = {},
): Promise<ReadServers> => {
  const { settings, problems } = await readSettings(place);
  const handed = { file: 'the client', owner: 'person', hooks: undefined, servers: passed } as const;
  const read = readServers([...settings, handed], env);
  return { servers: read.servers, problems: [...problems, ...read.problems] };
};

/** Read once for each directory. */
const remembered = <T>(read: (cwd: string) => Promise<T>) => {
  const known = new Map<string, Promise<T>>();
  return {
    of: (cwd: string): Promise<T> => {
      const reading = known.get(cwd) ?? read(cwd);
      known.set(cwd, reading);
      return reading;
    },
    forget: (): void => known.clear(),
  };
};

export type ListedHooks = { readonly hooks: readonly Hook[]; readonly problems: readonly string[] };

/** All hooks that files name, whether or not they may run, in the order of the files. */
export const listHooks = async (place: Place): Promise<ListedHooks> => {
  const { settings, problems } = await readSettings(place);
  const read = settings.map(readHooks);
  return {
    hooks: read.flatMap(({ hooks }) => hooks),
    problems: [...problems, ...read.flatMap((one) => one.problems)],
  };
};

/** What a person can call by `/name`: commands, then skills of other names. */
export const listCommands = async (
  place: Place,
): Promise<
  readonly (Pick<Command, 'name' | 'description' | 'takes' | 'file' | 'owner'> & { readonly runs: boolean })[]
> => {
  const [commands, skills] = await Promise.all([readCommands(place), readSkills(place)]);
  const names = new Set(commands.map(({ name }) => name));
  const called = (skill: Skill) => ({ ...skill, takes: '', runs: false });
  return [...commands, ...skills.filter(({ name }) => !names.has(name)).map(called)];
};

/** What the workspace brings along that would run by itself, counted and in words. */
export const broughtBy = async (
  place: Place,
  isApproved: (server: Pick<Server, 'name' | 'hash'>) => boolean,
): Promise<readonly string[]> => {
  const [{ hooks }, agents, commands, { servers }] = await Promise.all([
    listHooks(place),
    readAgents(place),
    readCommands(place),
    listServers(place, {}),
  ]);
  const ofWorkspace = ({ owner }: { readonly owner: Owner }): boolean => owner === 'workspace';
  return [
    ...counted(hooks.filter(ofWorkspace).length, 'hook'),
    ...counted(agents.filter(ofWorkspace).length, 'agent'),
    ...counted(servers.filter((one) => ofWorkspace(one) && !isApproved(one)).length, 'MCP server'),
    ...counted(commands.filter((one) => one.runs && ofWorkspace(one)).length, 'command with shell lines'),
  ];
};

const counted = (count: number, what: string): readonly string[] =>
  count === 0 ? [] : [`${count} ${count === 1 ? what : what.replace(/hook|agent|server|command/, '$&s')}`];
