import { isAppError } from '@tandem/protocol';
import type { Parsed } from '../args/parse.ts';
import { exitCode, exitOfError } from '../exit-code.ts';
import type { Host } from '../host.ts';
import { listenForStop } from '../stop.ts';

export type CommandInput = { readonly parsed: Parsed; readonly host: Host; readonly signal: AbortSignal };
export type CommandRunner = (input: CommandInput) => Promise<number>;

/** Runs a command to its exit code. A refusal is one line on stderr; only a bug shows a stack. */
export const runCommand = async (name: string, parsed: Parsed, host: Host): Promise<number> => {
  const stop = listenForStop();
  try {
    const runner = await load(name);
    const code = await runner({ parsed, host, signal: stop.signal });
    return stop.code() ?? code;
  } catch (error) {
    const stopped = stop.code();
    if (stopped !== null) return stopped;
    if (isAppError(error)) {
      host.err(`tandem: ${error.message}\n`);
      return exitOfError(error.code);
    }
    host.err(
      `tandem: this is a bug: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`,
    );
    return exitCode.failed;
  } finally {
    stop.dispose();
  }
};

const load = async (name: string): Promise<CommandRunner> => {
  switch (name) {
    case 'sessions':
      return (await import('./sessions.ts')).sessions;
    case 'resume':
      return (await import('./resume.ts')).resume;
    case 'fork':
      return (await import('./fork.ts')).fork;
    case 'undo':
      return (await import('./undo.ts')).undo;
    case 'redo':
      return (await import('./undo.ts')).redo;
    case 'rewind':
      return (await import('./undo.ts')).rewind;
    case 'export':
      return (await import('./export.ts')).exportSession;
    case 'model':
      return (await import('./model.ts')).model;
    case 'doctor':
      return (await import('./doctor.ts')).doctor;
    case 'trash':
      return (await import('./trash.ts')).trash;
    case 'judge':
      return (await import('./judge.ts')).judge;
    case 'hook':
      return (await import('./hook.ts')).hook;
    case 'exec':
      return (await import('./exec.ts')).exec;
    default:
      return (await import('./bare.ts')).bare;
  }
};
