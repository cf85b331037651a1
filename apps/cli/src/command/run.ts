import { AppError, isAppError } from '@tandem/protocol/error';
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
    const refusal = isAppError(error) ? error : await (await import('../compose.ts')).diskRefusal(error);
    if (refusal !== null) {
      host.err(`tandem: ${refusal.message}\n`);
      return exitOfError(refusal.code);
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
    case 'attempts':
      return (await import('./attempts.ts')).attempts;
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
    case 'merge':
      return (await import('../merge/merge.ts')).merge;
    case 'worktree':
      return (await import('./worktree.ts')).worktree;
    case 'judge':
      return (await import('./judge.ts')).judge;
    case 'hooks':
      return (await import('./hooks.ts')).hooks;
    case 'skills':
      return (await import('./skills.ts')).skills;
    case 'mcp':
      return (await import('./mcp.ts')).mcp;
    case 'trust':
      return (await import('./trust.ts')).trust;
    case 'hook':
      return (await import('./hook.ts')).hook;
    case 'task':
      return (await import('../task/task.ts')).task;
    case 'acp':
      return (await import('./acp.ts')).acp;
    case 'serve':
      return (await import('./serve.ts')).serve;
    case 'server':
      throw new AppError('usage', 'The team server is a program of its own; start it through bin/tandem.');
    case 'exec':
      return (await import('./exec.ts')).exec;
    default:
      return (await import('./bare.ts')).bare;
  }
};
