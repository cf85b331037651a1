import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { AgentDefinition } from '@tandem/core';
import { type Owner, type Place, workspaceFolders } from '../settings/place.ts';
import { readBody } from '../skill/read-skills.ts';
import { readFrontmatter } from '../text/frontmatter.ts';

export type Agent = AgentDefinition & { readonly file: string; readonly owner: Owner };

const agentLimit = 50;

/** Every agent that files describe. A person's own stands before one of the same name that came with a workspace. */
export const readAgents = async (place: Place): Promise<readonly Agent[]> => {
  const folders: readonly (readonly [string, Owner])[] = [
    [join(place.home, '.agents/agents'), 'person'],
    [join(place.home, '.claude/agents'), 'person'],
    ...workspaceFolders(place)
      .toReversed()
      .flatMap((folder) =>
        ['.agents/agents', '.claude/agents'].map((name) => [join(folder, name), 'workspace'] as const),
      ),
  ];
  const found = (await Promise.all(folders.map(([folder, owner]) => readFolder(folder, owner)))).flat();
  const byName = new Map<string, Agent>();
  for (const agent of found) if (!byName.has(agent.name)) byName.set(agent.name, agent);
  return [...byName.values()].slice(0, agentLimit);
};

const readFolder = async (folder: string, owner: Owner): Promise<readonly Agent[]> => {
  const names = (await readdir(folder).catch(() => [])).filter((name) => name.endsWith('.md')).toSorted();
  const agents = await Promise.all(
    names.slice(0, agentLimit).map(async (name) => {
      const file = join(folder, name);
      const text = await readFile(file, 'utf8').catch(() => null);
      return text === null ? null : agentOf(text, { name: name.slice(0, -'.md'.length), file, owner });
    }),
  );
  return agents.filter((agent) => agent !== null);
};

/** Null for one that says nothing of when to use it: a model could not choose it. */
const agentOf = (text: string, from: Pick<Agent, 'name' | 'file' | 'owner'>): Agent | null => {
  const { fields } = readFrontmatter(text);
  const name = (fields.get('name') || from.name).replaceAll(/[^\p{L}\p{N}_.-]+/gu, '-').slice(0, 64);
  const description = (fields.get('description') ?? '').replaceAll(/\s+/g, ' ').trim();
  if (name === '' || description === '') return null;
  const tools = fields.get('tools');
  const model = fields.get('model') ?? '';
  return {
    ...from,
    name,
    description,
    instructions: () => readBody(from),
    tools: tools === undefined || tools.trim() === '*' ? null : toolsIn(tools),
    // Names without a provider are those of another assistant.
    model: /^[a-z]+\/\S+$/.test(model) ? model : null,
  };
};

/** Tools by our names and by those of other assistants. What there is not here, or only in part (`Bash(git:*)`), is not given. */
const toolsIn = (list: string): readonly string[] => {
  const named = list.split(',').flatMap((one) => known[one.trim().toLowerCase()] ?? []);
  return [...new Set(named)];
};

const known: Readonly<Record<string, readonly string[]>> = {
  read: ['read'],
  grep: ['grep'],
  glob: ['glob'],
  ls: ['glob'],
  edit: ['edit'],
  multiedit: ['edit'],
  write: ['write'],
  bash: ['bash', 'background'],
  background: ['background'],
  todo: ['todo'],
  todowrite: ['todo'],
  web_fetch: ['web_fetch'],
  webfetch: ['web_fetch'],
  skill: ['skill'],
  find_tool: ['find_tool'],
  use_tool: ['use_tool'],
};
