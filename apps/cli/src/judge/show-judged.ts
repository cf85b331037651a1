import type { Effect, Judged } from '@tandem/guard';

/** A decision for a person: what, why, and what the action would do. */
export const showJudged = ({ decision, category, score, reasons, effects }: Judged): string => {
  const head = decision === 'allow' ? 'allow' : `${decision}  ${category}  score ${score.toFixed(2)}`;
  const why = reasons.map(({ message, rule, clause }) => `  ${message}\n    rule ${rule}, clause ${clause}`);
  const does = [...new Set(effects.map(effectLine))].slice(0, 20).map((line) => `  ${line}`);
  return `${[head, ...why, ...(does.length === 0 ? [] : ['effects', ...does])].join('\n')}\n`;
};

const effectLine = (effect: Effect): string => {
  switch (effect.type) {
    case 'read':
    case 'delete':
    case 'chmod':
      return `${effect.type} ${effect.path.path} (${effect.path.place})`;
    case 'write':
      return `${effect.how} ${effect.path.path} (${effect.path.place})`;
    case 'link':
      return `link ${effect.path.path} to ${effect.target.path}`;
    case 'move':
      return `move ${effect.from.path} to ${effect.to.path}`;
    default:
      return `${effect.type}: ${effect.what}`;
  }
};
