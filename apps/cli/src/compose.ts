/** The only place where implementations meet ports. Everything heavy is loaded when it is first needed. */

import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { availableParallelism, homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import type { EnginePorts, Looking, Model, Permit, SandboxFacts, Trash, Workspace } from '@tandem/core';
import { openOnce } from '@tandem/core/open-once';
import type { Expanded, Extensions } from '@tandem/extend';
import type { ProposeHunk } from '@tandem/merge';
import { type AskModel, createPermit, type GuardedPermit } from '@tandem/permit';
import { policyFolders } from '@tandem/permit/places';
import { type AppError, isAppError } from '@tandem/protocol';
import { type Client, createClient, type Transport } from '@tandem/sdk';
import type { KeptWorktrees, MergeGate, SandboxReport, WorkspaceOptions } from '@tandem/workspace';
import { createIds, systemClock } from '@tandem/workspace/identity';
import metadata from '../package.json' with { type: 'json' };
import { isServerApproved } from './config/approved-servers.ts';
import type { Config } from './config/config.ts';
import { pathsOf } from './config/paths.ts';
import { covers, trusts, workspaceRoot } from './config/trust.ts';
import { placeOf } from './extend/place-of.ts';

export type App = {
  readonly client: Client;
  /** The door itself, for whoever puts it on a socket and asks for a token there; the log names the device. */
  readonly door: (device: string) => Transport;
  /** The person's policy is another one from the next action on. */
  readonly policyChanged: () => void;
  /** From now on what the workspace brings along may run; what its config file says holds from the next start on. */
  readonly trustWorkspace: () => void;
  /** What a person typed, with `/name` of a command or a skill of theirs replaced by its text. */
  readonly expand: (prompt: string, signal: AbortSignal) => Promise<Expanded>;
  /** What really confines commands; null: nothing. */
  readonly sandbox: SandboxFacts | null;
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
  /** A person sits before a screen that can ask what MCP servers want to know. */
  readonly attended?: boolean;
  /** MCP servers beside those of files, by name, as in a `.mcp.json`. */
  readonly servers?: Readonly<Record<string, object>>;
  /** Confinement of commands; absent: none. The signal ends its probing. */
  readonly sandbox?: {
    readonly profile: 'read-only' | 'workspace-write';
    /** What commands may reach; absent: nothing. */
    readonly hosts?: readonly string[];
    readonly signal: AbortSignal;
    /** Told why, where nothing holds the profile: then commands are not confined. Absent: that is refused. */
    readonly otherwise?: (why: string) => void;
  };
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
  const { permit, gate, clauses, forget } = permitOf(input, secondOpinionOf(input, models));
  const extensions = extensionsOf(input, state);
  const { instructions } = ports;
  const engine = createEngine(
    {
      ...ports,
      instructions: async (root, ...rest) => [
        { path: 'constitution', text: await clauses(root) },
        ...(await instructions(root, ...rest)),
      ],
    },
    {
      ...{ permit, gate },
      hooks: async (...asked) => await (await extensions.open()).hooks(...asked),
      tools: async (cwd) => await (await extensions.open()).tools(cwd),
      agents: async (cwd) => await (await extensions.open()).agents(cwd),
    },
  );
  return {
    client: createClient({ fetch: createApi(engine).fetch }),
    door: (id) => createApi(engine, { actor: { type: 'user', id } }).fetch,
    policyChanged: forget,
    trustWorkspace: extensions.trust,
    expand: async (prompt, signal) =>
      prompt.trimStart().startsWith('/')
        ? await expandIn(input.cwd, { prompt, signal, ports, permit, extensions: await extensions.open() })
        : { text: prompt, notes: [] },
    sandbox: sandbox.sandbox?.facts ?? null,
    close: async () => {
      await engine.close();
      await extensions.close();
      await Promise.allSettled([...models.values()].map(async (model) => (await model).close()));
      if (temporary !== null) await rm(temporary, { recursive: true, force: true });
    },
  };
};

/** What a person and the workspace have added; its files are read and its code is loaded when a turn first asks. */
const extensionsOf = (input: ComposeInput, state: string) => {
  const { env, config } = input;
  const granted: string[] = [];
  let opened: Promise<Extensions> | null = null;
  const load = async (): Promise<Extensions> => {
    const [{ openExtensions }, { runProgram }] = await Promise.all([
      import('@tandem/extend'),
      import('@tandem/workspace'),
    ]);
    const worktrees = join(pathsOf(env).state, 'worktrees');
    return openExtensions({
      // What attempts may do is what the workspace may that they were made from.
      place: (cwd) => placeOf(env, covers([worktrees], cwd) ? input.cwd : cwd),
      isTrusted: ({ root }) => trusts(config, root) || granted.includes(root),
      isApproved: ({ root }, server) => isServerApproved(env, root, server),
      ...{ env, offline: input.offline, version: metadata.version, tokensFile: pathsOf(env).serverTokens },
      asks: input.attended === true,
      ...(input.servers === undefined ? {} : { passed: input.servers }),
      run: runProgram,
      transcript: (session) => join(state, 'sessions', session, 'events.jsonl'),
    });
  };
  return {
    open: (): Promise<Extensions> => {
      opened ??= load();
      return opened;
    },
    trust: (): void => {
      granted.push(workspaceRoot(input.cwd));
      void opened?.then((extensions) => extensions.forget());
    },
    close: async (): Promise<void> => await (await opened)?.close(),
  };
};

/** What was added, without a session, for `tandem mcp`. Its `close` ends what it started. */
export const openAdded = (input: ComposeInput): Promise<Extensions> =>
  extensionsOf(input, pathsOf(input.env).state).open();

/** read, grep and glob in one workspace, without a session; the workspace is opened at the first call. */
export const openLook = async (input: ComposeInput): Promise<Looking> => {
  const { lookIn } = await import('@tandem/core');
  const options = { stateDir: pathsOf(input.env).state, clock: systemClock };
  const opened = new Map<string, Promise<Workspace>>();
  const open = async () => (await import('@tandem/workspace')).openWorkspace(input.cwd, options);
  const workspace = () => openOnce(opened, input.cwd, open);
  return lookIn({ workspace, permit: permitOf(input, null).permit });
};

const permitOf = (input: ComposeInput, opinion: AskModel | null): GuardedPermit =>
  createPermit({
    home: input.env.HOME || homedir(),
    policies: policyFolders(input.env),
    opinion,
    workspaceTrusted: input.config.workspaceTrusted === true,
    invariants: input.config.invariants ?? [],
  });

type Expansion = {
  readonly prompt: string;
  readonly signal: AbortSignal;
  readonly ports: EnginePorts;
  readonly permit: Permit;
  readonly extensions: Extensions;
};

const lineMs = 60_000;
const lineOutput = 10_000;

/** Shell lines of a command run as the commands of a turn do, where the guard finds them harmless or their file allows them. */
const expandIn = async (cwd: string, given: Expansion): Promise<Expanded> => {
  const { prompt, signal, ports, permit, extensions } = given;
  const workspace = await ports.workspace(cwd);
  return await extensions.expand(prompt, {
    cwd,
    read: async (path) => {
      try {
        return (await workspace.read(path))?.text ?? null;
      } catch (error) {
        if (isAppError(error)) return null;
        throw error;
      }
    },
    run: async (command, isAllowed) => {
      const action = { tool: 'bash', effect: 'exec', arguments: { command }, mode: 'auto' } as const;
      const place = { root: workspace.root, verify: undefined, preview: null, events: [] };
      const { decision, reasons } = await permit({ ...action, ...place }, signal);
      if (decision === 'deny' || (decision === 'ask' && !isAllowed))
        return { ran: false, text: reasons.join('; ') };
      const ran = await workspace.run({ command, timeoutMs: lineMs, signal, maxOutput: lineOutput });
      const end = ran.exit === 0 ? '' : `\n(exit ${ran.exit})`;
      return { ran: true, text: `${ran.output.trimEnd()}${end}` };
    },
  });
};

/** A model that fails, or takes longer than a person would wait, has no opinion. */
const opinionMs = 20_000;

const secondOpinionOf = (input: ComposeInput, models: Map<string, Promise<Model>>): AskModel | null => {
  const id = input.config.secondOpinion;
  if (id === undefined) return null;
  return async ({ system, user }, signal) => {
    try {
      const model = await openOnce(models, id, () => openModelOf(input, id));
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
  const { otherwise, ...wanted } = input.sandbox;
  const { isNoLevel, openSandbox } = await import('@tandem/workspace');
  const { cache: cacheDir } = pathsOf(input.env);
  try {
    return { sandbox: await openSandbox({ ...wanted, environment: input.env, stateDir, cacheDir }) };
  } catch (error) {
    if (otherwise === undefined || !isNoLevel(error)) throw error;
    otherwise(error.message);
    return {};
  }
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
  const [hands, knowing] = await Promise.all([import('@tandem/workspace'), import('@tandem/code')]);
  const workspaces = new Map<string, Promise<Workspace>>();
  const fetchPage: EnginePorts['fetchPage'] = async (url, signal) =>
    (await import('./web-page.ts')).fetchPage(url, signal);
  return {
    ...(input.offline ? {} : { fetchPage }),
    clock: systemClock,
    ids: createIds(),
    store: hands.openJsonlStore({ directory: join(state, 'sessions'), clock: systemClock }),
    trash: await openTrash(input.env),
    // Never the folder of an ephemeral app: its end would take work with it.
    worktrees: await openWorktrees(input.env),
    repository: hands.createRepositoryPlaces(),
    capacity: () => ({ cores: availableParallelism(), freeBytes: process.availableMemory() }),
    code: knowing.createCodeKnowledge(),
    runner: knowing.createCodeRunner(),
    instructions: hands.readInstructions,
    model: (id) => openOnce(models, id, () => openModelOf(input, id)),
    workspace: (cwd) =>
      openOnce(workspaces, cwd, () =>
        hands.openWorkspace(cwd, {
          stateDir: state,
          worktreesDir: pathsOf(input.env).state,
          clock: systemClock,
          ...input.confined,
        }),
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

/** A full disk or a folder that may not be written, wherever it was met: a person's to mend. Null for any other error. */
export const diskRefusal = async (error: unknown): Promise<AppError | null> => {
  const { syscall, path } = (error ?? {}) as NodeJS.ErrnoException;
  if (syscall === undefined) return null;
  const { diskError } = await import('@tandem/workspace');
  const named = diskError(error, path ?? 'a file');
  return isAppError(named) ? named : null;
};

/** What was deleted outside of workspaces, for `tandem trash`. */
export const openTrash = async (env: ComposeInput['env']): Promise<Trash> => {
  const { createTrash } = await import('@tandem/workspace');
  return createTrash({ folder: join(pathsOf(env).state, 'trash'), now: systemClock.iso });
};

/** Worktrees and their trash, for `tandem worktree`: git and files, without a session. */
export const openWorktrees = async (env: ComposeInput['env']): Promise<KeptWorktrees> => {
  const { createWorktrees } = await import('@tandem/workspace');
  return createWorktrees({ stateDir: pathsOf(env).state, now: systemClock.iso });
};

export type OpenedMergeGate = Proposer & { readonly gate: MergeGate };

/** Merging in one working tree, for `tandem merge`: git and texts, without a session. */
export const openMergeGate = async (
  input: ComposeInput & { readonly model: string | null },
): Promise<OpenedMergeGate> => {
  const [hands, knowing, texts] = await Promise.all([
    import('@tandem/workspace'),
    import('@tandem/code'),
    import('@tandem/merge'),
  ]);
  const stateDir = pathsOf(input.env).state;
  const confined = await sandboxOf(input, stateDir);
  const proposer = await openProposer(input);
  return {
    gate: hands.createMergeGate({
      ...{ folder: input.cwd, stateDir, ids: createIds(), now: systemClock.iso },
      workspace: (top) => hands.openWorkspace(top, { stateDir, clock: systemClock, ...confined }),
      syntaxError: knowing.createCodeKnowledge().syntaxError,
      mergeTexts: texts.mergeTexts,
    }),
    ...proposer,
  };
};

/** Whether a text is sound in its language, for what a model wrote. */
export const parsesAs = async (): Promise<(path: string, text: string) => Promise<boolean>> => {
  const { syntaxError } = (await import('@tandem/code')).createCodeKnowledge();
  return async (path, text) => (await syntaxError(path, text)) === null;
};

export type Proposer = {
  /** Null where no model was named. */
  readonly propose: ProposeHunk | null;
  readonly close: () => Promise<void>;
};

/** A model's part in a merge; loaded only where one is named. */
export const openProposer = async (
  input: ComposeInput & { readonly model: string | null },
): Promise<Proposer> => {
  if (input.model === null) return { propose: null, close: async () => undefined };
  const { createProposer } = await import('@tandem/merge');
  const model = await openModelOf(input, input.model);
  return { propose: createProposer(model), close: model.close };
};
