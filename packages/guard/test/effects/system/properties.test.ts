import fc from 'fast-check';
import { expect, it } from 'vitest';
import { systemTable } from '../../../src/effects/system/table.ts';
import { hole, type Stdin } from '../../../src/shell/command.ts';
import { commandOf, word } from '../../command-of.ts';
import { context } from './told.ts';

const program = fc.constantFrom(...Object.keys(systemTable));
const piece = fc.constantFrom(
  ...`-a -abc -rf -i -e -n -o -x -c -d -p -t -X -T -- - --output --output=x --file= --dry-run --help -h a.txt /etc/passwd ~ . .. *.log
  src/ if=a of=b a=b user@host:/x http://example.com/x?y=$1 ! !sh ; {} + add delete list show set exec run stop status 777 u+s +x
  tcp:host:1 exec:sh 'it 1 -1 -9 %1 @ :80 \\ " $( ) é 🙂`.split(/\s+/),
  hole,
  `a${hole}b`,
  `--file=${hole}`,
  '',
);
const args = fc.array(fc.oneof(piece, fc.string({ maxLength: 12 })), { maxLength: 8 });
const stdin: fc.Arbitrary<Stdin> = fc.oneof(
  fc.constant<Stdin>({ type: 'none' }),
  args.map((words): Stdin => ({ type: 'text', text: word(words.join('\n')) })),
  piece.map((text): Stdin => ({ type: 'file', path: word(text) })),
  args.map((words): Stdin => ({ type: 'pipe', from: { ...commandOf('echo'), args: words.map(word) } })),
);

it('describes any words of any program without failing, and always the same', () => {
  fc.assert(
    fc.property(program, args, stdin, (name, words, input) => {
      const command = { ...commandOf(name), name, args: words.map(word), stdin: input };
      const first = systemTable[name]!(command, context);
      expect(systemTable[name]!(command, context)).toEqual(first);
      expect(first === null || Array.isArray(first)).toBe(true);
    }),
    { numRuns: 20_000 },
  );
});

it('describes every program without words', () => {
  for (const [name, describe] of Object.entries(systemTable)) {
    expect(() => describe({ ...commandOf(name), name }, context)).not.toThrow();
  }
});

it('does nothing when it is asked for help first', () => {
  const exempt = new Set(['echo', 'printf', 'test', '[', 'eval', 'command', 'exec', 'cmd', 'cmd.exe']);
  for (const [name, describe] of Object.entries(systemTable)) {
    if (!exempt.has(name))
      expect([name, describe({ ...commandOf(`${name} --help`), name }, context)]).toEqual([name, []]);
  }
});

it('asks about a list of words that is too long to judge', () => {
  const rm = (count: number) =>
    systemTable.rm!({ ...commandOf('rm'), args: Array(count).fill(word('a')) }, context);
  expect(rm(500)).toHaveLength(500);
  expect(rm(501)).toMatchObject([{ type: 'opaque', at: 'target' }]);
});

it('knows no program by the name of a property of objects', () => {
  for (const name of ['constructor', 'toString', '__proto__', 'hasOwnProperty'])
    expect(systemTable[name]).toBeUndefined();
});

it('tells of a removal whatever options stand around it', () => {
  const options = fc.array(
    fc.constantFrom('-f', '-r', '-v', '-rf', '--force', '--recursive', '--verbose', '--'),
    { maxLength: 4 },
  );
  fc.assert(
    fc.property(options, options, (before, after) => {
      const effects = systemTable.rm!(commandOf(['rm', ...before, 'precious', ...after].join(' ')), context);
      expect(
        effects?.some((effect) => effect.type === 'delete' && effect.path.path.endsWith('/precious')),
      ).toBe(true);
    }),
  );
});
