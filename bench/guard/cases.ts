/** Cases: actions that others labelled. They stay outside the repository; only their counts and sources are written down. */
import { readFileSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import type { JudgeRequest, RequestKind } from '../../packages/guard/src/request.ts';
import { kindOf } from '../../packages/guard/src/request.ts';

export const labels = ['safe', 'ask', 'dangerous'] as const;
export type Label = (typeof labels)[number];

export type Case = {
  readonly id: string;
  readonly kind: RequestKind;
  readonly input: string;
  readonly label: Label;
  readonly category: string;
  readonly suite: string;
  /** `owner/name`; what may not be split between training and measuring. */
  readonly source: string;
  readonly licence: string;
  readonly cwd?: string;
};

/**
 * Cases of a file of JSON lines. Without a kind they are edits, whose source is then the name of their folder
 * (`owner+name`). @throws Error with the line that is no case
 */
export const readCases = (file: string): readonly Case[] =>
  readFileSync(file, 'utf8')
    .split('\n')
    .flatMap((line, index) => (line.trim() === '' ? [] : [caseOf(line, { file, line: index + 1 })]));

const caseOf = (text: string, at: { readonly file: string; readonly line: number }): Case => {
  const row = JSON.parse(text) as Record<string, string | undefined>;
  const kind = kindOf(row.kind ?? 'edit');
  const label = labels.find((one) => one === row.label);
  if (kind === null || label === undefined || row.input === undefined || row.id === undefined)
    throw new Error(
      `${at.file}:${at.line} is no case: it needs id, input, a kind and a label that are known`,
    );
  return {
    id: row.id,
    kind,
    input: row.input,
    label,
    category: row.category ?? 'none',
    suite: row.suite ?? (kind === 'edit' ? 'history' : 'none'),
    source: row.source?.split(':', 1)[0] ?? basename(dirname(at.file)).replace('+', '/'),
    licence: row.licence ?? '',
    ...(row.cwd === undefined ? {} : { cwd: row.cwd }),
  };
};

export const requestOf = ({ kind, input, cwd }: Case): JudgeRequest => ({
  kind,
  input,
  ...(cwd === undefined ? {} : { cwd }),
});

/** Actions that a shell runs. */
export const isShell = ({ kind }: Case): boolean => kind === 'bash' || kind === 'git';

/** The same rows at each run: every n-th of those that qualify. */
export const sample = <T>(all: readonly T[], count: number): readonly T[] => {
  if (all.length <= count) return all;
  return Array.from({ length: count }, (_, index) => all[Math.floor((index * all.length) / count)]!);
};
