import { lstatSync } from 'node:fs';
import { copyFile } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError } from '@tandem/protocol';
import { copyTree } from '../scratch/copy-tree.ts';
import { mirrorInto, submoduleFiles } from './mirror.ts';
import { isThere, type WorktreeRecord } from './record.ts';
import { git, parts, type Repository } from './repository.ts';
import { inShadow, lookAgain, ownIndex, readRaw, readText, type Shadow, seedShadow } from './shadow.ts';
import { sweepOver } from './sweeping.ts';

/** Holds on to what a worktree began with. */
export const startRef = (name: string): string => `refs/tandem/start/${name}`;

type Filling = { readonly shadow: Shadow; readonly record: WorktreeRecord; readonly repository: Repository };

/** Paths of submodules, whose files are plain files here, and what of the origin was left there. */
type Filled = { readonly links: readonly string[]; readonly left: readonly string[] };

/** A commit's files, through the shadow: no filter and no hook of the repository runs. */
export const checkOut = async ({ shadow, record, repository }: Filling): Promise<Filled> => {
  await inShadow(shadow, ['read-tree', '-m', '-u', record.head]);
  await copyFile(join(shadow.folder, 'index'), join(record.admin, 'index'));
  const links = await seedShadow(shadow);
  if (!repository.isBare)
    for (const path of links)
      await copyTree({
        from: repository.top,
        to: shadow.root,
        paths: await submoduleFiles(repository.top, path),
      });
  if (!repository.isBare) await copyFiltered({ shadow, record, repository });
  return { links, left: [] };
};

/** The origin's files and index. These learn the new files' times by reading them once; filters do not run. */
export const mirror = async ({ shadow, record, repository }: Filling): Promise<Filled> => {
  const { left } = await mirrorInto({ repository, root: shadow.root, admin: record.admin });
  await inShadow(shadow, ['update-index', '-q', '--refresh', '--ignore-submodules'], {
    environment: await ownIndex(shadow),
  }).catch(() => undefined);
  return { links: await seedShadow(shadow), left };
};

/**
 * Files behind a filter (a store of large files) come out of git as what stands for them. Where the origin has the
 * very same one, as its filter made it, that is what the work needs.
 */
const copyFiltered = async ({ shadow, record, repository }: Filling): Promise<void> => {
  if (!(await mayConvert(shadow, record))) return;
  const listed = await inShadow(shadow, ['ls-files', '-z']);
  const asked = await inShadow(shadow, ['check-attr', '-z', '--stdin', 'filter'], { input: listed });
  const fields = asked.split('\0');
  const filtered = fields.filter(
    (_, at) => at % 3 === 0 && !/^(unspecified|unset)$/.test(fields[at + 2] ?? 'unset'),
  );
  if (filtered.length === 0) return;
  const mine = new Set(parts(await inShadow(shadow, ['ls-files', '-z', '-s'])));
  const theirs = parts(await git(repository.top, ['ls-files', '-z', '-s']));
  const same = new Set(
    theirs.filter((entry) => mine.has(entry)).map((entry) => entry.slice(entry.indexOf('\t') + 1)),
  );
  const clean = await untouchedIn(repository);
  const paths = filtered.filter((path) => same.has(path) && clean.has(path));
  await copyTree({ from: repository.top, to: shadow.root, paths });
  // Without times and size git compares what the filter makes of the file, when it next looks.
  const chosen = new Set(paths);
  const entries = theirs.filter((entry) => chosen.has(entry.slice(entry.indexOf('\t') + 1)));
  const environment = await ownIndex(shadow);
  await inShadow(shadow, ['update-index', '-z', '--index-info'], { environment, input: entries.join('\0') });
};

/** Files that have the time and size that the index remembers: they are what git put there. */
const untouchedIn = async ({ top }: Repository): Promise<ReadonlySet<string>> => {
  const listed = await git(top, ['ls-files', '-z', '--debug']);
  const entries = listed.matchAll(
    /([^\0]+)\0 {2}ctime: .*\n {2}mtime: (\d+):(\d+)\n.*\n.*\n {2}size: (\d+)\t.*\n/g,
  );
  return new Set(
    [...entries].flatMap(([, path = '', seconds = '', nanoseconds = '', size]) => {
      const stats = isThere(join(top, path)) ? lstatSync(join(top, path), { bigint: true }) : null;
      const time = BigInt(seconds) * 1_000_000_000n + BigInt(nanoseconds);
      return stats?.mtimeNs === time && String(stats.size) === size ? [path] : [];
    }),
  );
};

/** The tree of what is there, and a commit that holds it: the branch's own where nothing is different. */
export const keepStart = async ({
  shadow,
  record,
  repository,
}: Filling): Promise<{ readonly base: string; readonly start: string }> => {
  const environment = { GIT_OBJECT_DIRECTORY: join(record.common, 'objects') };
  if (await mayConvert(shadow, record)) {
    await readRaw(shadow);
    await inShadow(shadow, ['add', '--renormalize', '--', '.'], { environment });
  }
  const unread = await lookAgain(shadow, { environment });
  if (unread.length > 0)
    throw new AppError('conflict', `Some files cannot be read: ${unread.slice(0, 5).join('; ')}`);
  const base = (await inShadow(shadow, ['write-tree'], { environment })).trim();
  const same = (await git(repository.top, ['rev-parse', `${record.head}^{tree}`])).trim() === base;
  const { name } = record.worktree;
  const start = same ? record.head : await commitTree(shadow, record, base);
  await git(repository.top, ['update-ref', startRef(name), start]);
  // Git may have swept objects away while they were nobody's.
  if (!same) await sweepOver(record.common);
  if (!same) await git(repository.top, ['rev-list', '--objects', '--quiet', start, '--not', record.head]);
  return { base, start };
};

const commitTree = async (
  shadow: Shadow,
  { head, worktree, common }: WorktreeRecord,
  tree: string,
): Promise<string> =>
  (
    await inShadow(shadow, ['commit-tree', '-p', head, '-m', `What ${worktree.name} began with`, tree], {
      environment: { GIT_OBJECT_DIRECTORY: join(common, 'objects'), ...byNobody },
    })
  ).trim();

/** Commits that hold something for us are nobody's work. */
export const byNobody = {
  GIT_AUTHOR_NAME: 'tandem',
  GIT_AUTHOR_EMAIL: 'tandem@localhost',
  GIT_COMMITTER_NAME: 'tandem',
  GIT_COMMITTER_EMAIL: 'tandem@localhost',
} as const;

/** Whether files may differ from their objects on purpose: line ends, filters. */
const mayConvert = async (shadow: Shadow, record: WorktreeRecord): Promise<boolean> =>
  /autocrlf = "(true|input)"/i.test(await readText(join(shadow.folder, 'config'))) ||
  (await readText(join(record.common, 'info/attributes'))) !== '' ||
  (await inShadow(shadow, ['ls-files', '-z', '--', ':(glob)**/.gitattributes'])) !== '';
