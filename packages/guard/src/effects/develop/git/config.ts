import { literal, type Word } from '../../../shell/command.ts';
import type { Effect } from '../../effect.ts';
import { tail } from '../arguments.ts';

/** Keys whose value git hands to a shell or starts as a program; sections and subsections in lower case. */
const runs = new RegExp(
  `^(?:${[
    'alias\\..*',
    'core\\.(?:pager|editor|fsmonitor|sshcommand|gitproxy|askpass|alternaterefscommand)',
    'pager\\..*',
    'diff\\.external',
    'diff\\..*\\.(?:textconv|command)',
    'difftool\\..*\\.(?:cmd|path)',
    'mergetool\\..*\\.(?:cmd|path)',
    'merge\\..*\\.driver',
    'filter\\..*\\.(?:clean|smudge|process)',
    'credential(?:\\..*)?\\.helper',
    'gpg\\.(?:.*\\.)?(?:program|defaultkeycommand)',
    'sequence\\.editor',
    'interactive\\.difffilter',
    'uploadpack\\.packobjectshook',
    'remote\\..*\\.(?:uploadpack|receivepack|vcs)',
    'trailer\\..*\\.(?:command|cmd)',
    'sendemail\\.(?:.*\\.)?(?:smtpserver|sendmailcmd|tocmd|cccmd|headercmd|aliasfile)',
    'submodule\\..*\\.update',
    'browser\\..*\\.(?:cmd|path)',
    'man\\..*\\.(?:cmd|path)',
    'web\\.browser',
    'instaweb\\.(?:httpd|browser|modulepath)',
    'guitool\\..*\\.cmd',
    'ssh\\.variant',
    'imap\\.tunnel',
    'tar\\..*\\.command',
    'hook\\..*\\.command',
    'lfs\\.(?:customtransfer\\..*\\.path|extension\\..*\\.(?:clean|smudge))',
  ].join('|')})$`,
);

/** Keys that load other configuration, templates or hooks, in which anything may stand. */
const loads = /^(?:include\.path|includeif\..*\.path|init\.templatedir|core\.(?:attributesfile|worktree))$/;

/** Keys whose value sends git's traffic to another place or over another proxy. */
const redirects =
  /^(?:url\..*\.(?:push)?insteadof|https?\..*proxy|remote\..*\.(?:url|pushurl|proxy)|http\.curloptresolve)$/;

/** Keys that switch a check off. */
const weakens = new RegExp(
  '^(?:core\\.hookspath|https?\\.(?:.*\\.)?ssl(?:verify|cainfo|capath)|safe\\.(?:directory|barerepository)|' +
    '(?:protocol|remote)(?:\\..*)?\\.allow|(?:transfer|fetch|receive)\\.fsckobjects|core\\.protect(?:ntfs|hfs)|' +
    'receive\\.deny.*|clean\\.requireforce|gc\\..*expire.*|push\\.default)$',
);

const harmlessPrograms =
  /^(?:(?:cat|less|more|most|delta|bat|diff-so-fancy|diff-highlight|difft|vim?|nvim|nano|emacs|code|subl|true|:|vimdiff|meld|gpg2?|cache|osxkeychain|manager|wincred|libsecret)(?: +-{1,2}[\w-]+(?:=[\w-]+)?)*|git-lfs (?:clean|smudge|filter-process)(?: (?:--skip|-- %f|%f))*)$/;

/** Values by which a protective key stays on. */
const keepsOn: Readonly<Record<string, RegExp>> = {
  'clean.requireforce': /^(?:true|yes|on|1)$/i,
  'core.hookspath':
    /^(?:\.\/)?\.?(?:husky|githooks|git-hooks|hooks|(?:config|scripts|tools|build|\.github)\/(?:git-?)?hooks)(?:\/_?)?$/,
  'push.default': /^(?:simple|current|upstream|nothing|tracking)$/i,
  'safe.barerepository': /^explicit$/i,
};

/** What setting a key does, beyond being a setting; empty for the ordinary ones (`user.name`). */
export const settingEffects = (key: string, value: Word): readonly Effect[] => {
  const name = key.toLowerCase();
  const text = value.text.trim();
  if (name.startsWith('alias.')) return aliasEffects(key, value);
  if (name === 'core.fsmonitor' && /^(?:true|false|0|1|)$/i.test(text)) return [];
  if (name === 'credential.helper' && text === 'store')
    return [{ type: 'credential', change: 'write', what: 'keeps git passwords in a plain file' }];
  if (runs.test(name)) {
    if (value.known && (text === '' || harmlessPrograms.test(text))) return [];
    if (name.startsWith('pager.') && /^(?:true|false|0|1)$/i.test(text)) return [];
    return [{ type: 'spawn', program: text, what: `git would run "${text}" (${key})` }];
  }
  if (loads.test(name))
    return [{ type: 'loader', variable: key, what: `git loads settings or hooks from ${text}` }];
  if (redirects.test(name))
    return [
      { type: 'system', part: 'config', change: 'change', what: `git traffic goes by ${text} (${key})` },
    ];
  if (weakens.test(name) && !keepsOn[name]?.test(text) && !isStrict(name, text))
    return [{ type: 'bypass', what: `changes a check of git: ${key}=${text}` }];
  return [];
};

/** A check that is being switched on. */
const isStrict = (name: string, text: string): boolean =>
  /sslverify$|fsckobjects$|protect(?:ntfs|hfs)$|receive\.deny/.test(name)
    ? /^(?:true|yes|on|1|refuse)$/i.test(text)
    : /\.allow$/.test(name) && text === 'never';

const aliasEffects = (key: string, value: Word): readonly Effect[] => {
  if (value.known && !value.text.trimStart().startsWith('!')) return [];
  const program = value.known ? tail(value, value.text.indexOf('!') + 1).text : value.text;
  return [{ type: 'spawn', program, what: `${key} makes git run "${program}"` }];
};

/** `key=value` of `-c`; without `=` the value is true. */
export const splitSetting = (word: Word): { readonly key: string; readonly value: Word } => {
  const at = word.text.indexOf('=');
  if (at === -1) return { key: word.text, value: literal('true') };
  return { key: word.text.slice(0, at), value: tail(word, at + 1) };
};
