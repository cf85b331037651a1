import type { Word } from '../../shell/command.ts';
import type { Describe, Table } from '../describe.ts';
import type { Effect } from '../effect.ts';
import { grammar, names } from './arguments.ts';
import { type Call, callOf } from './call.ts';
import { innerText } from './inner.ts';
import { reaches, spawns } from './make.ts';

/** What a program's operands are to it. */
export type Operands =
  | 'none'
  | 'read'
  | 'create'
  | 'append'
  | 'write'
  | 'edit'
  | 'delete'
  /** The last is written, those before it are read. */
  | 'lastWrite'
  /** The second is written, the first is read. */
  | 'secondWrite'
  /** The first is written, the others are read. */
  | 'firstWrite'
  /** The first is a pattern, unless an option of `pattern` gave it; the others are read. */
  | 'patternRead'
  /** The first names a host that is asked something. */
  | 'host'
  /** They are a program and its arguments. */
  | 'program';

/** A program as data: lists of options with their dashes, blanks between them. */
export type Spec = {
  readonly operands?: Operands;
  /** Options whose value is no matter. */
  readonly values?: string;
  readonly attached?: string;
  readonly reads?: string;
  readonly writes?: string;
  /** Options whose value is a program, plug-in or library that is run. */
  readonly spawns?: string;
  /** Options whose value is a command that such a program ordinarily runs (`split --filter`, `rg --pre`). */
  readonly filters?: string;
  /** Options that give the pattern (`patternRead`). */
  readonly pattern?: string;
  /** Effects that an option brings by being there. */
  readonly when?: Readonly<Record<string, Effect>>;
  /** Options under which nothing is changed. */
  readonly preview?: string;
  readonly always?: readonly Effect[];
  readonly single?: boolean;
};

/** Descriptions of programs that are data alone. */
export const tableOf = (specs: Readonly<Record<string, Spec>>): Table =>
  Object.fromEntries(Object.entries(specs).map(([name, spec]) => [name, describeBy(spec)]));

/** The same description for every name of a list. */
export const forAll = (list: string, describe: Describe): Table =>
  Object.fromEntries(names(list).map((name) => [name, describe]));

/** Compiled when it is first asked: a process sees few of the programs that are known. */
export const describeBy = (spec: Spec): Describe => {
  let compiled: Describe | null = null;
  return (command, context) => {
    compiled ??= compile(spec);
    return compiled(command, context);
  };
};

const compile = (spec: Spec): Describe => {
  const [reads, writes, programs] = [names(spec.reads), names(spec.writes), names(spec.spawns)];
  const [pattern, preview, filters] = [names(spec.pattern), names(spec.preview), names(spec.filters)];
  const when = Object.entries(spec.when ?? {}).map(([list, effect]) => ({ options: names(list), effect }));
  const rules = grammar({
    values: [spec.values, spec.reads, spec.writes, spec.spawns, spec.filters, spec.pattern]
      .filter(Boolean)
      .join(' '),
    flags: [...when.flatMap((entry) => entry.options), ...preview].join(' '),
    ...(spec.attached ? { attached: spec.attached } : {}),
    single: spec.single ?? false,
  });
  return (command, context) => {
    const call = callOf(command, context, rules);
    const effects = [
      ...(spec.always ?? []),
      ...when.flatMap((entry) => (call.has(...entry.options) ? [entry.effect] : [])),
      ...call.read(call.values(...reads)),
      ...call.write(call.values(...writes)),
      ...call.values(...programs).map((word) => spawns(word.text, `runs a program given to ${command.name}`)),
      ...call.values(...filters).flatMap((word) => innerText(word, { command, context })),
      ...operandEffects(spec.operands ?? 'none', call, call.has(...pattern)),
    ];
    return preview.length > 0 && call.has(...preview) ? effects.filter(changesNothing) : effects;
  };
};

/** What stays of a command that only shows what it would do. */
export const changesNothing = (effect: Effect): boolean =>
  effect.type === 'read' || effect.type === 'spawn' || (effect.type === 'reach' && effect.how !== 'send');

const operandEffects = (role: Operands, call: Call, patternGiven: boolean): readonly Effect[] => {
  const { operands } = call;
  switch (role) {
    case 'none':
      return [];
    case 'read':
      return call.read(operands);
    case 'create':
    case 'append':
    case 'edit':
      return call.write(operands, role);
    case 'write':
      return call.write(operands);
    case 'delete':
      return call.remove(operands, { recursive: false });
    case 'lastWrite':
      return operands.length < 2
        ? call.read(operands)
        : [...call.read(operands.slice(0, -1)), ...call.write(operands.slice(-1))];
    case 'secondWrite':
      return [...call.read(operands.slice(0, 1)), ...call.write(operands.slice(1, 2))];
    case 'firstWrite':
      return [...call.write(operands.slice(0, 1)), ...call.read(operands.slice(1))];
    case 'patternRead':
      return call.read(patternGiven ? operands : operands.slice(1));
    case 'host':
      return operands.slice(0, 1).map((word) => reaches('query', word.text, `asks ${word.text}`));
    case 'program':
      return operands.length === 0
        ? []
        : [spawns(textOf(operands), `runs a program given to ${call.command.name}`)];
  }
};

/** Words as one text, for a person. */
export const textOf = (words: readonly Word[]): string => words.map((word) => word.text).join(' ');
