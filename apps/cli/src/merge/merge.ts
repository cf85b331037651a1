import { AppError, isAppError } from '@tandem/protocol/error';
import type { MergeReport, MergeRun } from '@tandem/workspace';
import { nearest } from '../args/nearest.ts';
import type { Parsed } from '../args/parse.ts';
import { manyOf, numberOf } from '../args/read.ts';
import { workingDirectory } from '../args/working-directory.ts';
import { configOf } from '../command/config-of.ts';
import type { CommandInput, CommandRunner } from '../command/run.ts';
import { openMergeGate } from '../compose.ts';
import { exitCode } from '../exit-code.ts';
import type { Host } from '../host.ts';
import { askPerson } from './ask.ts';
import { installDriver, uninstallDriver } from './install-driver.ts';
import { mergeText } from './report.ts';
import { mergeModelOf } from './with-model.ts';

/** `tandem merge`: a commit merged into the branch that stands here, nothing touched before all is decided. */
export const merge: CommandRunner = async (input) => {
  const { parsed, host } = input;
  if (parsed.switches.has('driver')) return (await import('./driver.ts')).driver(input);
  refuseContradictions(parsed);
  const cwd = workingDirectory(parsed, host);
  if (parsed.switches.has('install-driver'))
    return print(host, await installDriver({ cwd, program: host.program }));
  if (parsed.switches.has('uninstall-driver')) return print(host, await uninstallDriver({ cwd }));
  const report = await perform(input, cwd).catch((error: unknown) => {
    throw withNearest(error);
  });
  host.out(parsed.switches.has('json') ? `${JSON.stringify(report)}\n` : mergeText(report));
  return exitOf(report, parsed);
};

const print = (host: Host, text: string): number => {
  host.out(text);
  return exitCode.done;
};

const perform = async (input: CommandInput, cwd: string): Promise<MergeReport> => {
  const { parsed, host, signal } = input;
  const config = await configOf(host, cwd);
  const model = parsed.switches.has('no-model')
    ? null
    : mergeModelOf(host, config, parsed.values.get('model'));
  const profile = parsed.values.get('sandbox');
  const confined =
    profile === 'read-only' || profile === 'workspace-write' ? { sandbox: { profile, signal } as const } : {};
  const offline = parsed.switches.has('offline') || config.offline === true;
  const opened = await openMergeGate({ env: host.env, config, cwd, offline, model, ...confined });
  try {
    const run: MergeRun = {
      ...optionsOf(parsed, config.verify),
      ...(opened.propose === null ? {} : { propose: opened.propose }),
      ...personOf(input),
      signal,
    };
    if (parsed.switches.has('abort')) return await opened.gate.abandon();
    if (parsed.switches.has('continue')) return await opened.gate.resume(run);
    return await opened.gate.start(parsed.positionals[0] ?? null, run);
  } finally {
    await opened.close();
  }
};

const verifySeconds = 1_800;

const optionsOf = (parsed: Parsed, configured: string | undefined): Pick<MergeRun, 'verify' | 'choices'> => {
  const command = parsed.values.get('verify') ?? configured;
  const timeoutMs = (numberOf(parsed, 'verify-timeout') ?? verifySeconds) * 1_000;
  const sides = (['ours', 'theirs', 'both'] as const).flatMap((side) =>
    manyOf(parsed, side).map((path) => [path, side] as const),
  );
  return {
    ...(command === undefined ? {} : { verify: { command, timeoutMs } }),
    choices: Object.fromEntries(sides),
  };
};

/** Somebody who sees the terminal and has its keys. */
const personOf = ({ parsed, host, signal }: CommandInput): Pick<MergeRun, 'person'> =>
  host.stdin === 'terminal' && host.outIsTerminal && !host.env.CI && !parsed.switches.has('json')
    ? { person: askPerson({ input: process.stdin, output: process.stdout, environment: host.env, signal }) }
    : {};

const exitOf = ({ status }: MergeReport, parsed: Parsed): number => {
  switch (status) {
    case 'merged':
    case 'up_to_date':
      return exitCode.done;
    case 'verify_failed':
      return exitCode.verifyFailed;
    case 'abandoned':
      return parsed.switches.has('abort') ? exitCode.done : exitCode.failed;
    case 'open':
    case 'hook_failed':
      return exitCode.failed;
  }
};

const refuseContradictions = ({ switches, positionals }: Parsed): void => {
  const modes = ['continue', 'abort', 'install-driver', 'uninstall-driver'].filter((name) =>
    switches.has(name),
  );
  if (modes.length > 1)
    throw new AppError('usage', `give ${modes.map((name) => `--${name}`).join(' or ')}, not both`);
  if (modes.length === 1 && positionals.length > 0)
    throw new AppError('usage', `--${modes[0]} takes no REF: the merge that is open here is meant`);
  if (positionals.length > 1) throw new AppError('usage', 'one REF at a time');
};

/** What was not found, with the name that is most like it. */
const withNearest = (error: unknown): unknown => {
  if (!isAppError(error) || error.code !== 'not_found') return error;
  const { typed, names } = error.details;
  if (typeof typed !== 'string' || !Array.isArray(names)) return error;
  const near = nearest(typed, names.map(String));
  return near === null ? error : new AppError('not_found', `${error.message} Did you mean ${near}?`);
};
