import { literal, type Word } from '../../../shell/command.ts';
import type { Effect } from '../../effect.ts';
import { has, valuesOf } from '../arguments.ts';
import { settingEffects } from './config.ts';
import { keeps, reads, type Subcommands, spawns, subcommand, type Use, writes } from './use.ts';

const config = (use: Use): readonly Effect[] => {
  const { parsed } = use;
  const { action, key, value } = request(use);
  if (action === 'read') return [reads('git config')];
  if (action === 'edit') return [keeps('opens the settings in an editor'), ...place(use)];
  const what = `${action === 'set' ? 'sets' : 'removes'} ${key?.text ?? 'a setting'}`;
  const setting = action === 'set' && key && value ? settingEffects(key.text, value) : [];
  const unknownKey: readonly Effect[] =
    key && !key.known ? [{ type: 'opaque', at: 'code', what: 'a git setting that is not known' }] : [];
  const dropped: readonly Effect[] =
    action === 'unset' && /^core\.hookspath$|fsckobjects$/i.test(key?.text ?? '')
      ? [{ type: 'bypass', what }]
      : [];
  return [keeps(what), ...setting, ...unknownKey, ...dropped, ...place({ ...use, parsed })];
};

type Request = {
  readonly action: 'read' | 'set' | 'unset' | 'edit';
  readonly key?: Word | undefined;
  readonly value?: Word | undefined;
};

/** What is asked of the settings, in the old spelling (options) or the new one (`git config set`). */
const request = ({ parsed }: Use): Request => {
  const [first, second, third] = parsed.operands;
  if (
    has(
      parsed,
      '--get',
      '--get-all',
      '--get-regexp',
      '--get-urlmatch',
      '--get-color',
      '--get-colorbool',
      '-l',
      '--list',
    )
  )
    return { action: 'read' };
  if (has(parsed, '-e', '--edit')) return { action: 'edit' };
  if (has(parsed, '--unset', '--unset-all', '--remove-section', '--rename-section'))
    return { action: 'unset', key: first };
  if (has(parsed, '--add', '--replace-all')) return { action: 'set', key: first, value: second };
  switch (first?.text) {
    case undefined:
    case 'list':
    case 'get':
      return { action: 'read' };
    case 'set':
      return { action: 'set', key: second, value: third };
    case 'unset':
    case 'remove-section':
    case 'rename-section':
      return { action: 'unset', key: second };
    case 'edit':
      return { action: 'edit' };
    default:
      return second ? { action: 'set', key: first, value: second } : { action: 'read' };
  }
};

/** Settings outside the repository are files of the person or the machine. */
const place = (use: Use): readonly Effect[] => {
  const { parsed, context } = use;
  if (has(parsed, '--global')) return [writes(use, literal(`${context.home}/.gitconfig`), 'edit')];
  if (has(parsed, '--system')) return [writes(use, literal('/etc/gitconfig'), 'edit')];
  return valuesOf(parsed, '-f', '--file').map((word) => writes(use, word, 'edit'));
};

const credential = ({ parsed }: Use): readonly Effect[] => {
  const action = parsed.operands[0]?.text ?? '';
  if (/^(?:fill|get)$/.test(action))
    return [{ type: 'credential', change: 'read', what: 'prints a stored git password' }];
  if (/^(?:approve|store)$/.test(action))
    return [{ type: 'credential', change: 'write', what: 'stores a git password' }];
  if (/^(?:reject|erase|exit)$/.test(action))
    return [{ type: 'credential', change: 'destroy', what: 'removes a git password' }];
  return [reads('git credential')];
};

/** Settings and passwords. */
export const configSubcommands: Subcommands = {
  config: subcommand(
    '-f= --file= --blob= --type= --default= --comment= --value= --url= --get --get-all --get-regexp --get-urlmatch --list --edit --unset --unset-all --remove-section --rename-section --add --replace-all --global --system --local --worktree',
    config,
  ),
  credential: subcommand('', credential),
  'credential-store': subcommand('--file=', credential),
  'credential-cache': subcommand('--timeout= --socket=', credential),
  'credential-manager': subcommand('', credential),
  shell: subcommand('-c=', ({ parsed }) =>
    valuesOf(parsed, '-c').map((word) => spawns(word, `runs "${word.text}"`)),
  ),
};
