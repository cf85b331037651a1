import { type CodeLanguage, createParser, type ParseText, type Source } from '@tandem/syntax';
import type { CodeLanguageName } from '../effects/describe.ts';
import type { Effect, PathRef } from '../effects/effect.ts';
import { hole } from '../shell/command.ts';
import { awkEffects } from './awk-effects.ts';
import { readNode } from './node-program.ts';
import { type Program, placeholder } from './program.ts';
import { programEffects } from './program-effects.ts';
import { readPython } from './python-program.ts';
import { scriptEffects } from './script-effects.ts';
import { sedEffects } from './sed-effects.ts';
import { sqlEffects } from './sql-effects.ts';
import { type Weakness, weaknessesOf } from './weakness/weakness.ts';

/** The world around a piece of code. */
export type Where = {
  /** Absolute; null when not known. */
  readonly cwd: string | null;
  /** A path as the code writes it, relative to `cwd`; a leading `~` is the home. */
  readonly path: (text: string) => PathRef;
  /** Effects of a text given to a shell. */
  readonly shell: (text: string) => readonly Effect[];
  /** Parses within what the request may still cost; null beyond. */
  readonly parse: (parse: ParseText, text: string) => Source | null;
};

/** Judges code by what it would do. Loads nothing until asked; then it works without waiting. */
export type CodeJudge = {
  /** Loads what is needed to read these languages; at once where that has been done. */
  readonly ready: (languages: readonly (CodeLanguageName | CodeLanguage)[]) => Promise<void>;
  /** What the code does, strictly in the order of its text; `opaque` where it cannot be read. Never throws. */
  readonly effects: (language: CodeLanguageName, text: string, where: Where) => readonly Effect[];
  /** What in a whole text or a part of one is insecure. Throws if its language was not made ready, or `keepOn` said no. */
  readonly weaknesses: (language: CodeLanguage, text: string, keepOn?: () => boolean) => readonly Weakness[];
};

const maxText = 200_000;
/** Code in code in code: deeper than this nobody means well. */
const maxNesting = 4;

/** A judge with no language loaded yet. */
export const loadCode = async (): Promise<CodeJudge> => {
  const parsers = new Map<CodeLanguage, ParseText>();
  const load = async (language: CodeLanguageName | CodeLanguage): Promise<void> => {
    const grammar = grammarOf(language);
    if (grammar !== null && !parsers.has(grammar)) parsers.set(grammar, await createParser(grammar));
  };
  return {
    ready: async (languages) => {
      for (const language of languages) await load(language);
    },
    effects: (language, text, where) => effectsOf({ language, text, where, parsers, nesting: 0 }),
    weaknesses: (language, text, keepOn = () => true) => {
      const parse = parsers.get(language);
      if (parse === undefined) throw new Error(`the grammar of ${language} is used before it is ready`);
      if (text.length > maxText) return [];
      const source = parse(text, keepOn);
      if (source === null) throw new Error('it takes too long to read');
      return weaknessesOf(read(source, () => false));
    },
  };
};

const grammarOf = (language: CodeLanguageName | CodeLanguage): CodeLanguage | null => {
  switch (language) {
    case 'python':
    case 'javascript':
    case 'typescript':
    case 'tsx':
      return language;
    case 'node':
      return 'typescript';
    case 'perl':
    case 'ruby':
    case 'php':
    case 'awk':
    case 'sed':
    case 'sql':
    case 'lua':
    case 'applescript':
    case 'powershell':
    case 'shell':
      return null;
  }
};

type Request = {
  readonly language: CodeLanguageName;
  readonly text: string;
  readonly where: Where;
  readonly parsers: ReadonlyMap<CodeLanguage, ParseText>;
  readonly nesting: number;
};

/** A whole command line where code is expected: no language but the shell's reads it. */
const commandLine =
  /^\s*(?:\w+=\S*\s+)*(?:[\w./~-]*\/)?(?:(?:python[\d.]*|node|ruby|perl|php|lua|bun|deno|osascript)\s+(?:-[\w-]|(?:eval|run)\s)|(?:sqlite3|sqlcmd|psql|mysql|mariadb)\s+[^=(;\s])/;

const opaque = (what: string): readonly Effect[] => [{ type: 'opaque', at: 'code', what }];

const effectsOf = (request: Request): readonly Effect[] => {
  const { language, text, where, nesting } = request;
  if (text.length > maxText) return opaque('is too long to be read');
  if (nesting > maxNesting) return opaque('hides code in code');
  if (nesting === 0 && commandLine.test(text)) return where.shell(text);
  if (text.trim() === hole) return opaque('runs code that is not known before');
  switch (language) {
    case 'python':
    case 'node':
      return parsed(request);
    case 'shell':
      return where.shell(text);
    case 'sql':
      return sqlEffects(text, where);
    case 'awk':
      return awkEffects(text, where);
    case 'sed':
      return sedEffects(text, where);
    case 'perl':
    case 'ruby':
    case 'php':
    case 'lua':
    case 'applescript':
    case 'powershell':
      return scriptEffects(language, text, where, (inner) =>
        effectsOf({ ...request, text: inner, nesting: nesting + 1 }),
      );
  }
};

const parsed = (request: Request): readonly Effect[] => {
  const { language, text, where, parsers, nesting } = request;
  const parse = parsers.get(grammarOf(language)!);
  if (parse === undefined) return opaque('is in a language that is not loaded');
  const source = where.parse(parse, text.replaceAll(hole, placeholder));
  if (source === null) return opaque('takes too long to be read');
  const isSecret = (path: string): boolean => {
    const { sensitivity } = where.path(path);
    return sensitivity === 'secret' || sensitivity === 'account' || sensitivity === 'process';
  };
  const program = read(source, isSecret);
  return programEffects(program, {
    path: where.path,
    shell: where.shell,
    code: (inner) => effectsOf({ ...request, text: inner, nesting: nesting + 1 }),
    sql: (inner) => sqlEffects(inner, where),
  });
};

const read = (source: Source, isSecret: (path: string) => boolean): Program =>
  source.python ? readPython(source, isSecret) : readNode(source, isSecret);
