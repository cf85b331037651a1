import type { ExecResult } from './result.ts';

const count = (amount: number, one: string): string => `${grouped(amount)} ${one}${amount === 1 ? '' : 's'}`;

/** One line: model, time, tokens and the share of them that was reused, attempts, files. */
export const summaryLine = (model: string, result: ExecResult): string => {
  const { usage, attempts, files } = result;
  const reused = usage.in === 0 ? 0 : Math.round((usage.cached / usage.in) * 100);
  const added = files.reduce((sum, file) => sum + file.added, 0);
  const removed = files.reduce((sum, file) => sum + file.removed, 0);
  return [
    model,
    `${(result.ms / 1000).toFixed(1)} s`,
    `${count(usage.in, 'token')} in (${reused} % reused), ${grouped(usage.out)} out`,
    ...(usage.costUsd > 0 ? [`$${usage.costUsd.toFixed(4)}`] : []),
    ...(attempts.length === 0 ? [] : [count(attempts.length, 'attempt')]),
    files.length === 0 ? 'no file changed' : `${count(files.length, 'file')} (+${added} −${removed})`,
  ].join(' · ');
};

/** `toLocaleString` would load the language data of the world for a comma, which takes 10 ms. */
const grouped = (amount: number): string => String(amount).replace(/\B(?=(\d{3})+$)/g, ',');
