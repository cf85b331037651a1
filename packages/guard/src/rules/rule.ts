import type { Category, Permission, Reason } from '../decision.ts';
import type { Effect } from '../effects/effect.ts';
import type { Facts, Want } from '../facts/facts.ts';
import type { Command } from '../shell/command.ts';

/** Who wrote a rule, most powerful first. */
export const layers = ['managed', 'user', 'workspace', 'default'] as const;
export type Layer = (typeof layers)[number];

/** What a rule may be spared by, if it is so in fact. `stated`: whatever the effect itself names in its `unless`. */
export const exceptions = [
  'clean',
  'noUntracked',
  'noStash',
  'pushed',
  'merged',
  'stated',
  'tracked',
  'created',
  'missing',
  'untracked',
  'file',
  'buildOutput',
  'sharedBranch',
] as const;
export type Exception = (typeof exceptions)[number];

/** Values that a field may have, any of them: `none` stands for a field that is left out or null. */
export type Values = readonly (string | boolean)[];

/** Field, dotted (`path.place`), to the values it may have; every field must fit. */
export type Where = Readonly<Record<string, Values>>;

/** One line of a policy. It matches an effect if `effect` is given, else a command; every condition must hold. */
export type Rule = {
  readonly id: string;
  readonly decision: Permission;
  /** Of an allow rule: the only category it lifts; `none` lifts asks of ordinary categories. */
  readonly category: Category;
  readonly clause: string;
  /** `{what}`, `{path}`, `{host}` and `{program}` are filled in. */
  readonly reason: string;
  /** No rule of a person lifts it. */
  readonly final: boolean;
  readonly effect?: readonly Effect['type'][];
  readonly where?: Where;
  /** The rule does not match what fits all of this. */
  readonly except?: Where;
  /** By name, or by path where it is called by one. */
  readonly program?: readonly string[];
  /** The command's first words, in order; alternatives in a list. */
  readonly args?: readonly (readonly string[])[];
  /** Any of them among the words: `--force`, or `-f` also inside `-rf`. */
  readonly flags?: readonly string[];
  readonly wrapper?: readonly string[];
  /** Runs on another machine or in a container. */
  readonly elsewhere?: boolean;
  /** Any of them as a part of a word, between what is no letter or digit. */
  readonly mentions?: readonly string[];
  readonly unless?: readonly Exception[];
  /** What must be so in fact for the rule to match; what is not known is not so, and other rules decide. */
  readonly when?: readonly Exception[];
  /** Shell texts that it must match, and must not. */
  readonly match: readonly string[];
  readonly notMatch: readonly string[];
};

/** An effect with the command it came from; null where it is of the whole text. */
export type JudgedEffect = { readonly effect: Effect; readonly command: Command | null };

export type RuleInput = {
  readonly commands: readonly Command[];
  readonly effects: readonly JudgedEffect[];
  readonly facts: Facts;
};

/** A reason, and what of its rule the modes and the facts need to know. */
export type RuleReason = Reason & {
  readonly layer: Layer;
  readonly final: boolean;
  readonly wants: readonly Want[];
};
