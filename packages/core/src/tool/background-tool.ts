import type { Background, Started } from './background.ts';
import { failure, success, type Tool, type ToolContext, type ToolOutcome } from './tool.ts';

/** Longer waits are a turn that hangs. */
const MAX_WAIT_SECONDS = 60;
/** Long enough for a wrong port or a missing program to show itself. */
const FIRST_LOOK_MS = 1_000;

export const backgroundTool: Tool = {
  spec: {
    name: 'background',
    description:
      'Commands that bash started in the background: without id a list; with id its output, after waiting up to wait seconds for its end; kill ends it.',
    parameters: {
      type: 'object',
      properties: { id: { type: 'string' }, wait: { type: 'integer' }, kill: { type: 'boolean' } },
    },
  },
  effect: 'read',
  replay: 'safe',
  run: async (given, { background, signal }) => {
    if (given.id === undefined) return success(listOf(background));
    const started = background.find(String(given.id));
    if (started === undefined) return failure(unknown(String(given.id), background));
    if (given.kill === true) await started.kill();
    const seconds = Math.min(MAX_WAIT_SECONDS, Math.max(0, Number(given.wait ?? 0)));
    if (seconds > 0 && started.exit() === null) await background.wait(started, seconds * 1_000, signal);
    return success(shown(started));
  },
};

/** What `bash` does with `background: true`. */
export const startInBackground = async (
  command: string,
  { background, workspace, signal, nextBackground }: ToolContext,
): Promise<ToolOutcome> => {
  if (background.isFull)
    return failure(`Too many commands run in the background already. End one first:\n${listOf(background)}`);
  const started = await background.start(workspace, { id: nextBackground(), command });
  await background.wait(started, FIRST_LOOK_MS, signal);
  const exit = started.exit();
  if (exit !== null) return (exit === 0 ? success : failure)(shown(started));
  const alone =
    workspace.sandbox === undefined || workspace.sandbox.profile === 'full'
      ? ''
      : ' Each command has a network of its own in the sandbox: others cannot reach a server in this one.';
  return success(`${shown(started)}\nLook at it with background, and end it when it is not needed.${alone}`);
};

const shown = (started: Started): string => {
  const output = started.output();
  return `${output === '' ? '' : output.replace(/\n?$/, '\n')}(${started.id} ${stateOf(started)})`;
};

const listOf = (background: Background): string =>
  background.all.map((one) => `${one.id} ${stateOf(one)}: ${one.command.slice(0, 200)}`).join('\n') ||
  'Nothing was started in the background.';

const stateOf = (started: Started): string => {
  const exit = started.exit();
  return exit === null ? 'runs' : `ended, exit ${exit}`;
};

const unknown = (id: string, background: Background): string =>
  `There is no ${id} here: what was started in the background ends with the program. There is:\n${listOf(background)}`;
