import { readBody, type Skill } from '../skill/read-skills.ts';
import type { Command } from './read-commands.ts';
import { filled, filledForShell, readTemplate, splitWords, takesArguments, type Words } from './template.ts';

export type Expanding = {
  readonly commands: readonly Command[];
  readonly skills: readonly Skill[];
  /** Whether lines of a workspace's commands may run. */
  readonly isTrusted: boolean;
  /**
   * Runs a shell line where it may; `allowed` where the command's file allows it itself. The text says what came of it.
   * Rejects only with the signal's reason.
   */
  readonly run: (line: string, allowed: boolean) => Promise<{ readonly text: string; readonly ran: boolean }>;
  /** A file of the workspace; null where there is none that may be read. */
  readonly read: (path: string) => Promise<string | null>;
};

export type Expanded = {
  readonly text: string;
  /** What the person should know: what did not run, and why. */
  readonly notes: readonly string[];
};

const filesLimit = 10;
const fileLimit = 50_000;

/** A prompt that begins with `/name` of a command or a skill becomes its text; any other stays as it is. */
export const expandPrompt = async (prompt: string, given: Expanding): Promise<Expanded> => {
  const match = /^\/([\w:.-]+)(?:\s+([\s\S]*))?$/.exec(prompt.trim());
  if (match === null) return { text: prompt, notes: [] };
  const [, name, all = ''] = match;
  const command = given.commands.find((one) => one.name === name);
  if (command !== undefined) return await expandCommand(command, { all, words: splitWords(all) }, given);
  const skill = given.skills.find((one) => one.name === name);
  if (skill === undefined) return { text: prompt, notes: [] };
  const request = all === '' ? '' : `\n\nWhat is asked: ${all}`;
  return { text: `${await readBody(skill)}${request}`, notes: [] };
};

const expandCommand = async (command: Command, words: Words, given: Expanding): Promise<Expanded> => {
  const parts = readTemplate(command.body);
  const mayRun = command.owner === 'person' || given.isTrusted;
  const notes: string[] = [];
  const texts: string[] = [];
  for (const part of parts) {
    if (part.type !== 'shell') {
      texts.push(filled([part], words));
      continue;
    }
    const line = filledForShell(part.parts, words);
    const { text, ran } = mayRun
      ? await given.run(line, isAllowed(line, command.allows))
      : { text: 'this workspace is not trusted', ran: false };
    texts.push(ran ? text : `(not run: ${text})`);
    if (!ran) notes.push(`/${command.name}: \`${line}\` was not run: ${text}`);
  }
  const rest = takesArguments(parts) || words.all === '' ? '' : `\n\nARGUMENTS: ${words.all}`;
  const files = await mentioned(
    filled(
      parts.filter(({ type }) => type !== 'shell'),
      words,
    ),
    given,
  );
  return { text: `${texts.join('')}${rest}${files}`, notes };
};

/** `Bash(git log:*)` allows what begins with `git log`; one shell word more and it is another command. */
const isAllowed = (line: string, allows: readonly string[]): boolean =>
  !/[;&|<>`\n]|\$\(/.test(line) &&
  allows.some((allowed) => {
    if (!allowed.endsWith(':*')) return allowed === line;
    const head = allowed.slice(0, -2);
    return line === head || line.startsWith(`${head} `);
  });

/** Files named by `@path`, below the text. */
const mentioned = async (text: string, { read }: Expanding): Promise<string> => {
  const paths = [...text.matchAll(/(?<![\w`@])@([\w./-]*[\w/-])/g)].map(([, path]) => path ?? '');
  const blocks: string[] = [];
  for (const path of [...new Set(paths)].slice(0, filesLimit)) {
    const content = await read(path);
    if (content !== null) blocks.push(`\n\n<file path="${path}">\n${content.slice(0, fileLimit)}\n</file>`);
  }
  return blocks.join('');
};
