import { failure, type LookTool, success } from './tool.ts';

const HIT_LIMIT = 200;
const FILE_LIMIT = 500;
const LINE_LENGTH = 300;

export const grepTool: LookTool = {
  spec: {
    name: 'grep',
    description: 'Search file contents by regular expression. Gives path:line: text.',
    parameters: {
      type: 'object',
      properties: { pattern: { type: 'string' }, glob: { type: 'string' } },
      required: ['pattern'],
    },
  },
  effect: 'read',
  replay: 'safe',
  run: async (given, { workspace }) => {
    const pattern = String(given.pattern);
    const problem = regexProblem(pattern);
    if (problem !== null) return failure(`${pattern} is no regular expression: ${problem}`);
    const glob = given.glob === undefined ? {} : { glob: String(given.glob) };
    const hits = await workspace.grep({ pattern, limit: HIT_LIMIT + 1, ...glob });
    if (hits.length === 0) return success('Nothing found.');
    const lines = hits
      .slice(0, HIT_LIMIT)
      .map((hit) => `${hit.path}:${hit.line}: ${hit.text.trimEnd().slice(0, LINE_LENGTH)}`);
    const more = hits.length > HIT_LIMIT ? '\n(more hits left out; make the pattern narrower)' : '';
    return success(lines.join('\n') + more);
  },
};

export const globTool: LookTool = {
  spec: {
    name: 'glob',
    description: 'List files by glob, such as src/**/*.ts.',
    parameters: { type: 'object', properties: { pattern: { type: 'string' } }, required: ['pattern'] },
  },
  effect: 'read',
  replay: 'safe',
  run: async (given, { workspace }) => {
    const files = await workspace.list({ glob: String(given.pattern), limit: FILE_LIMIT + 1 });
    if (files.length === 0) return success('No file matches.');
    const more = files.length > FILE_LIMIT ? '\n(more files left out; make the pattern narrower)' : '';
    return success(files.slice(0, FILE_LIMIT).join('\n') + more);
  },
};

const regexProblem = (pattern: string): string | null => {
  try {
    new RegExp(pattern, 'u');
    return null;
  } catch {
    // Engines are stricter with `u`; what only they refuse is still searched for.
    try {
      new RegExp(pattern);
      return null;
    } catch (error) {
      return error instanceof Error ? error.message : String(error);
    }
  }
};
