import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { remoteTable } from '../../../src/effects/remote/table.ts';
import { describeUnknown } from '../../../src/effects/remote/unknown-tool.ts';
import type { Stdin } from '../../../src/shell/command.ts';
import { commandOf, word } from '../../command-of.ts';
import { changeOf, context, effectsUnknown } from './context.ts';

const names = Object.keys(remoteTable);
const text = fc.oneof(
  fc.constantFrom(
    'delete',
    'get',
    'list',
    '--force',
    '-f',
    '-c',
    '--',
    '-',
    '--dry-run',
    's3',
    'rm',
    'secret',
    '\uFFFC',
    '',
  ),
  fc.string({ maxLength: 12 }),
  fc.string({ unit: 'grapheme', maxLength: 12 }),
);
const args = fc.array(text, { maxLength: 7 });
const stdin: fc.Arbitrary<Stdin> = fc.oneof(
  fc.constant({ type: 'none' } as const),
  text.map((one) => ({ type: 'text', text: word(one) }) as const),
  args.map((some) => ({ type: 'pipe', from: commandOf('echo', { args: some.map(word) }) }) as const),
);

describe('any command line', () => {
  test('is described without an error, twice the same', () => {
    fc.assert(
      fc.property(fc.constantFrom(...names), args, stdin, (name, words, input) => {
        const command = commandOf(name, { args: words.map(word), stdin: input });
        const first = remoteTable[name]!(command, context);
        expect(remoteTable[name]!(command, context)).toEqual(first);
        expect(describeUnknown(command, context)).toEqual(describeUnknown(command, context));
      }),
      { numRuns: 3000 },
    );
  });

  test('an unknown tool always has at least one effect', () => {
    fc.assert(
      fc.property(args, (words) => {
        expect(
          describeUnknown(commandOf('tool', { args: words.map(word) }), context)?.length,
        ).toBeGreaterThan(0);
      }),
      { numRuns: 2000 },
    );
  });

  const resource = fc
    .stringMatching(/^[b-h]{3,8}$/)
    .filter((noun) => changeOf(effectsUnknown(`tool ${noun}`)) === 'local');
  const verb = fc.constantFrom(
    'delete',
    'destroy',
    'remove',
    'purge',
    'wipe',
    'terminate',
    'drop',
    'uninstall',
  );

  test('a destroying verb is seen in every spelling', () => {
    fc.assert(
      fc.property(resource, verb, fc.constantFrom('', '--profile prod ', '--yes '), (noun, action, flags) => {
        const capital = noun[0]!.toUpperCase() + noun.slice(1);
        for (const words of [
          `${noun} ${action} 5`,
          `${action} ${noun} 5`,
          `${action}-${noun} 5`,
          `${action}${capital} 5`,
          `${action}_${noun}`,
        ]) {
          expect([words, changeOf(effectsUnknown(`tool ${flags}${words}`))]).toEqual([words, 'destroy']);
        }
      }),
    );
  });

  test('a dry run changes nothing, whatever the verb', () => {
    fc.assert(
      fc.property(resource, verb, (noun, action) => {
        expect(changeOf(effectsUnknown(`tool ${noun} ${action} 5 --dry-run`))).toBe('read');
      }),
    );
  });
});
