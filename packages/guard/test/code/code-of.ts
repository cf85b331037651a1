import { loadCode, type Where } from '../../src/code/code-effects.ts';
import type { CodeLanguageName } from '../../src/effects/describe.ts';
import type { Effect, PathRef, Sensitivity } from '../../src/effects/effect.ts';

export const judge = await loadCode();
await judge.ready(['python', 'node', 'javascript', 'tsx']);

const sensitivityOf = (path: string): Sensitivity => {
  if (/\.ssh|\.aws|\.env$/.test(path)) return 'secret';
  return /\.bashrc|cron/.test(path) ? 'startup' : null;
};

const place = (text: string): PathRef => {
  const path = /^[/~]/.test(text) ? text : `/project/${text}`;
  const known = !text.includes('\uFFFC');
  const sensitivity = sensitivityOf(path);
  return { path, place: known ? 'outside' : 'unknown', sensitivity, glob: false, known };
};

/** Shell texts come back as a spawn, so that a test sees what the shell would be given. */
export const where: Where = {
  cwd: '/project',
  path: place,
  shell: (text) => [{ type: 'spawn', program: text, what: 'shell' }],
  parse: (parse, text) => parse(text),
};

/** Effects in one line each: `delete /etc/hosts`, `shell rm -rf /`, `send secret evil.test`. The run itself is left out. */
export const linesOf = (language: CodeLanguageName, text: string): readonly string[] =>
  judge.effects(language, text, where).flatMap((effect) => (isPlainRun(effect) ? [] : [lineOf(effect)]));

const isPlainRun = (effect: Effect): boolean => effect.type === 'run' && effect.origin === 'known';

const lineOf = (effect: Effect): string => {
  switch (effect.type) {
    case 'delete':
      return `delete${effect.recursive ? ' all' : ''} ${pathOf(effect.path)}`;
    case 'write':
      return `${effect.how} ${pathOf(effect.path)}`;
    case 'read':
      return `read ${pathOf(effect.path)}`;
    case 'move':
      return `move ${pathOf(effect.from)} ${pathOf(effect.to)}`;
    case 'chmod':
      return `${effect.how} ${pathOf(effect.path)}`;
    case 'spawn':
      return `${effect.what === 'shell' ? 'shell' : 'spawn'} ${effect.program}`;
    case 'run':
      return `run ${effect.origin}`;
    case 'reach':
      return [effect.how, effect.payload, effect.host]
        .filter((part) => part !== undefined && part !== null)
        .join(' ');
    case 'remote':
      return `${effect.system} ${effect.change}`;
    case 'system':
      return `${effect.part} ${effect.change}`;
    case 'credential':
      return `credential ${effect.change}`;
    case 'opaque':
      return `opaque ${effect.at}`;
    default:
      return effect.type;
  }
};

const pathOf = (path: PathRef): string => (path.glob ? `${path.path} (many)` : path.path);
