import type { SyntaxNode } from '@tandem/syntax';
import type { Effect } from '../effects/effect.ts';
import { hole } from '../shell/command.ts';
import { nodeApis } from './node-apis.ts';
import { type Call, lookUp, type Program } from './program.ts';
import { pythonApis, skipsVerification } from './python-apis.ts';
import type { Surroundings } from './roles.ts';
import { handedOn, shapeEffects } from './shapes.ts';
import { assignmentEffects } from './switches.ts';
import { constantText } from './value.ts';
import { weaknessesOf } from './weakness/weakness.ts';

const maxEffects = 200;

/** All effects of a program, in the order of its text; the program itself is one that is known to run. */
export const programEffects = (program: Program, given: Surroundings): readonly Effect[] => {
  const around = inFolder(program, given);
  const table = program.language === 'python' ? pythonApis : nodeApis;
  const effects: Effect[] = [
    { type: 'run', program: program.language, origin: 'known', what: 'runs the code that is given' },
  ];
  for (const call of program.calls) {
    if (effects.length > maxEffects)
      return [...effects, { type: 'opaque', at: 'code', what: 'does too many things to list' }];
    for (const name of [call.name, ...(call.also ?? [])]) {
      const role = name.startsWith('local:') ? undefined : lookUp(table, name);
      if (role !== undefined) effects.push(...role({ ...call, name }, around));
    }
    for (const other of handedOn(call)) effects.push(...(table.get(other.name)?.(other, around) ?? []));
    if (skipsVerification(call)) effects.push(unverified);
  }
  effects.push(...assignmentEffects(program), ...shapeEffects(program, around), ...insecure(program));
  if (program.nodes.some(isCut))
    effects.push({ type: 'opaque', at: 'code', what: 'is nested too deeply to be read' });
  return unique(effects);
};

/** The tree ends where nesting is too deep; what lies below is not seen. */
const isCut = (node: SyntaxNode): boolean =>
  node.named && node.children.length === 0 && node.end - node.start > 40 && cutTypes.test(node.type);

const cutTypes = /call|argument|expression|operator|list|array|tuple|subscript|block|statement|object|pair/;

/** Kinds that only matter once the code is kept, or whose harm has an effect of its own. */
const keptApart = new Set([
  'unsafe-data',
  'timing',
  'dynamic-import',
  'open-port',
  'object-injection',
  'weak-key',
]);

/** Code that others could turn against whoever runs it. Code of tests does so on purpose. */
const insecure = (program: Program): readonly Effect[] => {
  if (/\b(?:pytest|unittest)\b|\bdef test_|\bdescribe\(/.test(program.source.text)) return [];
  return weaknessesOf(program)
    .filter(({ id, certainty }) => certainty === 'high' && !keptApart.has(id))
    .map(({ message }) => ({
      type: 'system',
      part: 'defense',
      change: 'change',
      what: `is insecure: ${message}`,
    }));
};

const unverified: Effect = {
  type: 'system',
  part: 'defense',
  change: 'change',
  what: 'does not check who it talks to',
};

/** Relative paths after the program went to another folder. */
const inFolder = (program: Program, around: Surroundings): Surroundings => {
  const changes = program.calls.filter((call: Call) =>
    /^(?:os\.chdir|process\.chdir|Deno\.chdir)$/.test(call.name),
  );
  const [change] = changes;
  if (change === undefined) return around;
  const folder = changes.length === 1 ? (constantText(change.args[0]) ?? hole) : hole;
  return { ...around, path: (text) => around.path(/^[/~]/.test(text) ? text : `${folder}/${text}`) };
};

const unique = (effects: readonly Effect[]): readonly Effect[] => {
  const seen = new Set<string>();
  return effects.filter((effect) => {
    const key = JSON.stringify(effect);
    if (seen.has(key)) return false;
    seen.add(key);
    return true;
  });
};
