import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline/promises';
import type { Host } from '../host.ts';

export type Lent = {
  readonly program: string;
  readonly words: readonly string[];
  readonly cwd: string;
  /** What it is called before its output. */
  readonly shown: string;
};

/** A program on a terminal that is lent to it; null when a signal ended it. What it said stays until Enter. */
export const runLent = async (
  { env }: Host,
  { program, words, cwd, shown }: Lent,
): Promise<number | null> => {
  // Ctrl-C is meant for what is on the terminal; both are of one group, and here it would end the screen behind it.
  const listeners = process.listeners('SIGINT');
  const nobody = (): void => {};
  process.removeAllListeners('SIGINT').on('SIGINT', nobody);
  try {
    process.stdout.write(`\n$ ${shown}\n`);
    const exit = await new Promise<number | null>((resolve, reject) => {
      const child = spawn(program, words, { cwd, stdio: 'inherit', env: { ...env } });
      child.on('error', reject);
      child.on('close', resolve);
    });
    await pressEnter(`\nexit ${exit ?? 'by a signal'}; Enter goes back `);
    return exit;
  } finally {
    process.off('SIGINT', nobody);
    for (const listener of listeners) process.on('SIGINT', listener);
  }
};

/** Resolves as well where there is nobody to press it. */
const pressEnter = async (text: string): Promise<void> => {
  const lines = createInterface({ input: process.stdin, output: process.stdout, terminal: false });
  const gone = new Promise<void>((resolve) => lines.once('close', resolve));
  await Promise.race([lines.question(text), gone]);
  lines.close();
};
