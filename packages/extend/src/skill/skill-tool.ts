import { readdir, readFile, realpath } from 'node:fs/promises';
import { join, relative, resolve, sep } from 'node:path';
import { failure, success, type Tool, type ToolOutcome } from '@tandem/core';
import { bodyLimit, folderOf, readBody, type Skill } from './read-skills.ts';

/** Characters of one description, and of all of them: they are part of every request. */
const descriptionLimit = 300;
const listLimit = 6_000;
const filesShown = 50;

/** The tool by which a model reads a skill; null where there is none for it. Its text is the same as long as the skills are. */
export const skillTool = (skills: readonly Skill[]): Tool | null => {
  const own = skills.filter(({ forModel }) => forModel);
  if (own.length === 0) return null;
  return {
    spec: {
      name: 'skill',
      description: `Read instructions that were written for a kind of work, before you begin it; with file, one of the files that came with them. There are:\n${listOf(own)}`,
      parameters: {
        type: 'object',
        properties: { name: { type: 'string' }, file: { type: 'string' } },
        required: ['name'],
      },
    },
    effect: 'read',
    replay: 'safe',
    run: async ({ name, file }) => {
      const skill = own.find((one) => one.name === name);
      if (skill === undefined) return failure(`There is no skill ${String(name)}.`);
      try {
        return file === undefined ? await shown(skill) : await shownFile(skill, String(file));
      } catch (error) {
        return failure(`The skill ${skill.name} cannot be read: ${(error as Error).message}`);
      }
    },
  };
};

const listOf = (skills: readonly Skill[]): string => {
  const lines: string[] = [];
  let left = listLimit;
  for (const { name, description } of skills) {
    const line = `- ${name}: ${description.slice(0, descriptionLimit)}`;
    // What does not fit is still there to be called for by its name.
    lines.push(left - line.length > 0 ? line : `- ${name}`);
    left -= line.length;
  }
  return lines.join('\n');
};

const shown = async (skill: Skill): Promise<ToolOutcome> => {
  const folder = folderOf(skill);
  const body = await readBody(skill);
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries
    .filter((entry) => entry.isFile() && entry.name !== 'SKILL.md')
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)).replaceAll(sep, '/'))
    .toSorted()
    .slice(0, filesShown);
  const more = files.length === 0 ? '' : `\n\nFiles of this skill, in ${folder}:\n${files.join('\n')}`;
  return success(`${body}${more}`);
};

/** Links are followed and must stay inside: a skill of a repository must not be a way to the person's files. */
const shownFile = async (skill: Skill, path: string): Promise<ToolOutcome> => {
  const folder = await realpath(folderOf(skill));
  const target = await realpath(resolve(folder, path));
  if (!target.startsWith(folder + sep)) return failure(`${path} is not one of the files of this skill.`);
  return success((await readFile(target, 'utf8')).slice(0, bodyLimit));
};
