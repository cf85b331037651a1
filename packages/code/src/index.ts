/** Knows code: what syntax trees tell about a text, and what a module does when it runs. */

/** What syntax trees tell about JavaScript, TypeScript and Python: the CodeKnowledge port. */
export { createCodeKnowledge } from './knowledge.ts';
/** Runs versions of a module to learn how they behave, and commands to learn which lines ran: the CodeRunner port. */
export { createCodeRunner } from './probe/code-runner.ts';
