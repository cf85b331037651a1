import { copyFile, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gitCommand } from '../git/git-command.ts';
import { copySharedIndex } from './mirror.ts';
import { belongingsOf, isThere, type Places, type WorktreeRecord } from './record.ts';
import { git, gitOrNull, parts, type Repository } from './repository.ts';

/**
 * A git folder of our own over a worktree's files, with an index of what the files hold byte for byte. It has no
 * configuration of the repository: no filter, hook, monitor or text conversion of a repository that is not trusted is
 * ever run, and the worktree's own index is only read. What it writes goes to its own objects.
 */
export type Shadow = {
  readonly folder: string;
  readonly root: string;
  readonly common: string;
  readonly admin: string;
};

export const shadowOf = (places: Places, record: WorktreeRecord): Shadow => ({
  folder: join(belongingsOf(places, record.worktree.name), 'shadow'),
  root: record.worktree.root,
  common: record.common,
  admin: record.admin,
});

/** Settings that say how files look on this disk and what is ignored, and none that runs anything. */
const plainSettings =
  'autocrlf|eol|filemode|symlinks|ignorecase|precomposeunicode|protecthfs|protectntfs|longpaths|excludesfile|sparsecheckout(cone)?';

export const createShadow = async (shadow: Shadow, repository: Repository): Promise<void> => {
  const { folder } = shadow;
  for (const name of ['objects', 'refs', 'info']) await mkdir(join(folder, name), { recursive: true });
  const wanted = `^core\\.(${plainSettings})$`;
  const asked = await gitOrNull(repository.top, ['config', '-z', '--type=path', '--get-regexp', wanted]);
  const lines = parts(asked ?? '').flatMap((part) => {
    const [key = '', ...value] = part.split('\n');
    return value.length === 0 ? [] : [`\t${key.slice(5)} = ${cString(value.join('\n'))}`];
  });
  const sha256 = repository.objectFormat === 'sha256';
  const config = [
    ...['[core]', `\trepositoryformatversion = ${sha256 ? 1 : 0}`, '\tbare = false', ...lines],
    ...(sha256 ? ['[extensions]', '\tobjectformat = sha256'] : []),
  ];
  await writeFile(join(folder, 'config'), `${config.join('\n')}\n`);
  await writeFile(join(folder, 'HEAD'), 'ref: refs/heads/none\n');
  await copyIfThere(join(repository.gitDir, 'info/sparse-checkout'), join(folder, 'info/sparse-checkout'));
};

const cString = (text: string): string =>
  `"${text.replace(/[\\"]/g, '\\$&').replaceAll('\n', '\\n').replaceAll('\t', '\\t')}"`;

const copyIfThere = (from: string, to: string): Promise<void> =>
  copyFile(from, to).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT' && error.code !== 'ENOTDIR') throw error;
  });

type ShadowOptions = {
  readonly input?: string | Uint8Array;
  readonly environment?: Readonly<Record<string, string>>;
};

