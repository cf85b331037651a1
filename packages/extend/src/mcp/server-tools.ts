import { failure, success, type Tool, type ToolArguments } from '@tandem/core';
import type { Server } from './read-servers.ts';
import type { FoundTool, Servers } from './servers.ts';

/** Tools shown at one search, and characters of each: what a model can compare. */
const shownLimit = 8;
const descriptionLimit = 600;
const schemaLimit = 4_000;
/** Names alone, where nothing was asked for. */
const namesLimit = 200;

/**
 * Two tools for all that other programs serve, however much that is: one finds, one calls. So the words of a request stay
 * the same and few, and no server is started before it is asked for. None without servers.
 */
export const serverTools = (servers: Servers): readonly Tool[] =>
  servers.all.length === 0 ? [] : [findTool(servers), useTool(servers)];

const findTool = (servers: Servers): Tool => ({
  spec: {
    name: 'find_tool',
    description: `Search the tools that other programs here serve, by words; without words all their names. Call one with use_tool. Programs: ${servers.all
      .map(({ name }) => name)
      .join(', ')
      .slice(0, 1_000)}`,
    parameters: { type: 'object', properties: { words: { type: 'string' } } },
  },
  effect: 'read',
  replay: 'safe',
  run: async ({ words = '' }, { signal }) => {
    const { tools, problems } = await servers.tools(signal);
    const shown =
      String(words).trim() === '' ? namesOf(tools) : best(tools, String(words)).map(describe).join('\n\n');
    const text = [shown === '' ? 'No tool fits these words.' : shown, ...problems].join('\n');
    return tools.length === 0 && problems.length > 0 ? failure(problems.join('\n')) : success(text);
  },
});

const useTool = (servers: Servers): Tool => ({
  spec: {
    name: 'use_tool',
    description:
      'Call a tool that find_tool showed, by its whole name (program/tool) and with the arguments it asks for.',
    parameters: {
      type: 'object',
      properties: { name: { type: 'string' }, arguments: { type: 'object' } },
      required: ['name'],
    },
  },
  // It may write files here, so what it leaves is kept like what a command leaves.
  effect: 'exec',
  replay: 'never',
  outside: (given) => (isAllowed(servers, given) ? 'allowed' : 'unknown'),
  question: ({ name, arguments: given }) =>
    `Use ${String(name)} with ${JSON.stringify(given ?? {}).slice(0, 2_000)}?`,
  run: async (given, { signal, ask }) => {
    const { server, tool } = namedIn(servers, given);
    if (server === undefined)
      return failure(`There is no ${String(given.name)}. find_tool says what there is, as program/tool.`);
    const { output, isError } = await servers.call(
      server,
      { tool, arguments: (given.arguments ?? {}) as ToolArguments },
      { signal, ask },
    );
    return isError ? failure(output) : success(output);
  },
});

const namedIn = (
  servers: Servers,
  { name }: ToolArguments,
): { readonly server: Server | undefined; readonly tool: string } => {
  const [program, ...rest] = String(name).split('/');
  return { server: servers.all.find((one) => one.name === program), tool: rest.join('/') };
};

const isAllowed = (servers: Servers, given: ToolArguments): boolean => {
  const { server, tool } = namedIn(servers, given);
  return (
    server?.allow.some((one) => (one.endsWith('*') ? tool.startsWith(one.slice(0, -1)) : one === tool)) ===
    true
  );
};

const namesOf = (tools: readonly FoundTool[]): string => {
  const names = tools.map(({ server, name }) => `${server}/${name}`);
  const more = names.length > namesLimit ? [`and ${names.length - namesLimit} more: search by words`] : [];
  return [...names.slice(0, namesLimit), ...more].join('\n');
};

const wordsIn = (text: string): readonly string[] => text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];

/** Those that hold most of the words, a word in the name counting more; a word may be the beginning of another. */
const best = (tools: readonly FoundTool[], words: string): readonly FoundTool[] => {
  const wanted = [...new Set(wordsIn(words))];
  return tools
    .map((tool) => {
      const name = wordsIn(`${tool.server} ${tool.name.replaceAll(/([a-z])([A-Z])/g, '$1 $2')}`);
      const described = wordsIn(tool.description);
      const holds = (text: readonly string[], word: string): boolean =>
        text.some((one) => one.startsWith(word));
      const score = wanted.reduce(
        (sum, word) => sum + (holds(name, word) ? 3 : 0) + (holds(described, word) ? 1 : 0),
        0,
      );
      return { tool, score };
    })
    .filter(({ score }) => score > 0)
    .toSorted((one, other) => other.score - one.score)
    .slice(0, shownLimit)
    .map(({ tool }) => tool);
};

const describe = ({ server, name, description, parameters }: FoundTool): string => {
  const { $schema: _version, ...schema } = parameters;
  const shape = JSON.stringify(schema);
  const said = description.slice(0, descriptionLimit);
  return `${server}/${name}: ${said}\narguments: ${shape.length > schemaLimit ? `${shape.slice(0, schemaLimit)}…` : shape}`;
};
