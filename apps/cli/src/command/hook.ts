import { AppError } from '@tandem/protocol/error';
import { installAgentHook, removeAgentHook } from '../judge/agent-hook.ts';
import { installPreCommit, removePreCommit } from '../judge/pre-commit.ts';
import type { CommandRunner } from './run.ts';

/** `tandem hook install|remove pre-commit|claude|codex`. */
export const hook: CommandRunner = async ({ parsed, host }) => {
  const [verb, target] = parsed.positionals;
  if (verb !== 'install' && verb !== 'remove')
    throw new AppError('usage', `hook knows install and remove, not "${verb}"`);
  const cwd = parsed.values.get('cwd') ?? host.cwd;
  const program = host.program;
  switch (target) {
    case 'claude':
    case 'codex':
      host.out(
        await (verb === 'install' ? installAgentHook : removeAgentHook)({ agent: target, cwd, program }),
      );
      return 0;
    case 'pre-commit':
      host.out(await (verb === 'install' ? installPreCommit : removePreCommit)({ cwd, program }));
      return 0;
    default:
      throw new AppError('usage', `hook knows pre-commit, claude and codex, not "${target}"`);
  }
};
