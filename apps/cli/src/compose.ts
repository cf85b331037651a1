/** The only place where implementations meet ports. Everything heavy is loaded when it is first needed. */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { EnginePorts, Model, Trash, Workspace } from '@tandem/core';
import { type Client, createClient } from '@tandem/sdk';
import type { SandboxReport, WorkspaceOptions } from '@tandem/workspace';
import type { Config } from './config/config.ts';
import { pathsOf } from './config/paths.ts';
import { createIds, systemClock } from './identity.ts';
import { type AskModel, createPermit } from './permit.ts';

export type App = {
  readonly client: Client;
  /** Ends what runs, closes models and, for an ephemeral app, removes all traces. */
  readonly close: () => Promise<void>;
};

export type ComposeInput = {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly config: Config;
  /** What relative paths in a model id are relative to. */
  readonly cwd: string;
  readonly offline: boolean;
  /** Sessions, snapshots and patches are kept in a folder that `close` removes. */
  readonly ephemeral?: boolean;
  /** Where patches and attempts go, under their own names; absent: below the state folder, by session. */
  readonly keptDir?: string;
  /** Confinement of commands; absent: none. The signal ends its probing. */
  readonly sandbox?: { readonly profile: 'read-only' | 'workspace-write'; readonly signal: AbortSignal };
};

export const compose = async (input: ComposeInput): Promise<App> => {
  const [{ createEngine }, { createApi }] = await Promise.all([
    import('@tandem/core'),
    import('@tandem/api'),
  ]);
  const temporary = input.ephemeral === true ? await mkdtemp(join(tmpdir(), 'tandem-')) : null;
  const state = temporary ?? pathsOf(input.env).state;
  const models = new Map<string, Promise<Model>>();
  const sandbox = await sandboxOf(input, state);
  const ports = await createPorts({ ...input, state, models, confined: sandbox });
  const { permit, gate, clauses } = createPermit(input.env, {
    opinion: secondOpinionOf(input, models),
    workspaceTrusted: input.config.workspaceTrusted === true,
  });
  const { instructions } = ports;
  const engine = createEngine(
    {
      ...ports,
      instructions: async (root, ...rest) => [
        { path: 'constitution', text: await clauses(root) },
        ...(await instructions(root, ...rest)),
      ],
    },
    { permit, gate },
  );
  return {
    client: createClient({ fetch: createApi(engine).fetch }),
    close: async () => {
      await engine.close();
      await Promise.allSettled([...models.values()].map(async (model) => (await model).close()));
      if (temporary !== null) await rm(temporary, { recursive: true, force: true });
    },
  };
};

/** A model that fails, or takes longer than a person would wait, has no opinion. */
const opinionMs = 20_000;

const secondOpinionOf = (input: ComposeInput, models: Map<string, Promise<Model>>): AskModel | null => {
  const id = input.config.secondOpinion;
  if (id === undefined) return null;
  return async ({ system, user }, signal) => {
    try {
      const model = await once(models, id, () => openModelOf(input, id));
      const messages = [
        { role: 'system', text: system },
        { role: 'user', text: user },
      ] as const;
      const limited = AbortSignal.any([signal, AbortSignal.timeout(opinionMs)]);
      return (await model.generate({ messages, maxTokens: 120, temperature: 0 }, { signal: limited })).text;
    } catch {
      signal.throwIfAborted();
      return null;
    }
  };
};

type Confined = Pick<WorkspaceOptions, 'sandbox'>;

/** Probed before anything else begins: what was asked for holds, or the command is refused. */
const sandboxOf = async (input: ComposeInput, stateDir: string): Promise<Confined> => {
  if (input.sandbox === undefined) return {};
  const { openSandbox } = await import('@tandem/workspace');
  const { cache: cacheDir } = pathsOf(input.env);
  return { sandbox: await openSandbox({ ...input.sandbox, environment: input.env, stateDir, cacheDir }) };
};

/** What `tandem doctor` says about it. */
export const reportSandbox = async (signal: AbortSignal): Promise<SandboxReport> =>
  await (await import('@tandem/workspace')).reportSandbox(signal);

const createPorts = async (
  input: ComposeInput & {
    readonly state: string;
    readonly models: Map<string, Promise<Model>>;
    readonly confined: Confined;
  },
): Promise<EnginePorts> => {
  const { state, models } = input;
  const hands = await import('@tandem/workspace');
  const workspaces = new Map<string, Promise<Workspace>>();
  const fetchPage: EnginePorts['fetchPage'] = async (url, signal) =>
    (await import('./web-page.ts')).fetchPage(url, signal);
  return {
    ...(input.offline ? {} : { fetchPage }),
    clock: systemClock,
    ids: createIds(),
    store: hands.openJsonlStore({ directory: join(state, 'sessions'), clock: systemClock }),
    trash: await openTrash(input.env),
    code: hands.createCodeKnowledge(),
    runner: hands.createCodeRunner(),
    instructions: hands.readInstructions,
    model: (id) => once(models, id, () => openModelOf(input, id)),
    workspace: (cwd) =>
      once(workspaces, cwd, () =>
        hands.openWorkspace(cwd, { stateDir: state, clock: systemClock, ...input.confined }),
      ),
    // Never the folder of an ephemeral app: its end would take with it what was kept.
    keepFile: async (session, name, text) => {
      const folder = input.keptDir ?? join(pathsOf(input.env).state, 'kept', session);
      await mkdir(folder, { recursive: true });
      const own = input.keptDir === undefined ? name : name.replace(/^trn_[^-]*-/, '');
      const file = join(folder, own.replaceAll(/[^\w.-]/g, '_'));
      await writeFile(file, text);
      return file;
    },
  };
};

/** One open value a key; a failure is not remembered, so that the next turn may try again. */
const once = <T>(cache: Map<string, Promise<T>>, key: string, open: () => Promise<T>): Promise<T> => {
  const known = cache.get(key);
  if (known !== undefined) return known;
  const opening = open();
  cache.set(key, opening);
  opening.catch(() => cache.delete(key));
  return opening;
};

export const openModelOf = async (input: ComposeInput, id: string): Promise<Model> => {
  const { openModel } = await import('@tandem/models');
  const { env, config, cwd, offline } = input;
  const paths = pathsOf(env);
  return await openModel(id, {
    env,
    cwd,
    offline,
    clock: systemClock,
    modelsDir: paths.models,
    stateDir: input.ephemeral === true ? null : join(paths.state, 'kv'),
    config: {
      ...(config.openaiBaseUrl === undefined ? {} : { openai: { baseUrl: config.openaiBaseUrl } }),
      ...(config.anthropicBaseUrl === undefined ? {} : { anthropic: { baseUrl: config.anthropicBaseUrl } }),
      ...(config.ollamaHost === undefined ? {} : { ollama: { host: config.ollamaHost } }),
    },
  });
};

/** What was deleted outside of workspaces, for `tandem trash`. */
export const openTrash = async (env: ComposeInput['env']): Promise<Trash> => {
  const { createTrash } = await import('@tandem/workspace');
  return createTrash({ folder: join(pathsOf(env).state, 'trash'), now: systemClock.iso });
};
