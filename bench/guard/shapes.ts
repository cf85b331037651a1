import type { RequestKind } from '../../packages/guard/src/request.ts';

export type Shape = { readonly name: string; readonly kind: RequestKind; readonly text: string };

/** The longest text that the guard reads. */
export const shapeLength = 10_000;

/** Long inputs, each made to be dear for one stage. */
export const shapes = (): readonly Shape[] => [
  bash('one long word', 'rm ', 'x'),
  bash('arguments', 'rm ', 'file '),
  bash('flags', 'tar ', '-x '),
  bash('paths up', 'rm ', '../'),
  bash('globs', 'rm ', '*/a? '),
  bash('statements ;', '', 'ls a; '),
  bash('statements on lines', '', 'ls a\n'),
  bash('statements &&', 'ls', ' && ls'),
  bash('pipes', 'cat a', ' | sed s/a/b/'),
  bash('pipes to sh', 'cat a', ' | sh'),
  bash('background', '', 'a & '),
  bash('single quotes', 'echo ', "'a'"),
  bash('double quotes', 'echo ', '"$a"'),
  bash('ANSI-C quotes', 'echo ', "$'\\x41'"),
  bash('backslashes', 'echo ', '\\a'),
  bash('braces', 'rm ', '{a,b}'),
  bash('brace ranges', 'rm ', '{1..99}'),
  bash('nested braces', 'rm ', '{a,', '}'),
  bash('open braces', 'rm ', '{'),
  bash('variables', 'rm ', '$a '),
  bash('assignments', '', 'a=b '),
  bash('doubling variables', 'a=x; ', 'a=$a$a; '),
  bash('appended variables', '', 'a+=x$a; '),
  bash('parameter replacements', 'rm ', '${a/b/c} '),
  bash('nested parameters', 'rm ', '${a:-', '}'),
  { name: 'stars in a parameter', kind: 'bash', text: framed('a=', 'x', '; rm ${a//*y*y*y*y/}') },
  bash('nested $(', '', 'echo $(', ')'),
  bash('nested backticks in $(', 'echo ', '$(`a` ', ')'),
  bash('nested subshells', '', '( ', ')'),
  bash('nested groups', '', '{ ', ';}'),
  bash('open subshells', '', '('),
  bash('open quotes and parentheses', '', '$("'),
  bash('process substitutions', 'diff ', '<(a) '),
  bash('nested if', '', 'if a; then ', ' b; fi'),
  bash('nested loops', '', 'for i in a b c; do ', ' b; done'),
  { name: 'values of a loop', kind: 'bash', text: framed('for i in ', 'a b ', '; do rm $i; done') },
  bash('functions', '', 'f() { f; }; '),
  bash('doubling functions', 'f0() { ls; }; ', 'f() { f0; f0; }; '),
  bash('aliases', '', "alias a='b'\n"),
  bash('cd', '', 'cd a; '),
  bash('cd up', '', 'cd ..; '),
  bash('redirects', 'ls ', '> a '),
  bash('redirects of descriptors', 'ls ', '2>&1 '),
  bash('here-strings', '', 'cat <<< a; '),
  bash('here-documents', '', 'cat <<E\na\nE\n'),
  bash('open here-documents', 'cat ', '<<E '),
  { name: 'one here-document', kind: 'bash', text: framed('cat <<E\n', 'rm -rf a\n', '\nE\n') },
  { name: 'here-document to sh', kind: 'bash', text: framed('sh <<E\n', 'rm -rf a\n', '\nE\n') },
  { name: 'here-document to python', kind: 'bash', text: framed('python3 - <<E\n', 'f(a)\n', '\nE\n') },
  { name: 'text for bash -c', kind: 'bash', text: framed("bash -c '", 'rm a; ', "'") },
  { name: 'text for python -c', kind: 'bash', text: framed("python -c '", 'f(a); ', "'") },
  { name: 'text for node -e', kind: 'bash', text: framed("node -e '", 'f(a); ', "'") },
  { name: 'text for awk', kind: 'bash', text: framed("awk '", '{print $1} ', "'") },
  { name: 'text for sed', kind: 'bash', text: framed("sed -e '", 's/a/b/;', "' x") },
  { name: 'text for perl -e', kind: 'bash', text: framed("perl -e '", 'f($a); ', "'") },
  { name: 'text for ruby -e', kind: 'bash', text: framed("ruby -e '", 'f(a); ', "'") },
  { name: 'text for php -r', kind: 'bash', text: framed("php -r '", 'f($a); ', "'") },
  { name: 'text for pwsh -c', kind: 'bash', text: framed("pwsh -c '", 'Get-Item a; ', "'") },
  { name: 'text for mongosh', kind: 'bash', text: framed("mongosh --eval '", 'db.a.find({}); ', "'") },
  { name: 'text for psql', kind: 'bash', text: framed('psql -c "', 'select 1; ', '"') },
  bash('prefixes', '', 'env '),
  bash('sudo', '', 'sudo '),
  bash('bash -c', '', 'bash -c '),
  bash('eval', '', 'eval '),
  bash('xargs', 'ls | ', 'xargs '),
  bash('find -exec', 'find . ', '-exec rm {} + '),
  bash('nested find -exec', '', 'find . -exec ', ' \\;'),
  bash('ssh', '', 'ssh a '),
  bash('git -c', 'git ', '-c a=b '),
  bash('base64', 'echo ', 'QUJD', ' | base64 -d | sh'),
  bash('tests', '', '[[ a =~ b ]] && '),
  bash('arithmetic', 'echo $((', '1+', '1))'),
  bash('comments', '', '# a\n'),
  bash('continued lines', 'ls ', '\\\n'),
  bash('words beyond ASCII', 'rm ', 'é漢😀 '),
  bash('addresses', 'ssh ', 'a@'),
  bash('colons', 'scp ', 'a:'),
  bash('equals', 'env ', 'a=b,'),
  bash('dashes', 'curl ', '--a-'),
  bash('blanks in quotes', "git log '", ' '),
  bash('an expression that is none', '[[ a =~ ', '&~'),
  bash('brackets that close nothing', 'rm ', ')['),
  { name: 'SQL statements', kind: 'sql', text: framed('', 'delete from a where b; ', '') },
  { name: 'SQL parentheses', kind: 'sql', text: framed('select ', '(', '') },
  { name: 'Python calls', kind: 'python', text: framed('', 'f(a)\n', '') },
  { name: 'Python nested calls', kind: 'python', text: framed('', 'f(', '') },
  { name: 'Python attributes', kind: 'python', text: framed('a', '.b', '()') },
  { name: 'Python that is none', kind: 'python', text: framed('', '-:', '') },
  { name: 'Python sums of texts', kind: 'python', text: framed('a=""', '+"b"', '\nopen(a)') },
  { name: 'node calls', kind: 'node', text: framed('', 'f(a);\n', '') },
  { name: 'node nested functions', kind: 'node', text: framed('', '(()=>', '') },
  { name: 'node that is none', kind: 'node', text: framed('', '}-', '') },
  { name: 'node sums of texts', kind: 'node', text: framed('a=""', '+"b"', ';fs.rm(a)') },
];

/** `close` as often as `unit`, where it is given and repeats; else once at the end. */
const bash = (name: string, start: string, unit: string, close = ''): Shape => {
  if (close === '' || close.includes('|') || close === '1))')
    return { name, kind: 'bash', text: framed(start, unit, close) };
  const count = Math.floor((shapeLength - start.length) / (unit.length + close.length));
  return { name, kind: 'bash', text: padded(start + unit.repeat(count) + close.repeat(count)) };
};

const framed = (start: string, unit: string, end: string): string => {
  const count = Math.floor((shapeLength - start.length - end.length) / unit.length);
  return padded(start + unit.repeat(count) + end);
};

const padded = (text: string): string => text.padEnd(shapeLength, ' ').slice(0, shapeLength);
