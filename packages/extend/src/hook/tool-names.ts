import { isAbsolute, join } from 'node:path';
import type { ToolArguments } from '@tandem/core';
import { isTable } from '../table.ts';

/** A tool call in the words that hooks are written in. */
export type NamedCall = { readonly name: string; readonly input: Readonly<Record<string, unknown>> };

const names: Readonly<Record<string, string>> = {
  bash: 'Bash',
  read: 'Read',
  write: 'Write',
  edit: 'Edit',
  grep: 'Grep',
  glob: 'Glob',
  todo: 'TodoWrite',
  web_fetch: 'WebFetch',
  background: 'BashOutput',
  skill: 'Skill',
  agent: 'Task',
};

/** Hooks of other assistants know these tools by these names and inputs; a call of an MCP server by `mcp__server__tool`. */
export const namedCall = (tool: string, given: ToolArguments, cwd: string): NamedCall => {
  if (tool === 'use_tool') {
    const { name, arguments: input } = given;
    return { name: `mcp__${String(name).replace('/', '__')}`, input: isTable(input) ? input : {} };
  }
  if (tool === 'agent') {
    const { name, task, ...rest } = given;
    return { name: 'Task', input: { ...rest, subagent_type: name, prompt: task } };
  }
  const { path, old, new: after, text, ...rest } = given;
  const input = {
    ...rest,
    ...(typeof path === 'string' ? { [pathName(tool)]: isAbsolute(path) ? path : join(cwd, path) } : {}),
    ...(old === undefined ? {} : { old_string: old }),
    ...(after === undefined ? {} : { new_string: after }),
    ...(text === undefined ? {} : { [tool === 'write' ? 'content' : 'text']: text }),
  };
  return { name: names[tool] ?? tool, input };
};

const pathName = (tool: string): string => (tool === 'grep' || tool === 'glob' ? 'path' : 'file_path');
