import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { linesOf, scriptOf } from './script-of.ts';

const cases = (rows: readonly (readonly [text: string, lines: readonly string[]])[]): void => {
  it.each(rows.map(([text, lines]) => ({ text, lines })))('$text', ({ text, lines }) => {
    expect(linesOf(text)).toEqual(lines);
  });
};

describe('quoting is undone', () => {
  cases([
    ['r""m -r"f" \'a b\'', ['rm -rf a b']],
    ['\\rm x', ['rm x']],
    ["$'\\x72m' $'\\162m'", ['rm rm']],
    ['rm$IFS-rf$IFS/', ['rm -rf /']],
    ['rm${IFS}-rf${IFS}/x', ['rm -rf /x']],
    ['echo "a\\"b\\$c"', ['echo a"b$c']],
    ['/bin/rm x', ['rm x']],
  ]);
});

describe('expansions', () => {
  cases([
    ['a=rm; b=-rf; $a $b /', ['rm -rf /']],
    ['${x:-rm} y', ['rm y']],
    ['x=abc; echo ${x#a} ${x%c} ${x/b/-} ${x^^} ${#x} ${x:1:1}', ['echo bc ab a-c ABC 3 b']],
    ['rm {a,b}/{c,d}', ['rm a/c a/d b/c b/d']],
    ['echo {1..3}', ['echo 1 2 3']],
    ['ls ~ ~/x ~root/y', ['ls /home/user /home/user/x /root/y']],
    ['rm "$DIR"/build', ['rm …/build']],
    ['rm *.log', ['rm *.log (names)']],
    ['rm "*.log"', ['rm *.log']],
    ['set -- a b; rm "$@"', ['set -- a b', 'rm a b']],
    ['x="a b"; rm $x "$x"', ['rm a b a b']],
    ['IFS=,; x=$((1+1)); echo $x', ['echo …']],
  ]);
});

describe('substitutions run, and their output counts where it is known', () => {
  cases([
    ['$(echo rm) -rf /', ['echo rm', 'rm -rf /']],
    ['`printf %s rm` x', ['printf %s rm', 'rm x']],
    ['rm -rf $(pwd)/build', ['pwd', 'rm -rf /home/user/project/build']],
    ['x=$(mktemp -d); rm -rf "$x"', ['mktemp -d', 'rm -rf /tmp/tmp.…']],
    ['rm $(ls logs/)', ['ls logs/', 'rm logs/… (names)']],
    ['echo $((1 + $(rm x)))', ['rm x', 'echo …']],
    ['diff <(sort a) b', ['sort a', 'diff /dev/fd/63 b']],
    ['[ -n "$(rm x)" ]', ['rm x']],
  ]);
});

describe('wrappers are taken off', () => {
  cases([
    ['sudo -u bob rm x', ['<sudo> rm x']],
    ['env -i A=1 rm x', ['<env> A=1 rm x']],
    ['env -S "A=1 rm x"', ['<env> A=1 rm x']],
    ['timeout 5 nice -n 3 rm x', ['<timeout> <nice> rm x']],
    ['bash -lc "cd /tmp && rm x"', ['<bash -c> cd /tmp', '<bash -c> [/tmp] rm x']],
    ['bash -c \'rm "$1"\' _ /etc', ['<bash -c> rm /etc']],
    ['eval "rm -rf" x', ['rm -rf x']],
    ['echo a b | xargs rm -f', ['echo a b', '<xargs> rm -f a b']],
    ['echo / | xargs -I{} sh -c "rm -rf {}"', ['echo /', '<xargs> <sh -c> rm -rf /']],
    ['find src -name x -exec rm {} +', ['find src -name x -exec rm {} +', '<find -exec> rm src/… (names)']],
    ['parallel rm -rf {} ::: a b', ['<parallel> rm -rf a', '<parallel> rm -rf b']],
    ['ssh -p 2 me@h "rm -rf /x"', ['ssh -p 2 me@h rm -rf /x', '<ssh> @me@h rm -rf /x']],
    ['docker exec -it web rm -rf /x', ['docker exec -it web rm -rf /x', '<docker exec> @web rm -rf /x']],
    [
      'git submodule foreach "rm -rf x"',
      ['git submodule foreach rm -rf x', '<git submodule foreach> rm -rf x'],
    ],
    ['busybox rm x', ['<busybox> rm x']],
    ['command rm x; exec rm y; \\time rm z', ['<command> rm x', '<exec> rm y', '<time> rm z']],
    ['poetry run rm x', ['<poetry run> rm x']],
  ]);
});

