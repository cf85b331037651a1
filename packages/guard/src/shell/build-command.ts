import type { SyntaxNode } from '@tandem/syntax';
import type { Command, Stdin, Word } from './command.ts';
import type { Scope } from './scope.ts';

/** A command that may still get redirects and the name of its successor. */
export type Built = { -readonly [Key in keyof Command]: Command[Key] };

export const buildCommand = (input: {
  /** The command word and its arguments; at least one. */
  readonly list: readonly Word[];
  readonly node: SyntaxNode;
  readonly scope: Scope;
  readonly stdin: Stdin;
  readonly env: Readonly<Record<string, Word>>;
}): Built => {
  const { list, node, scope, stdin } = input;
  const program = list[0]!;
  const env: Record<string, Word> = {};
  for (const name of scope.exported) {
    const value = scope.variables.get(name);
    if (value !== undefined) env[name] = value;
  }
  return {
    name: program.known ? programName(program.text) : null,
    program,
    args: list.slice(1),
    redirects: [],
    env: { ...env, ...input.env },
    cwd: scope.cwd,
    stdin,
    pipedTo: null,
    wrappers: scope.wrappers,
    elsewhere: scope.elsewhere,
    source: node.text.slice(0, 400),
  };
};

/** The last command of each pipeline: what the text prints. */
export const chainEnds = (commands: readonly Built[]): readonly Built[] =>
  commands.filter(
    (command) => command.pipedTo === null && command.redirects.every((one) => one.operator === '<'),
  );

const programName = (text: string): string | null => {
  const last = text.split(/[/\\]/).at(-1) ?? '';
  const name = last.replace(/\.(?:exe|cmd|bat|com)$/i, '');
  return name === '' ? null : name;
};
