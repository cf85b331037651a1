import { createParser, type ParseText } from '@tandem/syntax';
import { type CodeJudge, loadCode } from './code/code-effects.ts';
import { createContext } from './context.ts';
import type { Decision, Permission, Reason } from './decision.ts';
import type { DiffGate } from './diff/judge-diff.ts';
import type { CodeLanguageName, Context } from './effects/describe.ts';
import { developTable } from './effects/develop/table.ts';
import type { Effect } from './effects/effect.ts';
import { effectsOf, type FoundEffect } from './effects/effects-of.ts';
import { isBareShell } from './effects/own-shell.ts';
import { placePath } from './effects/place.ts';
import { remoteTable } from './effects/remote/table.ts';
import { describeUnknown } from './effects/remote/unknown-tool.ts';
import { systemTable } from './effects/system/table.ts';
import { withoutBounds } from './effects/unbounded.ts';
import { type Learned, loadLearned } from './learned/learned.ts';
import type { JudgeRequest } from './request.ts';
import { evaluate, isCovered } from './rules/evaluate.ts';
import { generalise, type Offer } from './rules/generalise.ts';
import type { RuleReason } from './rules/rule.ts';
import type { RuleSet } from './rules/rule-set.ts';
import { type Command, literal } from './shell/command.ts';
import { readScript, type Script } from './shell/read-script.ts';
import { maxText, Work } from './work.ts';

/** The guard: may this action run? Give it rules once; then it answers without waiting, the same for the same input. */
export type Guard = {
  /** Loads what the request needs beyond the shell's grammar; call it first where the kind may be new. */
  readonly ready: (request: JudgeRequest) => Promise<void>;
  /** Never throws; what it cannot read it asks about. */
  readonly judge: (request: JudgeRequest) => Judged;
  /** Do rules of people allow every command of it? Then no mode asks about it. */
  readonly covers: (judged: Judged) => boolean;
  /** "Allow this kind here": one general rule for what was asked about; null where none is safe. */
  readonly offer: (judged: Judged) => Offer | null;
};

/** A decision, with what the modes and the offer of a rule need of it. */
export type Judged = Decision & {
  readonly commands: readonly Command[];
  readonly found: readonly FoundEffect[];
  readonly ruleReasons: readonly RuleReason[];
};

const tables = { tables: [systemTable, developTable, remoteTable], unknown: describeUnknown };
const defaultHome = '/home/user';
const defaultWorkspace = '/home/user/project';

/** @throws Error where the shipped grammars or weights are broken */
export const loadGuard = async (options: {
  readonly rules: RuleSet;
  /** Off: rules alone. */
  readonly learned?: boolean;
  /** Milliseconds of work so far: what keeps text that cannot be parsed from holding the caller up. */
  readonly now?: () => number;
}): Promise<Guard> => {
  const parse = await createParser('bash');
  const code = await loadCode();
  const learned = options.learned === false ? null : loadLearned();
  const now = options.now ?? ownTime;
  return new LoadedGuard({ parse, code, learned, rules: options.rules, now });
};

/** Of this thread alone: a busy machine must not change an answer. */
const ownTime = (): number => {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1_000;
};

type Parts = {
  readonly parse: ParseText;
  readonly now: () => number;
  readonly code: CodeJudge;
  readonly learned: Learned | null;
  readonly rules: RuleSet;
};

type Ground = {
  readonly workspace: string;
  readonly home: string;
  readonly cwd: string;
  readonly assumed: boolean;
};

class LoadedGuard implements Guard {
  readonly #parts: Parts;
  #gate: DiffGate | null = null;
  /** Of the request that is being judged: judging never waits, so there is one at a time. */
  #work: Work;

  constructor(parts: Parts) {
    this.#parts = parts;
    this.#work = new Work({ kind: 'bash', input: '' }, parts.now);
  }

  async ready(request: JudgeRequest): Promise<void> {
    const { code } = this.#parts;
    // Most processes that judge see commands alone.
    if (request.kind === 'edit')
      this.#gate ??= await (await import('./diff/judge-diff.ts')).loadDiffGate(code);
    await code.ready(languagesIn(request));
  }

  judge(request: JudgeRequest): Judged {
    this.#work = new Work(request, this.#parts.now);
    try {
      return this.#judge(request);
    } catch (error) {
      const what = `the guard could not read it: ${error instanceof Error ? error.message : String(error)}`;
      const found = [{ effect: { type: 'opaque', at: 'text', what }, command: null }] as const;
      return this.#decide({ kind: request.kind, input: '' }, [], found);
    }
  }

