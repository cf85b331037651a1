import type { DevelopTable } from './develop.ts';
import { bypasses } from './git/use.ts';

/** This product's own commands that let run what a workspace brings along: that answer is a person's. */
export const tandemTable: DevelopTable = {
  tandem: ({ args }) => {
    const words = args.map(({ text }) => text);
    const [first, second] = words.filter((word) => !word.startsWith('-'));
    const trusts =
      words.includes('--trust') ||
      (first === 'trust' && !words.includes('--list')) ||
      (first === 'mcp' && (second === 'add' || second === 'approve'));
    return trusts ? [bypasses('lets run what a workspace brings along')] : null;
  },
};
