import { AppError } from '@tandem/protocol';
import { rememberModel } from '../config/choose-model.ts';
import { pathsOf } from '../config/paths.ts';
import { megabytes, pullWithProgress } from '../exec/pull.ts';
import { checkModelId } from '../exec/ready-model.ts';
import { configOf } from './config-of.ts';
import type { CommandInput, CommandRunner } from './run.ts';

const subcommands: Readonly<Record<string, CommandRunner>> = {
  list: (input) => list(input),
  pull: (input) => pull(input),
  use: (input) => use(input),
  engine: async (input) => (await import('./model-engine.ts')).modelEngine(input),
  doctor: async (input) => (await import('./model-doctor.ts')).modelDoctor(input),
};

export const model: CommandRunner = async (input) => {
  const name = input.parsed.positionals[0]!;
  const run = Object.hasOwn(subcommands, name) ? subcommands[name] : undefined;
  if (run === undefined) {
    const known = Object.keys(subcommands).join(', ');
    throw new AppError('usage', `there is no tandem model ${name}; there is ${known}`);
  }
  return await run(input);
};

const stateNames = {
  installed: 'on disk',
  unchecked: 'on disk, not checked yet',
  partial: 'partly fetched',
  absent: 'not on disk',
} as const;

const list = async ({ parsed, host }: CommandInput): Promise<number> => {
  const { defaultModelId, listModels } = await import('@tandem/models');
  const used = (host.env.TANDEM_MODEL || (await configOf(host, host.cwd)).model) ?? `local/${defaultModelId}`;
  const models = (await listModels({ directory: pathsOf(host.env).models })).map(({ entry, state }) => ({
    id: `local/${entry.id}`,
    state,
    used: used === `local/${entry.id}`,
    bytes: entry.bytes,
    sha256: entry.sha256,
    licence: entry.licence,
    parameters: entry.parameters,
    contextWindow: entry.contextWindow,
    goodFor: entry.goodFor,
  }));
  if (parsed.switches.has('json')) {
    host.out(`${JSON.stringify(models)}\n`);
    return 0;
  }
  for (const model of models) {
    const mark = model.used ? '*' : ' ';
    host.out(
      `${mark} ${model.id}  ${megabytes(model.bytes)}, ${model.licence}, ${stateNames[model.state]}: ${model.goodFor}\n`,
    );
  }
  if (!models.some((model) => model.used)) host.out(`* ${used}\n`);
  return 0;
};

const pull = async ({ parsed, host, signal }: CommandInput): Promise<number> => {
  const { defaultModelId } = await import('@tandem/models');
  const id = (parsed.positionals[1] ?? defaultModelId).replace(/^local\//, '');
  await pullWithProgress({ id, offline: false, host, signal });
  host.err(`local/${id} is on disk and its hash is right\n`);
  return 0;
};

const use = async ({ parsed, host }: CommandInput): Promise<number> => {
  const id = parsed.positionals[1];
  if (id === undefined)
    throw new AppError('usage', 'which model? tandem model use ID, e.g. one of tandem model list');
  checkModelId(id);
  const file = pathsOf(host.env).config;
  rememberModel(file, id);
  host.err(`${id} is used from now on (${file})\n`);
  return 0;
};
