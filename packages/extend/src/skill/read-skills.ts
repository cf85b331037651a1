import { readdir, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { type Owner, type Place, workspaceFolders } from '../settings/place.ts';
import { readFrontmatter } from '../text/frontmatter.ts';

export type Skill = {
  readonly name: string;
  readonly description: string;
  /** Absolute path of its SKILL.md. */
  readonly file: string;
  readonly owner: Owner;
  /** False where only a person may call for it. */
  readonly forModel: boolean;
};

/** More would be a catalogue, which no prompt can hold. */
const skillLimit = 200;
/** Characters of one skill's instructions. */
export const bodyLimit = 60_000;

/** Every skill that files describe. A person's own stands before one of the same name that came with a workspace. */
export const readSkills = async (place: Place): Promise<readonly Skill[]> => {
  const folders: readonly (readonly [string, Owner])[] = [
    [join(place.home, '.agents/skills'), 'person'],
    [join(place.home, '.claude/skills'), 'person'],
    ...workspaceFolders(place)
      .toReversed()
      .flatMap((folder) =>
        ['.agents/skills', '.claude/skills'].map((name) => [join(folder, name), 'workspace'] as const),
      ),
  ];
  const found = (await Promise.all(folders.map(([folder, owner]) => readFolder(folder, owner)))).flat();
  const byName = new Map<string, Skill>();
  for (const skill of found) if (!byName.has(skill.name)) byName.set(skill.name, skill);
  return [...byName.values()].slice(0, skillLimit);
};

const readFolder = async (folder: string, owner: Owner): Promise<readonly Skill[]> => {
  const names = (await readdir(folder).catch(() => [])).toSorted();
  const skills = await Promise.all(
    names.slice(0, skillLimit).map(async (name) => {
      const file = join(folder, name, 'SKILL.md');
      const text = await readFile(file, 'utf8').catch(() => null);
      return text === null ? null : skillOf(text, { name, file, owner });
    }),
  );
  return skills.filter((skill) => skill !== null);
};

const skillOf = (text: string, from: Pick<Skill, 'name' | 'file' | 'owner'>): Skill | null => {
  const { fields, body } = readFrontmatter(text);
  const name = wordOf(fields.get('name') || from.name);
  const description =
    fields.get('description') || (body.split('\n').find((line) => line.trim() !== '') ?? '');
  if (name === '' || description === '') return null;
  const forModel = fields.get('disable-model-invocation') !== 'true';
  return { ...from, name, description: description.replaceAll(/\s+/g, ' ').trim(), forModel };
};

/** A name is a word that a model repeats and a person types. */
const wordOf = (name: string): string =>
  name
    .trim()
    .replaceAll(/[^\p{L}\p{N}_.:-]+/gu, '-')
    .replaceAll(/^-+|-+$/g, '')
    .slice(0, 64);

/** Its instructions, as they are now. @throws Error of the file system */
export const readBody = async (skill: Pick<Skill, 'file'>): Promise<string> =>
  readFrontmatter(await readFile(skill.file, 'utf8')).body.slice(0, bodyLimit);

export const folderOf = ({ file }: Pick<Skill, 'file'>): string => dirname(file);
