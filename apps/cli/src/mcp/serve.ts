import { serveTools } from '@tandem/extend';
import { judgeTool } from './judge-tool.ts';
import { lookTools } from './look-tools.ts';
import type { Machine } from './machine.ts';
import { taskTool } from './task-tool.ts';

const instructions =
  'A coding agent for one folder. task gives it work, judge asks its guard about an action, read, grep and glob look into the folder.';

/** Offers the agent to another program by the Model Context Protocol, until that one goes. Nothing is read before a call. */
export const serve = async (machine: Machine, signal: AbortSignal): Promise<void> => {
  const tools = [taskTool(machine), judgeTool(machine), ...lookTools(machine)];
  const { version, input, output } = machine;
  await serveTools(tools, { version, instructions, input, output, signal });
};