const environmentOf = (shadow: Shadow): Readonly<Record<string, string>> => {
  const objects = join(shadow.common, 'objects');
  return {
    GIT_DIR: shadow.folder,
    GIT_WORK_TREE: shadow.root,
    // A colon would end the path, and a quote begin one.
    GIT_ALTERNATE_OBJECT_DIRECTORIES: /^[^:"\n\\]+$/.test(objects) ? objects : cString(objects),
    GIT_CONFIG_GLOBAL: '/dev/null',
    GIT_CONFIG_NOSYSTEM: '1',
  };
};

export const inShadow = (
  shadow: Shadow,
  commandArguments: readonly string[],
  options: ShadowOptions = {},
): Promise<string> =>
  git(shadow.folder, ['-C', shadow.root, ...commandArguments], {
    ...(options.input === undefined ? {} : { input: options.input }),
    environment: { ...environmentOf(shadow), ...options.environment },
  });

/** The worktree's own index, seen through the shadow: line ends count as the repository says, filters are none. */
export const ownIndex = async (shadow: Shadow): Promise<Readonly<Record<string, string>>> => {
  await rm(join(shadow.folder, 'info/attributes'), { force: true });
  await copySharedIndex(shadow.admin, shadow.folder);
  return { GIT_INDEX_FILE: join(shadow.admin, 'index') };
};

/** Until the own index is asked, a file is what it holds, whatever the repository says of line ends and filters. */
export const readRaw = (shadow: Shadow): Promise<void> =>
  writeFile(join(shadow.folder, 'info/attributes'), '* -text -eol -filter -ident -working-tree-encoding\n');

/** Brings the shadow's index to what the files are now, byte for byte. Returns what could not be read. */
export const lookAgain = async (shadow: Shadow, options: ShadowOptions = {}): Promise<readonly string[]> => {
  await readRaw(shadow);
  await copyIfThere(join(shadow.common, 'info/exclude'), join(shadow.folder, 'info/exclude'));
  const outcome = await gitCommand(
    shadow.folder,
    [
      ...['-C', shadow.root, '-c', 'advice.addEmbeddedRepo=false'],
      ...['add', '-A', '--sparse', '--ignore-errors', '--', '.'],
    ],
    { environment: { ...environmentOf(shadow), ...options.environment } },
  );
  if (outcome.exit === 0) return [];
  const named = [...outcome.stderr.matchAll(/^error: .*?'(.+?)\/?'.*$/gm)].map(([, path]) => path as string);
  return named.length > 0 ? named : [outcome.stderr.trim()];
};

/**
 * Begins the shadow's index with the worktree's own. Marks by which git overlooks changes are taken off where there is
 * a file, and submodules, whose files are plain files here.
 */
export const seedShadow = async (shadow: Shadow): Promise<readonly string[]> => {
  await copySharedIndex(shadow.admin, shadow.folder);
  await copyIfThere(join(shadow.admin, 'index'), join(shadow.folder, 'index'));
  const entries = parts(await inShadow(shadow, ['ls-files', '-z', '-v', '-s'])).map((entry) => ({
    mark: entry.slice(0, 1),
    mode: entry.slice(2, 8),
    path: entry.slice(entry.indexOf('\t') + 1),
  }));
  const update = async (what: string, chosen: typeof entries): Promise<void> => {
    const input = chosen.map(({ path }) => path).join('\0');
    if (chosen.length > 0) await inShadow(shadow, ['update-index', what, '-z', '--stdin'], { input });
  };
  const marked = entries.filter(({ mark, path }) => mark !== 'H' && isThere(join(shadow.root, path)));
  await update(
    '--no-assume-unchanged',
    marked.filter(({ mark }) => /[a-z]/.test(mark)),
  );
  await update(
    '--no-skip-worktree',
    marked.filter(({ mark }) => /s/i.test(mark)),
  );
  const links = entries.filter(({ mode }) => mode === '160000');
  await update('--force-remove', links);
  return links.map(({ path }) => path);
};

/**
 * What git ignores and does not track, folders as one. What the worktree tracks although it is ignored, which only its
 * own index tells, is tracked here too.
 */
export const followIgnored = async (shadow: Shadow): Promise<readonly string[]> => {
  const listed = parts(
    await inShadow(shadow, ['ls-files', '-z', '-t', '-i', '-c', '-o', '--exclude-standard', '--directory'], {
      environment: await ownIndex(shadow),
    }),
  ).map((entry) => ({ isTracked: !entry.startsWith('?'), path: entry.slice(2) }));
  const tracked = listed.filter(({ isTracked, path }) => isTracked && isThere(join(shadow.root, path)));
  if (tracked.length > 0)
    await inShadow(shadow, ['update-index', '-z', '--add', '--replace', '--stdin'], {
      input: tracked.map(({ path }) => path).join('\0'),
    });
  return listed.flatMap(({ isTracked, path }) => (isTracked ? [] : [path]));
};

export const readText = (path: string): Promise<string> => readFile(path, 'utf8').catch(() => '');
