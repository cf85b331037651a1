/** What a person and a workspace add to the agent: hooks, skills, commands, agents, MCP servers. */

import type { signIn } from './mcp/connect.ts';
import type { OfferedTool, Serving } from './mcp/offered.ts';

export { type Agent, readAgents } from './agent/read-agents.ts';
export type { Expanded } from './command/expand.ts';
export { type Hook, moments } from './hook/read-hooks.ts';
export type { OfferedAnswer, OfferedCall, OfferedTool } from './mcp/offered.ts';
export type { Server } from './mcp/read-servers.ts';
/** What signs a person in at a server; it loads the protocol's own library. */
export const loadSignIn = async (): Promise<typeof signIn> => (await import('./mcp/connect.ts')).signIn;
/** Serves tools of ours by MCP until the client goes; it loads the protocol's own library. */
export const serveTools = async (tools: readonly OfferedTool[], given: Serving): Promise<void> =>
  await (await import('./mcp/serve.ts')).serve(tools, given);
export { signOut } from './mcp/sign-in.ts';
export { withoutServer, withServer } from './mcp/write-servers.ts';
export {
  broughtBy,
  type Extensions,
  type ExtensionsInput,
  listCommands,
  listHooks,
  listServers,
  openExtensions,
} from './open-extensions.ts';
export type { RunProgram } from './run-program.ts';
export type { Owner, Place } from './settings/place.ts';
export { readSkills, type Skill } from './skill/read-skills.ts';
