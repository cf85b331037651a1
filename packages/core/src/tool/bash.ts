import { startInBackground } from './background-tool.ts';
import { failure, success, type Tool } from './tool.ts';

const OUTPUT_LIMIT = 30_000;
const DEFAULT_SECONDS = 120;
/** Ten minutes: the longest test suites; longer work is a person's to start. */
const MAX_SECONDS = 600;

export const bashTool: Tool = {
  spec: {
    name: 'bash',
    description:
      'Run a shell command in the workspace root. timeout is in seconds (default 120, at most 600). With background it returns at once and the command goes on: for servers and watchers.',
    parameters: {
      type: 'object',
      properties: {
        command: { type: 'string' },
        timeout: { type: 'integer' },
        background: { type: 'boolean' },
      },
      required: ['command'],
    },
  },
  effect: 'exec',
  replay: 'never',
  run: async (given, context) => {
    const { workspace, signal, onOutput } = context;
    const command = String(given.command);
    if (given.background === true) return await startInBackground(command, context);
    const seconds = Math.min(MAX_SECONDS, Math.max(1, Number(given.timeout ?? DEFAULT_SECONDS)));
    const result = await workspace.run({
      command,
      timeoutMs: seconds * 1000,
      signal,
      onOutput,
      maxOutput: OUTPUT_LIMIT,
    });
    const output = result.output.slice(0, OUTPUT_LIMIT + 200);
    const end = result.timedOut ? `(stopped after ${seconds} s)` : `(exit ${result.exit})`;
    const said = output === '' ? end : `${output.replace(/\n?$/, '\n')}${end}`;
    const view = { type: 'command', command, exit: result.exit } as const;
    return result.exit === 0 ? success(said, view) : failure(said, view);
  },
};
