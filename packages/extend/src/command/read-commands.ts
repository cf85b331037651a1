import { readdir, readFile } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { type Owner, type Place, workspaceFolders } from '../settings/place.ts';
import { readFrontmatter } from '../text/frontmatter.ts';
import { hasShellParts } from './template.ts';

/** A prompt that a person calls by `/name`. */
export type Command = {
  /** Folders before it, with colons between. */
  readonly name: string;
  readonly description: string;
  /** What may follow its name; '' where nothing is said. */
  readonly takes: string;
  readonly file: string;
  readonly owner: Owner;
  readonly body: string;
  /** Shell lines that its file allows, beside those that the guard finds harmless: `Bash(git log:*)`. */
  readonly allows: readonly string[];
  /** It has lines that run when it is called. */
  readonly runs: boolean;
};

const commandLimit = 200;
const sizeLimit = 100_000;

/** Every command that files hold. A person's own stands before one of the same name that came with a workspace. */
export const readCommands = async (place: Place): Promise<readonly Command[]> => {
  const folders: readonly (readonly [string, Owner])[] = [
    [join(place.config, 'commands'), 'person'],
    [join(place.home, '.agents/commands'), 'person'],
    [join(place.home, '.claude/commands'), 'person'],
    ...workspaceFolders(place)
      .toReversed()
      .flatMap((folder) =>
        ['.agents/commands', '.claude/commands'].map((name) => [join(folder, name), 'workspace'] as const),
      ),
  ];
  const found = (await Promise.all(folders.map(([folder, owner]) => readFolder(folder, owner)))).flat();
  const byName = new Map<string, Command>();
  for (const command of found) if (!byName.has(command.name)) byName.set(command.name, command);
  return [...byName.values()].slice(0, commandLimit);
};

const readFolder = async (folder: string, owner: Owner): Promise<readonly Command[]> => {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  const files = entries
    .filter((entry) => entry.isFile() && entry.name.endsWith('.md'))
    .map((entry) => join(entry.parentPath, entry.name))
    .toSorted()
    .slice(0, commandLimit);
  const commands = await Promise.all(
    files.map(async (file) => {
      const name = relative(folder, file).slice(0, -3).replaceAll(sep, ':');
      const text = await readFile(file, 'utf8').catch(() => null);
      if (text === null || text.length > sizeLimit || !/^[\w:.-]{1,64}$/.test(name)) return null;
      return commandOf(text, { name, file, owner });
    }),
  );
  return commands.filter((command) => command !== null);
};

const commandOf = (text: string, from: Pick<Command, 'name' | 'file' | 'owner'>): Command | null => {
  const { fields, body } = readFrontmatter(text);
  if (body === '') return null;
  const first = body.split('\n')[0]?.replace(/^#+\s*/, '') ?? '';
  return {
    ...from,
    body,
    description: (fields.get('description') || first).replaceAll(/\s+/g, ' ').slice(0, 200),
    takes: fields.get('argument-hint') ?? '',
    allows: [...(fields.get('allowed-tools') ?? '').matchAll(/Bash\(([^)]*)\)/g)].map(
      ([, line]) => line ?? '',
    ),
    runs: hasShellParts(body),
  };
};