describe('text that becomes a program', () => {
  cases([
    ['cat <<EOF | sh\nrm -rf ~\nEOF', ['cat <<rm -rf ~', '<sh <> rm -rf /home/user']],
    ['bash <<< "rm x"', ['<bash <> rm x']],
    ['echo cm0gLXJmIC8= | base64 -d | sh', ['echo cm0gLXJmIC8=', 'base64 -d', 'sh', '<sh <> rm -rf /']],
    ['sh -c "$(echo rm x | rev | rev)"', ['echo rm x', 'rev', 'rev', '<sh -c> rm x']],
    ["cat <<'EOF' > f\n$x\nEOF", ['cat >f <<$x']],
    ['alias ls="rm -rf"; ls /', ['alias ls=rm -rf', 'rm -rf /']],
    ['f() { rm -rf "$1"; }; f /etc', ['rm -rf /etc']],
    ['trap "rm -rf x" EXIT', ['rm -rf x']],
  ]);
});

describe('the folder that a command runs in', () => {
  cases([
    ['cd /a/../b && rm x', ['cd /a/../b', '[/b] rm x']],
    ['cd "$X" && rm x', ['cd …', '[null] rm x']],
    ['(cd /tmp; ls); rm x', ['cd /tmp', '[/tmp] ls', 'rm x']],
    ['cd; rm x', ['cd', '[/home/user] rm x']],
    ['if true; then cd /tmp; fi; rm x', ['true', 'cd /tmp', '[null] rm x']],
  ]);
});

describe('control flow', () => {
  cases([
    ['for f in a b; do rm "$f"; done', ['rm a', 'rm b']],
    ['for f in *.txt; do rm "$f"; done', ['rm *.txt (names)']],
    ['find . -name x | while read -r f; do rm "$f"; done', ['find . -name x', 'read -r f', 'rm ./… (names)']],
    ['case $x in a) rm a;; *) rm b;; esac', ['rm a', 'rm b']],
    ['! rm x; { rm y; } > log', ['rm x', 'rm y >log']],
    ['ls > out arg 2>&1', ['ls arg >out']],
  ]);
});

it.each(['constructor', '__proto__', 'toString'])(
  'takes a program called %s for one that it does not know',
  (name) => {
    expect(linesOf(`ls $(${name} x)`)).toEqual([`${name} x`, 'ls …']);
  },
);

describe('lines', () => {
  cases([
    ['g\\\nit status', ['git status']],
    ['ls \\\n -la', ['ls -la']],
    ['echo x\n\\rm y', ['echo x', 'rm y']],
    ['# a comment \\\nrm y', ['rm y']],
    ["alias z=bash\nz <<<'rm y'", ['alias z=bash', '<bash <> rm y']],
  ]);
});

describe('texts written to exhaust the reader', () => {
  it.each([
    'find . -exec',
    'a=$a$a; '.repeat(30),
    'a+=x$a; '.repeat(60),
    '{a,'.repeat(2000),
    '${a:-'.repeat(1000),
    `echo ${'{1..99}'.repeat(500)}`,
    `${'for i in a b c; do '.repeat(60)}ls;${' done;'.repeat(60)}`,
    `echo ${'$('.repeat(2000)}`,
  ])('%#', (text) => {
    const { commands, marks } = scriptOf(text);
    expect(commands.length + marks.length).toBeLessThan(1_000);
  });
});

it('marks what cannot be read', () => {
  expect(scriptOf('if then (').marks).toMatchObject([{ type: 'opaque', at: 'text' }]);
});

it('tells a function that starts itself without end', () => {
  expect(scriptOf(':(){ :|:& };:').marks).toMatchObject([{ type: 'system', part: 'resource' }]);
});

const pieces = fc.constantFrom(
  ...[
    'rm',
    '-rf',
    '/',
    '$x',
    '"$x"',
    "'",
    '"',
    '`',
    '$(',
    ')',
    '{',
    '}',
    '{a,b}',
    '|',
    '&&',
    ';',
    '\n',
    '<<EOF',
    'EOF',
  ],
  ...[
    'sudo',
    'env',
    'xargs',
    'find',
    '-exec',
    '+',
    'bash',
    '-c',
    'eval',
    '${x:-y}',
    '${x//a/b}',
    '>',
    '<',
    '&',
    '\\',
  ],
  ...[
    'for f in a; do',
    'done',
    'if',
    'then',
    'fi',
    'f()',
    '((',
    '))',
    '~',
    '*',
    '[',
    'ssh',
    'cd',
    '..',
    'A=1',
    '\u200b',
  ],
);

it('never throws and answers the same for the same text', () => {
  fc.assert(
    fc.property(fc.array(fc.oneof(pieces, fc.string({ maxLength: 6 })), { maxLength: 30 }), (parts) => {
      const text = parts.join(' ');
      expect(linesOf(text)).toEqual(linesOf(text));
    }),
    { numRuns: 400 },
  );
});

it('reads quoted words as they were, whatever is in them', () => {
  fc.assert(
    fc.property(
      fc.string({ maxLength: 20 }).filter((text) => !/[\0\r\uFFFC]/.test(text)),
      (text) => {
        const quoted = `'${text.replaceAll("'", "'\\''")}'`;
        expect(
          scriptOf(`echo -- ${quoted}`)
            .commands.at(-1)
            ?.args.map((word) => word.text),
        ).toEqual(['--', text]);
      },
    ),
    { numRuns: 300 },
  );
});
