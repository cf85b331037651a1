import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { setTimeout } from 'node:timers/promises';
import { createCodeKnowledge, createCodeRunner } from '@tandem/code';
import type { PipelineEvent, PipelineOutcome } from '@tandem/core';
import { runPipeline } from '@tandem/core';
import { type ScriptedTurn, scriptedModel } from '@tandem/core/testing';
import type { TurnOptions } from '@tandem/protocol';
import { openWorkspace } from '@tandem/workspace';

export type Solved = {
  readonly outcome: PipelineOutcome;
  readonly events: readonly PipelineEvent[];
  /** Prompts as the model saw them, one text each. */
  readonly prompts: readonly string[];
  readonly fileAfter: (path: string) => Promise<string>;
  readonly kept: ReadonlyMap<string, string>;
};

/** Runs the pipeline over real files, real processes and a model that says what it is told to, in order. */
export const solve = async (input: {
  readonly files: Readonly<Record<string, string>>;
  readonly request: string;
  readonly answers?: readonly string[];
  /** Instead of answers, where the model is to do more than answer. */
  readonly turns?: readonly ScriptedTurn[];
  readonly options?: TurnOptions;
  /** A clock of its own, in milliseconds. */
  readonly ms?: () => number;
}): Promise<Solved & { readonly clean: () => Promise<void> }> => {
  const folder = await mkdtemp(join(tmpdir(), 'pipeline-'));
  const root = join(folder, 'work');
  for (const [path, text] of Object.entries(input.files)) {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), text);
  }
  execFileSync('git', ['init', '-q'], { cwd: root });
  const events: PipelineEvent[] = [];
  const kept = new Map<string, string>();
  const model = scriptedModel({
    turns: input.turns ?? (input.answers ?? []).map((text) => ({ text })),
    facts: { parameters: 1.5, strength: 'small' },
  });
  let count = 0;
  const outcome = await runPipeline({
    request: input.request,
    options: input.options ?? {},
    workspace: await openWorkspace(root, { stateDir: join(folder, 'state') }),
    code: createCodeKnowledge(),
    runner: createCodeRunner(),
    model,
    clock: {
      iso: () => new Date().toISOString(),
      ms: input.ms ?? (() => performance.now()),
      sleep: (ms, signal) => setTimeout(ms, undefined, { signal }),
    },
    ids: { next: (prefix) => `${prefix}_${String(++count).padStart(8, '0')}` },
    signal: new AbortController().signal,
    instructions: [],
    history: [],
    record: async (...added) => void events.push(...added),
    withheld: async () => null,
    progress: () => {},
    say: () => {},
    keepFile: async (name, text) => {
      kept.set(name, text);
      return `/kept/${name}`;
    },
  });
  return {
    outcome,
    events,
    prompts: model.requests.map((request) => request.messages.map((message) => message.text).join('\n')),
    fileAfter: (path) => readFile(join(root, path), 'utf8'),
    kept,
    clean: () => rm(folder, { recursive: true, force: true }),
  };
};
