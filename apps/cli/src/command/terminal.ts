import { execFile } from 'node:child_process';
import { join } from 'node:path';
import type { SessionInfo } from '@tandem/protocol';
import type { Client } from '@tandem/sdk';
import metadata from '../../package.json' with { type: 'json' };
import type { Parsed } from '../args/parse.ts';
import type { App } from '../compose.ts';
import { allowKind } from '../config/allow-kind.ts';
import { pathsOf } from '../config/paths.ts';
import { addedTo } from '../extend/added-to.ts';
import type { Host } from '../host.ts';
import type { Machine, Settings } from '../tui/app/machine.ts';
import { worktreesOf } from '../worktree/beside.ts';
import type { CommandInput } from './run.ts';

export type TerminalInput = CommandInput & {
  readonly cwd: string;
  readonly prompt: string | null;
  readonly open: ((client: Client) => Promise<SessionInfo>) | null;
};

/** True where a person sits before a terminal that can be drawn on, or wants plain lines in it. */
export const isTerminal = ({ parsed, host }: Pick<CommandInput, 'parsed' | 'host'>): boolean =>
  host.outIsTerminal &&
  host.stdin === 'terminal' &&
  !['print', 'json'].some((name) => parsed.switches.has(name)) &&
  !['output-format', 'output', 'output-schema', 'keep-attempts'].some((name) => parsed.values.has(name));

/** The terminal screen, until the person leaves it. What a frame does not need is loaded after the first one. */
export const openTerminal = async (input: TerminalInput): Promise<number> => {
  const { host, signal } = input;
  const machine = machineOf(input);
  // Handled where it is awaited; until then a refusal must not look like nobody's.
  machine.settings.catch(() => {});
  const session = await runScreen(machine, signal);
  if (session !== null) host.err(`To go on: tandem resume ${session}\n`);
  return 0;
};

/** The screen of a machine, here or elsewhere; the session that it was left in. */
export const runScreen = async (machine: Machine, signal: AbortSignal): Promise<string | null> => {
  const streams = { input: process.stdin, output: process.stdout };
  const run = machine.screenReader
    ? (await import('../tui/app/reader.ts')).runReader
    : (await import('../tui/app/tui.ts')).runTerminal;
  return await run(machine, streams, signal);
};

/** This machine as a screen asks for it. */
export const machineOf = (
  input: TerminalInput,
): Omit<Machine, 'door'> & { readonly door: () => Promise<App> } => {
  const { host, parsed, cwd, signal } = input;
  const warnings: string[] = [];
  const quiet: Host = { ...host, errIsLive: false, err: (text) => void warnings.push(text.trim()) };
  const loaded = attendedSettings({ ...input, host: quiet });
  const checks = async (which: 'allChecks' | 'openingChecks', stop: AbortSignal) => {
    const doctor = await import('./doctor.ts');
    const { settings } = await loaded;
    const chosen: Host = { ...quiet, env: { ...host.env, TANDEM_MODEL: settings.model } };
    return await Promise.all(doctor[which]().map((check) => check(chosen, stop)));
  };
  return {
    version: metadata.version,
    cwd,
    environment: host.env,
    elsewhere: null,
    historyFile: join(pathsOf(host.env).state, 'history.jsonl'),
    settings: loaded.then(({ settings }) => settings),
    keys: async () => (await import('../config/keys.ts')).readKeys(pathsOf(host.env).config),
    door: async () => {
      const { config, plan } = await loaded;
      const [{ compose }, { confinement }] = await Promise.all([
        import('../compose.ts'),
        import('../exec/confine.ts'),
      ]);
      const sandbox = confinement(plan.sandbox, { host: quiet, signal });
      const ephemeral = parsed.switches.has('ephemeral');
      const given = { env: host.env, config, cwd, offline: plan.offline, ephemeral, attended: true };
      return await compose({ ...given, ...sandbox });
    },
    branch: (stop, at) => branchOf(at, stop),
    worktrees: worktreesOf(host),
    shell: async (command, at) =>
      (await import('../tui/app/shell.ts')).runShell(command, { ...at, environment: host.env }),
    runTandem: async (words, at) => {
      const shown = `tandem ${words.join(' ')}`;
      return await (await import('./lent.ts')).runLent(host, {
        program: host.program,
        words,
        cwd: at,
        shown,
      });
    },
    draftInstructions: async (at, files) => (await import('../init/draft-at.ts')).draftAt(at, files),
    findings: async (stop) => {
      const found = await checks('openingChecks', stop);
      return [...found, ...warnings.map((line) => ({ mark: 'poor' as const, line }))];
    },
    doctor: (stop) => checks('allChecks', stop),
    ...addedTo({ host: quiet, cwd, config: loaded.then(({ config }) => config) }),
    models: async () => modelsOf(host),
    readyModel: async (id, { say, signal: stop }) => {
      const { readyModel } = await import('../exec/ready-model.ts');
      const { plan } = await loaded;
      const shown: Host = { ...quiet, err: (text) => say(text.trim()) };
      await readyModel({ id, offline: plan.offline, host: shown, signal: stop });
    },
    allowKind: async (rule) => allowKind(host.env, rule),
    markdownOf: async (view) => (await import('../exec/markdown.ts')).markdownOf(view),
    open: input.open,
    prompt: input.prompt,
    screenReader: wantsLines(parsed, host),
  };
};

export const wantsLines = (parsed: Parsed, { env }: Host): boolean =>
  parsed.switches.has('screen-reader') ||
  (env.TANDEM_SCREEN_READER ?? '').match(/^(?:|0|false)$/) === null ||
  env.TERM === 'dumb';

/** What flags and config files say where somebody is there to be asked. */
export const attendedSettings = async ({
  parsed,
  host,
  cwd,
}: Pick<TerminalInput, 'parsed' | 'host' | 'cwd'>) => {
  const [{ configOf }, { planTurn }, { modelIdOf }] = await Promise.all([
    import('./config-of.ts'),
    import('../exec/plan.ts'),
    import('../exec/ready-model.ts'),
  ]);
  const config = await configOf(host, cwd, { trust: parsed.switches.has('trust') });
  const plan = planTurn({ parsed, host, config, cwd });
  const isChosen = parsed.values.has('permission-mode') || config.permissionMode !== undefined;
  // The mode is the session's, so that it can be changed in the middle; a turn's own would win over it.
  const { permissionMode: _headless, ...options } = plan.options;
  const settings: Settings = {
    model: await modelIdOf(plan.model),
    // Somebody is there to be asked.
    mode: isChosen ? plan.permissionMode : 'default',
    options,
    sandbox: plan.sandbox?.profile ?? 'off',
  };
  return { config, plan, settings };
};

const branchMs = 2_000;

const branchOf = (cwd: string, signal: AbortSignal): Promise<string | null> =>
  new Promise((resolve) => {
    const words = ['symbolic-ref', '--short', '-q', 'HEAD'];
    execFile('git', words, { cwd, signal, timeout: branchMs }, (error, stdout) =>
      resolve(error === null ? stdout.trim() : null),
    );
  });

const modelsOf = async (host: Host): Promise<readonly { readonly id: string; readonly note: string }[]> => {
  const { listModels } = await import('@tandem/models');
  const notes = {
    installed: 'on disk',
    unchecked: 'on disk',
    partial: 'partly on disk',
    absent: 'fetched when first used',
  };
  const models = await listModels({ directory: pathsOf(host.env).models });
  return models.map(({ entry, state }) => ({ id: `local/${entry.id}`, note: notes[state] }));
};
