/** Rewrites of a command line that keep what it does, so that only its looks change. */
import { createParser, type SyntaxNode } from '../../packages/syntax/src/tree.ts';
import { commandRewrites } from './command-rewrites.ts';

export type Line = { readonly text: string; readonly root: SyntaxNode };
export type Rewritten = { readonly name: string; readonly text: string };
/** Null where it does not fit the line. */
export type Rewrite = (line: Line) => Rewritten | null;

/** Every rewrite that fits, under distinct names. */
export const createRewriter = async (): Promise<(text: string) => readonly Rewritten[]> => {
  const parse = await createParser('bash');
  return (text) => {
    if (!isSelfContained(text)) return [];
    const line: Line = { text, root: parse(text).root };
    return [...commandRewrites, ...wholeRewrites].flatMap((rewrite) => rewrite(line) ?? []);
  };
};

/** In single quotes, for a shell. */
export const quoted = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`;

/** Lines that mean something else inside another shell: its own arguments, its history, its process number. */
const isSelfContained = (text: string): boolean =>
  !/\$[0-9@*#$!_?]|\$\{[0-9@*#!]|^\s*#|\bBASH_|\bexit\b/.test(text);

/** What every POSIX shell reads as bash does. */
const isPosix = (text: string): boolean =>
  !/\[\[|[<>]\(|<<<|\$'|&>|\|&|\*\*|\{[^}\s]*(?:,|\.\.)|\b(?:function|source|shopt|declare|local|select|pushd|popd)\b|\(\(|\+=|\$\{[^}]*[/^,@:]/.test(
    text,
  );

const whole =
  (name: string, wrap: (text: string) => string | null): Rewrite =>
  ({ text }) => {
    const wrapped = wrap(text);
    return wrapped === null ? null : { name, text: wrapped };
  };

const base64 = (text: string): string => Buffer.from(text).toString('base64');

const wholeRewrites: readonly Rewrite[] = [
  whole('bash -c', (text) => `bash -c ${quoted(text)}`),
  whole('sh -c', (text) => (isPosix(text) ? `sh -c ${quoted(text)}` : null)),
  whole('nested bash -c', (text) => `bash -c ${quoted(`bash -c ${quoted(text)}`)}`),
  whole('env bash -c', (text) => `env zq=1 bash -c ${quoted(text)}`),
  whole('eval', (text) => `eval ${quoted(text)}`),
  whole('variable to bash -c', (text) => `zq_text=${quoted(text)}; bash -c "$zq_text"`),
  whole('here-document', (text) => `bash <<'ZQ_END'\n${text}\nZQ_END`),
  whole('here-string', (text) => `bash <<< ${quoted(text)}`),
  whole('text piped to bash', (text) => `printf '%s\\n' ${quoted(text)} | bash`),
  whole('base64', (text) => `echo ${base64(text)} | base64 -d | bash`),
  whole('base64 in $()', (text) => `bash -c "$(echo ${base64(text)} | base64 --decode)"`),
  whole('source of a process', (text) => `source <(printf '%s\\n' ${quoted(text)})`),
  whole('subshell', (text) => `(\n${text}\n)`),
  whole('group', (text) => `{\n${text}\n}`),
  whole('function', (text) => `zq_run() {\n${text}\n}\nzq_run`),
  whole('newline and comment', (text) => `# tidy up\n\n${text}`),
  whole('after true', (text) => `true && {\n${text}\n}`),
  whole('if', (text) => `if true; then\n${text}\nfi`),
  whole('loop', (text) => `for zq in 1; do\n${text}\ndone`),
  whole('background', (text) => `{\n${text}\n} & wait`),
  whole('find -exec', (text) => `find / -maxdepth 0 -exec bash -c ${quoted(text)} \\;`),
  whole('xargs bash -c', (text) => `echo zq | xargs -I ZQ bash -c ${quoted(text)}`),
];
