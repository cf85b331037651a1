import type { ModelFacts } from '@tandem/core';
import { AppError } from '@tandem/protocol';

/** One answer of a scripted model. */
export type ScriptedTurn = {
  readonly text?: string;
  readonly reasoning?: string;
  readonly toolCalls?: readonly {
    readonly id?: string;
    readonly name: string;
    readonly arguments: unknown;
  }[];
  /** Before the first token. */
  readonly delayMs?: number;
  /** Reject instead: the message of a model_failed, or a code of `ErrorCode` with a message. */
  readonly error?: string | { readonly code: string; readonly message: string };
  /** Regular expression on the text of the last message: the turn waits until a request fits it. */
  readonly match?: string | RegExp;
  /** The turn waits for a request with this seed: attempts that share a model each get their own answers. */
  readonly seed?: number;
  readonly stop?: 'end' | 'length' | 'tool';
  readonly usage?: { readonly in?: number; readonly cached?: number; readonly out?: number };
};

export type Script = { readonly turns: readonly ScriptedTurn[]; readonly facts?: Partial<ModelFacts> };

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const wrong = (path: string, what: string, cause?: unknown): AppError =>
  new AppError('configuration', `${path}: ${what}. A script is a JSON list of turns, or one turn a line.`, {
    ...(cause === undefined ? {} : { cause }),
  });

/**
 * Reads a script: a JSON list of turns, an object `{ turns, facts? }`, or JSON Lines of turns, the first line perhaps
 * `{ "facts": … }`. @throws AppError configuration, naming the file and the line
 */
export const parseScript = (text: string, path: string): Script => {
  const whole = tryJson(text);
  if (Array.isArray(whole))
    return { turns: whole.map((turn, index) => checkTurn(turn, `${path}, turn ${index + 1}`)) };
  if (isObject(whole) && Array.isArray(whole.turns))
    return { ...parseScript(JSON.stringify(whole.turns), path), ...factsIn(whole) };
  const lines = text.split('\n').map((line, index) => ({ line, where: `${path}, line ${index + 1}` }));
  const values = lines
    .filter(({ line }) => line.trim() !== '')
    .map(({ line, where }) => {
      const value = tryJson(line);
      if (value === undefined) throw wrong(where, 'this is not JSON');
      return { value, where };
    });
  const first = values[0]?.value;
  const facts = isObject(first) ? factsIn(first) : {};
  const turns = facts.facts === undefined ? values : values.slice(1);
  return { turns: turns.map(({ value, where }) => checkTurn(value, where)), ...facts };
};

const tryJson = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

const factsIn = (value: Readonly<Record<string, unknown>>): { readonly facts?: Partial<ModelFacts> } =>
  isObject(value.facts) ? { facts: value.facts as Partial<ModelFacts> } : {};

const checkTurn = (value: unknown, where: string): ScriptedTurn => {
  if (!isObject(value)) throw wrong(where, 'a turn must be an object');
  if (value.text === undefined && value.toolCalls === undefined && value.error === undefined) {
    throw wrong(where, 'a turn needs text, toolCalls or error');
  }
  if (value.toolCalls !== undefined && !Array.isArray(value.toolCalls)) {
    throw wrong(where, 'toolCalls must be a list');
  }
  if (typeof value.match === 'string') {
    try {
      new RegExp(value.match);
    } catch (cause) {
      throw wrong(where, 'match is no regular expression', cause);
    }
  }
  return value as ScriptedTurn;
};
