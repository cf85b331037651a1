import type { Effect } from '../effects/effect.ts';
import type { Command } from '../shell/command.ts';
import type { Rule, Values, Where } from './rule.ts';

export type Matcher = {
  /** True where the effect, and the command it came from, fit every condition. */
  readonly effect: (effect: Effect, command: Command | null) => boolean;
  /** True where the command alone fits; always false for a rule over effects. */
  readonly command: (command: Command) => boolean;
};

/** The conditions of a rule, made ready once: matching reads no text of the rule again. */
export const matcherOf = (rule: Rule): Matcher => {
  const commandTests = commandTestsOf(rule);
  const fits = (command: Command): boolean => commandTests.every((test) => test(command));
  if (rule.effect === undefined) return { effect: () => false, command: fits };
  const where = whereTest(rule.where ?? {});
  const except = rule.except === undefined ? () => false : whereTest(rule.except);
  return {
    effect: (effect, command) =>
      where(effect) && !except(effect) && (commandTests.length === 0 || (command !== null && fits(command))),
    command: () => false,
  };
};

type CommandTest = (command: Command) => boolean;

const commandTestsOf = (rule: Rule): readonly CommandTest[] => {
  const tests: CommandTest[] = [];
  if (rule.program !== undefined) {
    const isProgram = textTest(rule.program);
    tests.push(({ name, program }) => name !== null && (isProgram(name) || isProgram(program.text)));
  }
  if (rule.args !== undefined) {
    const words = rule.args.map(textTest);
    tests.push((command) =>
      words.every((isWord, index) => command.args[index]?.known === true && isWord(command.args[index].text)),
    );
  }
  const { flags, wrapper, elsewhere, mentions } = rule;
  if (flags !== undefined)
    tests.push((command) => command.args.some(({ text }) => flags.some((flag) => isFlag(text, flag))));
  if (wrapper !== undefined) tests.push((command) => command.wrappers.some((name) => wrapper.includes(name)));
  if (elsewhere !== undefined) tests.push((command) => (command.elsewhere !== null) === elsewhere);
  if (mentions !== undefined) tests.push(mentionsTest(mentions));
  return tests;
};

/** `--force` also as `--force=x`; `-f` also inside a bundle such as `-rf`. */
const isFlag = (text: string, flag: string): boolean => {
  if (text === flag || text.startsWith(`${flag}=`)) return true;
  return /^-[A-Za-z]$/.test(flag) && /^-[A-Za-z]+$/.test(text) && text.includes(flag.slice(1));
};

const mentionsTest = (names: readonly string[]): CommandTest => {
  const wanted = new Set(names.map((name) => name.toLowerCase()));
  const mentions = (text: string): boolean =>
    text
      .toLowerCase()
      .split(/[^\p{L}\d]+/u)
      .some((part) => wanted.has(part));
  return (command) => command.args.some(({ text }) => mentions(text));
};

type EffectTest = (effect: Effect) => boolean;

const whereTest = (where: Where): EffectTest => {
  const tests = Object.entries(where).map(([key, values]) => fieldTest(key, values));
  return (effect) => tests.every((test) => test(effect));
};

const fieldTest = (key: string, values: Values): EffectTest => {
  const [field = '', part] = key.split('.');
  const fits = valueTest(values);
  return (effect) => {
    const value = (effect as unknown as Readonly<Record<string, unknown>>)[field];
    if (part === undefined) return fits(value);
    return fits((value as Readonly<Record<string, unknown>> | undefined)?.[part]);
  };
};

const valueTest = (values: Values): ((value: unknown) => boolean) => {
  const texts = values.filter((value) => typeof value === 'string' && value !== 'none') as string[];
  const isText = textTest(texts);
  const none = values.includes('none');
  return (value) => {
    if (value === null || value === undefined) return none;
    return typeof value === 'boolean' ? values.includes(value) : isText(String(value));
  };
};

/** Any of the texts; `*` stands for any stretch. */
const textTest = (texts: readonly string[]): ((text: string) => boolean) => {
  const exact = new Set(texts.filter((text) => !text.includes('*')));
  const patterns = texts.filter((text) => text.includes('*')).map((text) => text.split('*'));
  if (patterns.length === 0) return (text) => exact.has(text);
  return (text) => exact.has(text) || patterns.some((parts) => fitsParts(text, parts));
};

/** Looks for the parts one after the other: linear, whatever a policy's author wrote. */
const fitsParts = (text: string, parts: readonly string[]): boolean => {
  const first = parts[0] ?? '';
  const last = parts.at(-1) ?? '';
  if (!text.startsWith(first) || !text.endsWith(last)) return false;
  let position = first.length;
  for (const part of parts.slice(1, -1)) {
    const found = text.indexOf(part, position);
    if (found < 0) return false;
    position = found + part.length;
  }
  return position <= text.length - last.length;
};
