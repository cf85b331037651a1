import fc from 'fast-check';
import { categories } from '../../src/decision.ts';
import { fields } from '../../src/rules/fields.ts';
import type { JudgedEffect, Rule, RuleInput } from '../../src/rules/rule.ts';
import { commandOf } from '../command-of.ts';
import { effectArbitrary } from './effect-arbitrary.ts';

const texts = [
  'git push',
  'git push --force origin main',
  'npm install x',
  'rm -rf src',
  'curl example.com',
  'make all',
];
/** Oftener than by chance, so that rules meet on a category. */
const common = [
  ...(['none', 'none', 'fs.mass_delete', 'net.exfil', 'disk', 'git.publish', 'net.fetch', 'opaque'] as const),
  ...(['net.reverse_shell', 'guard.bypass', 'secret.access', 'resource'] as const),
  ...(['net.reverse_shell', 'guard.bypass', 'secret.access', 'resource'] as const),
];
const programs = texts.map((text) => text.split(' ')[0] ?? '');
const types = Object.keys(fields) as (keyof typeof fields)[];

/** A rule over effects, commands or both, of any decision; ids differ by their number. */
export const ruleArbitrary: fc.Arbitrary<Rule> = fc
  .record({
    number: fc.nat({ max: 1_000_000 }),
    decision: fc.constantFrom('allow' as const, 'ask' as const, 'deny' as const),
    category: fc.constantFrom(...common, ...categories),
    final: fc.boolean(),
    effect: fc.option(fc.uniqueArray(fc.constantFrom(...types), { minLength: 1 })),
    program: fc.option(fc.constantFrom(...programs)),
    unless: fc.option(fc.constantFrom('clean' as const, 'buildOutput' as const)),
  })
  .map(({ number, decision, category, final, effect, program, unless }) => ({
    id: `rule-${number}`,
    decision,
    category,
    clause: 'keep-work',
    reason: '{what}',
    final: final && decision === 'deny',
    ...(effect === null ? {} : { effect }),
    ...(program === null && effect !== null ? {} : { program: [program ?? 'git'] }),
    ...(unless === null || decision === 'allow' ? {} : { unless: [unless] }),
    match: [],
    notMatch: [],
  }));

/** A compound of up to four commands, each with up to three effects, and effects of no command. */
export const inputArbitrary: fc.Arbitrary<RuleInput> = fc
  .record({
    commands: fc.array(fc.tuple(fc.constantFrom(...texts), fc.array(effectArbitrary, { maxLength: 3 })), {
      maxLength: 4,
    }),
    alone: fc.array(effectArbitrary, { maxLength: 2 }),
    clean: fc.option(fc.boolean(), { nil: undefined }),
  })
  .map(({ commands, alone, clean }) => {
    const made = commands.map(([text, effects]) => ({ command: commandOf(text), effects }));
    return {
      commands: made.map(({ command }) => command),
      effects: [
        ...made.flatMap(({ command, effects }): JudgedEffect[] =>
          effects.map((effect) => ({ effect, command })),
        ),
        ...alone.map((effect): JudgedEffect => ({ effect, command: null })),
      ],
      facts: clean === undefined ? {} : { clean },
    };
  });
