import { type Verb, type VerbKind, verbOfToken } from './verbs.ts';

/** What the leading words of a command line ask for. */
export type Subcommand = {
  readonly kind: VerbKind;
  readonly firm: boolean;
  /** Index of the word that holds the verb. */
  readonly at: number;
};

/** Deeper words are names, not subcommands. */
const depth = 5;

/**
 * Finds the verb among the leading words of a command, whichever of resource and verb comes first:
 * `users delete 5`, `delete users`, `delete-user`, `user:delete`, `userDelete`. Null where no word is a verb.
 */
export const findSubcommand = (words: readonly string[]): Subcommand | null => {
  let loose: Subcommand | null = null;
  let named = false;
  for (const [at, word] of words.slice(0, depth).entries()) {
    if (!isSubcommandLike(word)) {
      named = true;
      continue;
    }
    const verb = verbOfWord(word);
    if (verb === null || (named && verb.kind !== 'destroy')) continue;
    if (verb.kind === 'text') return loose ?? { kind: 'read', firm: true, at };
    const whole = verbOfToken(word.toLowerCase()) !== null;
    // What follows `run` and `test` is a name, unless it is a verb and nothing else.
    if (loose !== null && !whole && ownNames.has(loose.kind)) continue;
    if (verb.firm) return settle({ ...verb, at }, words);
    if (loose === null || (whole && overrides(loose.kind, verb.kind, word))) loose = { ...verb, at };
  }
  return loose === null ? null : settle(loose, words);
};

const ownNames: ReadonlySet<VerbKind> = new Set(['run', 'local']);

/** `deploy status` reads, `deploy docs` deploys; `config sync` syncs. */
const overrides = (earlier: VerbKind, later: VerbKind, word: string): boolean => {
  if (earlier === 'read') return true;
  if (later !== 'read') return false;
  const asked = word.toLowerCase();
  return asksAbout.has(asked) || (earlier === 'create' && asksAboutCopy.has(asked));
};

const asksAbout = new Set(['status', 'history', 'plan', 'check']);
const asksAboutCopy = new Set(['log', 'logs', 'info', 'events']);

/** The verb in a word that may be put together of several: `delete-user`, `user:delete`, `userDelete`. */
const verbOfWord = (word: string): Verb | null => {
  const whole = verbOfToken(word.toLowerCase());
  if (whole !== null) return whole;
  const tokens = tokensOf(word);
  if (tokens.length < 2) return null;
  const joined = tokens.length === 2 ? verbOfToken(tokens.join('')) : null;
  if (joined?.kind === 'destroy') return joined;
  const leading = tokens.findIndex((token) => !modifiers.has(token));
  const start = Math.max(leading, 0);
  const first = verbOfToken(tokens[start]!);
  const last = verbOfToken(tokens.at(-1)!);
  // `ls-del` deletes a switch; in `list-deletions` the last part is no verb.
  if (first?.kind === 'read' && erasers.has(tokens.at(-1)!)) return last;
  if (first !== null && first.kind !== 'text') return withObject(first, tokens.slice(start + 1));
  if (negations.has(tokens[0]!) || last === null || last.kind === 'text') return null;
  return endings.has(tokens.at(-1)!) ? null : { ...last, firm: false };
};

/** At the end of a name these say what it is, not what is done: `image:tag`, `api-release`. */
const endings = new Set([
  'tag',
  'label',
  'release',
  'test',
  'stage',
  'build',
  'fork',
  'issue',
  'lock',
  'pin',
  'mark',
  'link',
  'sign',
]);

/** Lower-case parts of a word: cut at `-`, `_`, `:`, `.`, `/` and before capitals. */
export const tokensOf = (word: string): readonly string[] =>
  word
    .replace(/([a-z0-9])([A-Z])/g, '$1-$2')
    .toLowerCase()
    .split(/[-_:./]+/)
    .filter((token) => token !== '');

const subcommandLike = /^[A-Za-z][\w:.-]{0,60}$/;
const fileLike = /\.[a-z][a-z0-9]{0,4}$/i;

const isSubcommandLike = (word: string): boolean =>
  subcommandLike.test(word) &&
  !(fileLike.test(word) && verbOfToken(word.split('.').at(-1)!.toLowerCase()) === null);

const modifiers = new Set(
  'batch bulk force mass multi safe hard soft admin async auto do cmd db app all perform permanently really now'.split(
    ' ',
  ),
);
const negations = new Set(['no', 'non', 'not', 'un', 'never', 'without']);
const removals = new Set('deletion removal destruction termination delete purge wipe teardown'.split(' '));
const requests = new Set(['update', 'create', 'run', 'local']);
const withdrawals = new Set(['cancel', 'abort', 'stop', 'disable', 'pause', 'reject']);

/** `schedule-key-deletion` destroys, `cancel-key-deletion` does not. */
const withObject = (verb: Verb, rest: readonly string[]): Verb => {
  if (verb.kind === 'slight' && rest.some((token) => token === 'all' || token === 'everything')) {
    return { kind: 'destroy', firm: true };
  }
  if (!requests.has(verb.kind) || !rest.some((token) => removals.has(token))) return verb;
  return rest.length === 0 || withdrawals.has(rest[0]!) ? verb : { kind: 'destroy', firm: true };
};

const settle = (found: Subcommand, words: readonly string[]): Subcommand => {
  if (found.kind !== 'read') return found;
  const next = words[found.at + 1]?.toLowerCase();
  if (next !== undefined && erasers.has(next)) return { kind: 'destroy', firm: true, at: found.at + 1 };
  return showsSecret(words, found.at) ? { ...found, kind: 'secret' } : found;
};

/** Right after a word that only looks like a verb of reading (`list delete`, `view remove`). */
const erasers = new Set(['delete', 'remove', 'destroy', 'rm', 'purge', 'drop', 'del']);

const reveals = new Set(
  'get read show reveal view cat print export download decrypt copy dump fetch pull retrieve inspect decode'.split(
    ' ',
  ),
);
const secretNouns = new Set(
  `secret secrets password passwords passphrase credential credentials creds token tokens apikey api-key apikeys api-keys
   private-key privatekey connection-string connectionstring secret-value`.split(/\s+/),
);

const showsSecret = (words: readonly string[], at: number): boolean => {
  const verbTokens = tokensOf(words[at]!);
  if (!verbTokens.some((token) => reveals.has(token))) return false;
  return words.slice(0, at + 2).some((word) => isSubcommandLike(word) && namesSecret(word));
};

const namesSecret = (word: string): boolean => {
  const tokens = tokensOf(word);
  return tokens.some(
    (token, index) => secretNouns.has(token) || secretNouns.has(`${token}-${tokens[index + 1] ?? ''}`),
  );
};
