import type { Mechanism, Usage, VerifyOutcome } from '@tandem/protocol';
import { addUsage, noUsage } from '@tandem/protocol';
import type { CodeSymbol, Example, ProbeValue, ScratchWorkspace } from '../ports.ts';
import type { Frame } from './failure.ts';
import { namesInRequest } from './intent.ts';
import type { PipelineContext } from './pipeline.ts';

/** How an attempt was made. */
export type AttemptSource =
  | 'greedy'
  | 'sample'
  | 'rewrite'
  | 'mutation'
  | 'repair'
  | 'mutated_sample'
  | 'combined';

/** A place where the change is thought to belong. */
export type Region = {
  readonly path: string;
  /** LF text before the change; empty for a file that does not exist yet. */
  readonly text: string;
  readonly isNew: boolean;
  readonly symbol: CodeSymbol | null;
  /** True when the symbol's body is a stub: there is something to write rather than to repair. */
  readonly stub: boolean;
  /** Functions and classes that are to be added to the file; the rest of it stays as it is. */
  readonly adds?: readonly string[];
  /** Lines that the failing test ran or the stack names; empty when unknown. */
  readonly suspicious: ReadonlySet<number>;
};

export type Attempt = {
  readonly id: string;
  readonly source: AttemptSource;
  /** Changed files only, LF text. */
  readonly files: ReadonlyMap<string, string>;
  readonly region: Region;
  readonly verify: VerifyOutcome | null;
  readonly passed: boolean;
  /** Share of the usable examples that hold, 0..1; 0 when there are none. */
  readonly examplesHeld: number;
  /** Share of the verify command's tests that pass, 0..1; 0 where its output does not say. */
  readonly testsHeld: number;
  readonly output: string;
  readonly ms: number;
  readonly tokens: { readonly in: number; readonly out: number };
  /** Times the same text was drawn. */
  votes: number;
};

/** The attempt that is nearest to right first, where none is. */
export const byNearness = (a: Attempt, b: Attempt): number =>
  b.examplesHeld - a.examplesHeld || b.testsHeld - a.testsHeld || b.votes - a.votes;

export type Baseline = {
  /** Null when nothing can say whether the result is right. */
  readonly command: string | null;
  readonly exit: number;
  readonly output: string;
  /** Places of the workspace that the output names. */
  readonly frames: readonly Frame[];
  readonly passed: boolean;
  readonly ms: number;
  /** Lines that ran, by path. */
  readonly lines: ReadonlyMap<string, ReadonlySet<number>>;
};

/** A person has stopped waiting by then, and a draw may itself take a minute. */
const maxProposeMs = 160_000;

/** What there is when nothing verifies. */
export const noBaseline: Baseline = {
  command: null,
  exit: 0,
  output: '',
  frames: [],
  passed: true,
  ms: 0,
  lines: new Map(),
};

/** The state of one run of the pipeline. Nothing of it is durable: a killed run begins again from the log. */
export class PipelineRun {
  readonly context: PipelineContext;
  readonly scratch: ScratchWorkspace;
  readonly files: ReadonlySet<string>;
  /** Names in the request. */
  readonly names: ReturnType<typeof namesInRequest>;
  readonly attempts: Attempt[] = [];
  /** What attempts gave for the inputs on which they vote, by attempt id. */
  readonly behaviours: Map<string, readonly ProbeValue[]> = new Map();
  /** Modules that answers imported and that are here. */
  readonly present: Set<string> = new Set();
  /** Those that are not: the model is told. */
  readonly missing: Set<string> = new Set();
  readonly rejected: { source: AttemptSource; reason: string }[] = [];
  examples: readonly Example[] = [];
  baseline: Baseline = noBaseline;
  /** A command that compiles or type-checks the file, where there is no verify command. */
  syntax: readonly string[] | null = null;
  /** Files that a plan is about to make: what imports them is right. */
  readonly planned: Set<string> = new Set();
  draws = 0;
  readonly #startedAt: number;
  #usage: Usage = noUsage;

  constructor(input: { context: PipelineContext; scratch: ScratchWorkspace; files: ReadonlySet<string> }) {
    this.context = input.context;
    this.scratch = input.scratch;
    this.files = input.files;
    this.names = namesInRequest(input.context.request);
    this.#startedAt = input.context.clock.ms();
  }

  /** The files that there are, and those that a plan makes. */
  get paths(): ReadonlySet<string> {
    return this.planned.size === 0 ? this.files : new Set([...this.files, ...this.planned]);
  }

  /** Milliseconds from the start after which no draw is begun, and none goes on where an attempt passes. */
  get softMs(): number {
    return Math.min(maxProposeMs, (this.context.options.maxSeconds ?? 240) * 900);
  }

  get usage(): Usage {
    return this.#usage;
  }

  get elapsedMs(): number {
    return this.context.clock.ms() - this.#startedAt;
  }

  uses(mechanism: Mechanism): boolean {
    return !(this.context.options.without ?? []).includes(mechanism);
  }

  spend(usage: Usage): void {
    this.#usage = addUsage(this.#usage, usage);
  }

  /** Attempts that pass verify; among them, those that hold most of the examples. */
  get passing(): readonly Attempt[] {
    const passed = this.attempts.filter((attempt) => attempt.passed);
    const most = Math.max(...passed.map((attempt) => attempt.examplesHeld));
    return passed.filter((attempt) => attempt.examplesHeld === most);
  }
}
