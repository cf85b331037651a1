import { backgroundTool } from './background-tool.ts';
import { bashTool } from './bash.ts';
import { editTool } from './edit-file.ts';
import { readTool } from './read.ts';
import { globTool, grepTool } from './search.ts';
import { todoTool } from './todo.ts';
import type { Tool } from './tool.ts';
import { webFetchTool } from './web-fetch.ts';
import { writeTool } from './write.ts';

export type { Tool } from './tool.ts';

/** The tools of the free loop, always in this order: their text is part of the prefix that caches hold. */
export const toolTable = (online: boolean): readonly Tool[] => [
  readTool,
  editTool,
  writeTool,
  bashTool,
  backgroundTool,
  grepTool,
  globTool,
  todoTool,
  ...(online ? [webFetchTool] : []),
];
