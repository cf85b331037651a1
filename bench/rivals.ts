/** How each tool is asked for its version and for one turn against a server of our own. */
import { accessSync, constants, mkdirSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';

export type TurnSetup = {
  readonly program: string;
  readonly baseUrl: string;
  /** An empty home folder that the tool may fill. */
  readonly home: string;
  readonly prompt: string;
};

export type Tool = {
  readonly name: string;
  readonly program: string;
  /** Also for printing the version. */
  readonly env?: Record<string, string>;
  readonly turn: (setup: TurnSetup) => {
    readonly argv: readonly string[];
    readonly env: Record<string, string>;
  };
};

const openAi = ({ baseUrl }: TurnSetup): Record<string, string> => ({
  OPENAI_BASE_URL: baseUrl,
  OPENAI_API_KEY: 'none',
});

const tandemTurn =
  (model: string): Tool['turn'] =>
  (setup) => ({
    argv: [setup.program, 'exec', setup.prompt, '--model', model, '--ephemeral', '--output-format', 'json'],
    env: openAi(setup),
  });

/** By the name of its model Tandem takes a server for a small one, driven by the pipeline, or a strong one. */
export const tandemTools = (program: string): readonly Tool[] => [
  { name: 'tandem', program, turn: tandemTurn('openai/scripted') },
  {
    name: 'tandem, from its sources',
    program,
    env: { TANDEM_BUNDLE: 'off' },
    turn: tandemTurn('openai/scripted'),
  },
  { name: 'tandem, small model', program, turn: tandemTurn('openai/qwen2.5-coder-1.5b-instruct') },
];

const rivals: readonly Tool[] = [
  {
    name: 'codex',
    program: 'codex',
    turn: (setup) => {
      const provider = `{name="bench",base_url="${setup.baseUrl}",wire_api="responses",env_key="OPENAI_API_KEY"}`;
      return {
        argv: [
          ...[setup.program, 'exec', '--skip-git-repo-check', '--sandbox', 'read-only', '-m', 'scripted'],
          ...['-c', 'model_provider="bench"', '-c', `model_providers.bench=${provider}`, setup.prompt],
        ],
        env: { ...openAi(setup), CODEX_HOME: setup.home },
      };
    },
  },
  {
    name: 'pi',
    program: 'pi',
    turn: (setup) => {
      const provider = {
        baseUrl: setup.baseUrl,
        api: 'openai-completions',
        apiKey: 'none',
        models: [{ id: 'scripted' }],
      };
      const folder = join(setup.home, '.pi', 'agent');
      mkdirSync(folder, { recursive: true });
      writeFileSync(join(folder, 'models.json'), JSON.stringify({ providers: { bench: provider } }));
      return { argv: [setup.program, '-p', '--model', 'bench/scripted', setup.prompt], env: openAi(setup) };
    },
  },
  {
    name: 'qwen-code',
    program: 'qwen',
    turn: (setup) => ({
      argv: [setup.program, '--auth-type', 'openai', '-m', 'scripted', '-p', setup.prompt],
      env: openAi(setup),
    }),
  },
  {
    name: 'opencode',
    program: 'opencode',
    turn: (setup) => {
      const options = { baseURL: setup.baseUrl, apiKey: 'none' };
      const bench = { npm: '@ai-sdk/openai-compatible', name: 'bench', options, models: { scripted: {} } };
      return {
        argv: [setup.program, 'run', '-m', 'bench/scripted', setup.prompt],
        env: { OPENCODE_CONFIG_CONTENT: JSON.stringify({ provider: { bench } }) },
      };
    },
  },
];

/** Those found on PATH, with their full path. */
export const rivalsHere = (): readonly Tool[] =>
  rivals.flatMap((tool) => {
    const program = onPath(tool.program);
    return program === null ? [] : [{ ...tool, program }];
  });

const onPath = (name: string): string | null =>
  (process.env.PATH ?? '')
    .split(delimiter)
    .map((folder) => join(folder, name))
    .find((path) => {
      try {
        accessSync(path, constants.X_OK);
        return true;
      } catch {
        return false;
      }
    }) ?? null;