  #judge(request: JudgeRequest): Judged {
    switch (request.kind) {
      case 'bash':
      case 'git':
        return this.#shell(request);
      case 'sql':
      case 'python':
      case 'node':
        return isCommandLine(request.input) ? this.#shell(request) : this.#snippet(request, request.kind);
      case 'edit':
        return this.#edit(request);
    }
  }

  covers({ commands, found }: Judged): boolean {
    return isCovered(this.#parts.rules, { commands, effects: found, facts: {} });
  }

  offer({ decision, commands, found }: Judged): Offer | null {
    return decision === 'ask' ? generalise(this.#parts.rules, { commands, effects: found, facts: {} }) : null;
  }

  #shell(request: JudgeRequest): Judged {
    const unreadable = unreadableText(request.input);
    const ground = groundOf(request);
    const script = this.#read(request.input, ground);
    const found = effectsOf(script, this.#context(ground), tables);
    const all: readonly FoundEffect[] =
      unreadable === null
        ? found
        : [{ effect: { type: 'opaque', at: 'text', what: unreadable }, command: null }, ...found];
    return this.#decide(request, script.commands, all);
  }

  #read(text: string, ground: Ground): Script {
    return readScript(text.slice(0, 4 * maxText), {
      ...ground,
      parse: (text) => this.#work.parse({ parse: this.#parts.parse, text, kind: 'shell' }),
    });
  }

  #snippet(request: JudgeRequest, language: CodeLanguageName): Judged {
    const ground = groundOf(request);
    const context = this.#context(ground);
    const command = snippetCommand(language, ground.cwd);
    const found = context
      .code(language, literal(request.input), command)
      .map((effect) => ({ effect, command: null }));
    return this.#decide(request, [], found);
  }

  /** The diff gate over the texts, and the rules over the files that would be written. */
  #edit(request: JudgeRequest): Judged {
    if (this.#gate === null) throw new Error('the guard judges an edit before it is ready for one');
    const change = request.change ?? this.#gate.read(request.input);
    const gate = this.#gate.judge(change, this.#work.hasTime);
    const ground = groundOf(request);
    const found = change.files.map(({ path, after }) => ({
      effect: editEffect(path, after, ground),
      command: null,
    }));
    const written = this.#decide(request, [], found);
    const reasons = [...gate.reasons.filter((reason) => reason.decision !== 'allow'), ...written.reasons];
    const decision = strictest(gate.decision, written.decision);
    return {
      ...written,
      ...settled(decision, reasons, Math.max(gate.score, written.score)),
      // Facts are gathered for commands alone.
      wants: [],
    };
  }

  #context(ground: Ground): Context {
    return createContext({
      ...ground,
      code: (language, text, command) => this.#nested(() => this.#code(language, text, command, ground)),
      shell: (text, cwd) =>
        this.#nested(() => {
          const inner = { ...ground, cwd: cwd ?? ground.cwd };
          const script = this.#read(text, inner);
          const effects = effectsOf(script, this.#context(inner), tables).map(({ effect }) => effect);
          const what = 'code starts a shell without saying what it runs';
          return script.commands.some(isBareShell)
            ? [...effects, { type: 'spawn', program: 'sh', what }]
            : effects;
        }),
    });
  }

  #code(language: CodeLanguageName, text: string, command: Command, ground: Ground): readonly Effect[] {
    const context = this.#context(ground);
    return this.#parts.code.effects(language, text, {
      cwd: command.cwd,
      path: (path) => {
        const home = /^~(?=\/|$)/.test(path) ? ground.home + path.slice(1) : path;
        return context.path({ ...literal(home), glob: /[*?[]/.test(home) }, command);
      },
      shell: (inner) => context.code('shell', literal(inner), command),
      parse: (parse, part) => this.#work.parse({ parse, text: part, kind: 'code' }),
    });
  }

  #nested(read: () => readonly Effect[]): readonly Effect[] {
    return this.#work.nested(read) ?? [{ type: 'opaque', at: 'code', what: 'code is nested too deeply' }];
  }

  /** Facts or a person's rules have spoken for it: a guess knows less than they. */
  #isAnswered(request: JudgeRequest, commands: readonly Command[], effects: readonly FoundEffect[]): boolean {
    return request.facts !== undefined || isCovered(this.#parts.rules, { commands, effects, facts: {} });
  }

  #decide(request: JudgeRequest, commands: readonly Command[], effects: readonly FoundEffect[]): Judged {
    const found = request.workspace === undefined ? withoutBounds(effects) : effects;
    const facts = {
      ...(request.workspace === undefined ? {} : { workspace: request.workspace }),
      ...request.facts,
    };
    const ruleReasons = evaluate(this.#parts.rules, { commands, effects: found, facts });
    const against = ruleReasons.filter((reason) => reason.decision !== 'allow');
    const guess =
      against.length > 0 || this.#isAnswered(request, commands, found)
        ? null
        : (this.#parts.learned?.(commands, found) ?? null);
    const reasons: readonly Reason[] = guess === null ? against : [guess.reason];
    const wants = [...new Set(against.flatMap((reason) => reason.wants))];
    const decision = reasons[0]?.decision ?? 'allow';
    return {
      ...settled(decision, reasons, guess?.score ?? scores[decision]),
      effects: found.map(({ effect }) => effect),
      wants,
      commands,
      found,
      ruleReasons,
    };
  }
}

