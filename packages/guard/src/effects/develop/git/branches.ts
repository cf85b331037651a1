import type { Effect } from '../../effect.ts';
import { has } from '../arguments.ts';
import { keeps, loses, reads, type Subcommands, subcommand, type Use, writes } from './use.ts';

const branch = ({ parsed }: Use): readonly Effect[] => {
  const names = parsed.operands.map(({ text }) => text).join(' ');
  const force = has(parsed, '-f', '--force');
  if (has(parsed, '-r', '--remotes') && has(parsed, '-d', '-D', '--delete'))
    return [keeps('forgets remote branches')];
  if (has(parsed, '-D') || (has(parsed, '-d', '--delete') && force))
    return [loses('history', 'merged', `deletes branch ${names} even if not merged`)];
  if (has(parsed, '-d', '--delete')) return [keeps(`deletes merged branch ${names}`)];
  if (has(parsed, '-M') && parsed.operands.length === 1) return [keeps(`renames the branch to ${names}`)];
  if (has(parsed, '-M', '-C') || (force && has(parsed, '-m', '--move', '-c', '--copy')))
    return [loses('history', 'merged', `replaces branch ${names}`)];
  if (has(parsed, '-m', '--move', '-c', '--copy')) return [keeps(`renames or copies branch ${names}`)];
  if (force) return [loses('history', 'merged', `moves branch ${names} elsewhere`)];
  if (
    names === '' ||
    has(parsed, '-l', '--list', '-a', '--all', '--show-current', '--contains', '--merged', '--no-merged')
  )
    return [reads('git branch')];
  return [keeps(`changes branch ${names}`)];
};

const tag = ({ parsed }: Use): readonly Effect[] => {
  const names = parsed.operands.map(({ text }) => text).join(' ');
  if (has(parsed, '-d', '--delete')) return [loses('history', 'pushed', `deletes tag ${names}`)];
  if (has(parsed, '-f', '--force')) return [loses('history', 'pushed', `replaces tag ${names}`)];
  if (names === '' || has(parsed, '-l', '--list', '-v', '--verify', '-n')) return [reads('git tag')];
  return [keeps(`creates tag ${names}`)];
};

const reflog = ({ parsed }: Use): readonly Effect[] => {
  const action = parsed.operands[0]?.text;
  const destroys = action === 'expire' || action === 'delete' || action === 'drop';
  if (!destroys || has(parsed, '-n', '--dry-run')) return [reads('git reflog')];
  return [loses('history', null, 'deletes the record by which lost commits are found again')];
};

const gc = ({ parsed }: Use): readonly Effect[] => {
  const given = parsed.flags.findLast(({ name }) => name === '--prune');
  if (!given || has(parsed, '--cruft')) return [keeps('packs the repository')];
  return given.value === null || /^(?:\d+\.)?2\.?weeks(?:\.ago)?$|^never$/.test(given.value.text)
    ? [keeps('packs the repository')]
    : [loses('history', null, 'deletes commits that no branch reaches')];
};

const prune = ({ parsed }: Use): readonly Effect[] =>
  has(parsed, '-n', '--dry-run')
    ? [reads('git prune --dry-run')]
    : [loses('history', null, 'deletes commits that no branch reaches')];

const repack = ({ parsed }: Use): readonly Effect[] =>
  has(parsed, '-a') && has(parsed, '-d') && !has(parsed, '-A', '-k', '--keep-unreachable', '--cruft')
    ? [loses('history', null, 'drops packed commits that no branch reaches')]
    : [keeps('packs objects')];

const updateRef = ({ parsed }: Use): readonly Effect[] => {
  if (has(parsed, '--stdin')) return [loses('history', null, 'changes refs as its input says')];
  const name = parsed.operands[0]?.text ?? '';
  return has(parsed, '-d')
    ? [loses('history', 'merged', `deletes ref ${name}`)]
    : [loses('history', 'pushed', `moves ref ${name}`)];
};

const symbolicRef = ({ parsed }: Use): readonly Effect[] =>
  parsed.operands.length < 2 && !has(parsed, '-d', '--delete')
    ? [reads('git symbolic-ref')]
    : [keeps('points a symbolic ref elsewhere')];

const refs = ({ parsed }: Use): readonly Effect[] =>
  ['migrate', 'optimize'].includes(parsed.operands[0]?.text ?? '')
    ? [keeps('repacks the refs')]
    : [reads('git refs')];

const replace = ({ parsed }: Use): readonly Effect[] => {
  if (has(parsed, '-l', '--list') || parsed.operands.length === 0) return [reads('git replace')];
  return [loses('history', 'pushed', 'puts one object in place of another')];
};

const notes = ({ parsed }: Use): readonly Effect[] => {
  const action = parsed.operands[0]?.text ?? 'list';
  return ['list', 'show', 'get-ref'].includes(action)
    ? [reads(`git notes ${action}`)]
    : [keeps(`git notes ${action}`)];
};

const bundle = (use: Use): readonly Effect[] => {
  const [action, file] = use.parsed.operands;
  return action?.text === 'create' && file
    ? [keeps('bundles commits into a file'), writes(use, file, 'overwrite')]
    : [reads('git bundle')];
};

const maintenance = ({ parsed }: Use): readonly Effect[] => {
  const action = parsed.operands[0]?.text;
  return action === 'start' || action === 'register'
    ? [
        {
          type: 'system',
          part: 'schedule',
          change: 'change',
          what: 'schedules git maintenance in the background',
        },
      ]
    : [keeps('tidies the repository')];
};

/** Subcommands over refs and objects. */
export const branchSubcommands: Subcommands = {
  branch: subcommand(
    '-u= --set-upstream-to= --points-at= --sort= --format= --delete --force --move --copy --list --all --remotes --contains --no-contains --merged --no-merged --show-current --unset-upstream --edit-description',
    branch,
  ),
  tag: subcommand(
    '-n? -m= -F= -u= --message= --file= --local-user= --cleanup= --sort= --format= --points-at= --trailer= --delete --force --list --verify',
    tag,
  ),
  reflog: subcommand('--dry-run', reflog),
  gc: subcommand('--prune --aggressive --auto --cruft --max-cruft-size= --expire-to=', gc),
  prune: subcommand('--expire= --dry-run', prune),
  'prune-packed': subcommand('', () => [keeps('removes objects that are packed as well')]),
  repack: subcommand(
    '--window= --depth= --threads= --filter= --filter-to= --expire-to= --keep-unreachable --cruft',
    repack,
  ),
  'pack-refs': subcommand('', () => [keeps('packs refs')]),
  'pack-objects': subcommand('', () => [keeps('packs objects')]),
  'multi-pack-index': subcommand('', () => [keeps('writes an index of packs')]),
  'commit-graph': subcommand('', () => [keeps('writes the commit graph')]),
  'update-ref': subcommand('-m= --stdin', updateRef),
  'symbolic-ref': subcommand('-m= --delete', symbolicRef),
  refs: subcommand('--ref-format=', refs),
  replace: subcommand('--format= --list', replace),
  notes: subcommand(
    '-m= -F= -c= -C= --ref= --message= --file= --reuse-message= --reedit-message= -s= --strategy=',
    notes,
  ),
  bundle: subcommand('--version=', bundle),
  maintenance: subcommand('--task= --schedule= --scheduler= --config-file=', maintenance),
};
