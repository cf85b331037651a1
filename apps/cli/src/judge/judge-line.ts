import { type Guard, type JudgeRequest, judgeWithFacts, kindOf } from '@tandem/guard';

/** Judges one line of `tandem judge --json`; a line that cannot be read is asked about, never allowed. */
export const judgeLine = async (
  line: string,
  options: { readonly guard: Guard; readonly home: string; readonly signal: AbortSignal },
): Promise<string> => {
  const before = performance.now();
  const read = readLine(line, options.home);
  const answer = read.request === null ? refused(read.problem) : await judged(read.request, options);
  const us = Math.max(1, Math.round((performance.now() - before) * 1_000));
  return JSON.stringify({ id: read.id, ...answer, us });
};

type Read =
  | { readonly id: unknown; readonly request: JudgeRequest; readonly problem?: undefined }
  | { readonly id: unknown; readonly request: null; readonly problem: string };

const readLine = (line: string, home: string): Read => {
  const value = parseObject(line);
  if (value === null) return { id: null, request: null, problem: 'the line is not a JSON object' };
  const { id = null, kind = 'bash', input, cwd, workspace } = value;
  const known = typeof kind === 'string' ? kindOf(kind) : null;
  if (known === null) return { id, request: null, problem: `kind ${JSON.stringify(kind)} is not known` };
  if (typeof input !== 'string') return { id, request: null, problem: 'input is not a string' };
  const request: JudgeRequest = {
    kind: known,
    input,
    ...(isAbsolute(cwd) ? { cwd } : {}),
    ...(isAbsolute(workspace) ? { workspace } : {}),
    ...(isAbsolute(cwd) || isAbsolute(workspace) ? { home } : {}),
  };
  return { id, request };
};

const parseObject = (line: string): Readonly<Record<string, unknown>> | null => {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Readonly<Record<string, unknown>>)
      : null;
  } catch {
    return null;
  }
};

const isAbsolute = (value: unknown): value is string => typeof value === 'string' && value.startsWith('/');

const refused = (problem: string): object => ({
  decision: 'ask',
  category: 'opaque',
  score: 0.5,
  effects: [],
  reasons: ['rule:unreadable', 'clause:be-clear', problem],
});

const judged = async (
  request: JudgeRequest,
  { guard, signal }: { readonly guard: Guard; readonly signal: AbortSignal },
): Promise<object> => {
  const { decision, category, score, effects, reasons } = await judgeWithFacts(guard, request, signal);
  const shown = reasons.flatMap((reason) => [
    `rule:${reason.rule}`,
    `clause:${reason.clause}`,
    reason.line === undefined ? reason.message : `${reason.path ?? ''}:${reason.line}: ${reason.message}`,
  ]);
  return { decision, category, score, effects, reasons: [...new Set(shown)] };
};