const scores = { allow: 0, ask: 0.5, deny: 1 } as const;

const settled = (
  decision: Permission,
  reasons: readonly Reason[],
  score: number,
): Pick<Decision, 'decision' | 'category' | 'score' | 'reasons'> => ({
  decision,
  category: reasons.find((reason) => reason.decision === decision)?.category ?? 'none',
  score,
  reasons,
});

const order: readonly Permission[] = ['allow', 'ask', 'deny'];
const strictest = (one: Permission, other: Permission): Permission =>
  order.indexOf(one) > order.indexOf(other) ? one : other;

const editEffect = (path: string, after: string | null, ground: Ground): Effect => {
  const place = placePath(path, false, ground);
  return after === null
    ? { type: 'delete', path: place, recursive: false }
    : { type: 'write', path: place, how: 'edit' };
};

const groundOf = (request: JudgeRequest): Ground => {
  const named = request.workspace ?? request.cwd;
  const workspace = named ?? folderOfText(request.input) ?? defaultWorkspace;
  return {
    workspace,
    home: request.home ?? defaultHome,
    cwd: request.cwd ?? workspace,
    assumed: named === undefined,
  };
};

/** Folders of a home that hold other things than work. */
const personal =
  /^\/[^/]+\/[^/]+\/(?:Documents|Downloads|Desktop|Pictures|Music|Movies|Videos|Library|Public)$/;

/**
 * Where nobody named a folder, the one that the text goes to before all else is what it works in: `cd FOLDER && …`,
 * as agents write each command.
 */
const folderOfText = (text: string): string | null => {
  const folder = /^\s*cd\s+(\/(?:home|Users)\/[\w-]+\/[\w-]+(?:\/[\w.@+-]+)*)\/?\s*(?:&&|;|\n)/.exec(
    text,
  )?.[1];
  return folder === undefined || personal.test(folder) || folder.split('/').includes('..') ? null : folder;
};

/** Characters that make a text look other than it runs. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: a NUL in a command is what is looked for
const hidden = /[\u0000\u200B-\u200F\u202A-\u202E\u2060-\u2064\u2066-\u206F\uFEFF]/;

const unreadableText = (text: string): string | null => {
  if (text.length > maxText) return `is longer than ${maxText} characters`;
  return hidden.test(text) ? 'holds characters that cannot be seen' : null;
};

/** A snippet that is given with its program: `python -c '…'`, `psql -c '…'`. */
const isCommandLine = (text: string): boolean =>
  /^\s*(?:sudo\s+)?(?:[\w./-]*\/)?(?:python[\d.]*|node(?:js)?|deno|bun|npx|tsx|psql|mysql|mariadb|sqlite3|duckdb|sqlcmd|mongosh?|uv|perl|ruby|php)\s+(?!=|:|in\b|is\b)\S/.test(
    text,
  );

/** The grammars of code that a text may hold; the name of an interpreter in it is enough. */
const languagesIn = ({ kind, input }: JudgeRequest): readonly CodeLanguageName[] => {
  if (kind === 'edit') return [];
  const found: CodeLanguageName[] = kind === 'python' || kind === 'node' ? [kind] : [];
  if (/py(?:thon|py)?|uv\b|\.py\b/i.test(input)) found.push('python');
  if (/node|bun|deno|tsx?\b|\.[cm]?[jt]s\b|npx/i.test(input)) found.push('node');
  return found;
};

const snippetCommand = (language: CodeLanguageName, cwd: string): Command => ({
  name: language,
  program: { text: language, known: true, glob: false, quoted: false },
  args: [],
  redirects: [],
  env: {},
  cwd,
  stdin: { type: 'none' },
  pipedTo: null,
  wrappers: [],
  elsewhere: null,
  source: '',
});
