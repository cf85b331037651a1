import type { Query } from '../database/transaction.ts';

/**
 * The durable engine: runs that go from stage to stage and outlive every process. It says no more than tasks need, so that
 * another engine can take its place.
 */
export type DurableEngine = {
  /** In the caller's transaction: the run is there if and only if that commits. `place`: only there; null: anywhere. */
  readonly enqueue: (
    client: Query,
    run: {
      readonly id: string;
      readonly organisation: string;
      readonly stage: string;
      readonly place: string | null;
    },
  ) => Promise<void>;
  /**
   * In the caller's transaction. `ended`: nobody works on it, and it is over now; `requested`: its worker hears within a second;
   * `final`: it was over, or asked to end, before.
   */
  readonly cancel: (client: Query, id: string) => Promise<'ended' | 'requested' | 'final'>;
  /** What a person says to a running one. The first answer to a topic stands; false for a later one. */
  readonly answer: (client: Query, id: string, answer: Answer) => Promise<boolean>;
  /** Wakes a run that waits before a stage, or ends it there. False when it does not wait there. */
  readonly wake: (
    client: Query,
    id: string,
    given: { readonly waitsAt: string; readonly end: boolean },
  ) => Promise<boolean>;
  /** Works on runs until the signal aborts; what is then unfinished is taken up by the next worker. */
  readonly work: (input: {
    readonly workflow: Workflow;
    /** Runs worked on at once by this process; those that wait for a person do not count. */
    readonly slots: number;
    /** Where this process keeps files: a run that has begun to use them is only taken up there. */
    readonly place: string;
    readonly signal: AbortSignal;
  }) => Promise<void>;
};

export type Answer = { readonly topic: string; readonly value: unknown; readonly actor: string };

/** One stage of a run while a worker is at it. */
export type Run = {
  readonly id: string;
  readonly organisation: string;
  readonly stage: string;
  /** From 1. More when a worker died in this stage, or it failed in a way that may pass. */
  readonly attempt: number;
  /** Aborts when the run is cancelled, taken over by another worker, or the server stops. */
  readonly signal: AbortSignal;
  /** Before an effect outside the database. @throws the signal's reason unless this worker holds the run at this moment */
  readonly requireHeld: () => Promise<void>;
  /** The session that only the holder of this run may write to. */
  readonly bindSession: (session: string) => Promise<void>;
  /** Waits for a person, for days if need be, and takes no slot meanwhile. Rejects with the signal's reason. */
  readonly waitFor: (topic: string) => Promise<Answer>;
};

/** What becomes of the run, and what else is written in the same transaction. */
export type Performed = {
  readonly next:
    | { readonly type: 'stage'; readonly stage: string }
    /** Until somebody wakes it: then it goes on with `stage`. */
    | { readonly type: 'wait'; readonly stage: string }
    | { readonly type: 'end' };
  /** An effect was made that cannot be taken back: a cancellation that came meanwhile came too late. */
  readonly binding?: true;
  /** From now on its files lie at this place. */
  readonly placed?: true;
  readonly record: (client: Query) => Promise<void>;
};

export type Claimed = Pick<Run, 'id' | 'organisation' | 'stage' | 'attempt'> & {
  /** A worker had it before and died. */
  readonly takenOver: boolean;
};

/** What the runs are about. Every method but `perform` writes in the engine's transaction, which may be rolled back. */
export type Workflow = {
  /** Of the set of stages: a run of a later version is left to a newer program. */
  readonly version: number;
  /** At least once for each stage: its effects have natural keys. */
  readonly perform: (run: Run) => Promise<Performed>;
  readonly claimed: (client: Query, run: Claimed) => Promise<void>;
  readonly parked: (client: Query, run: Claimed, isParked: boolean) => Promise<void>;
  readonly retrying: (client: Query, run: Claimed, why: unknown) => Promise<void>;
  readonly failed: (client: Query, run: Claimed, why: unknown) => Promise<void>;
  readonly cancelled: (client: Query, run: Claimed) => Promise<void>;
  /** The database could not be asked for work; it is tried again. Not called for one that is merely away. */
  readonly troubled: (why: unknown) => void;
  /** After a run is over, however it ended, to clear away; not done again if it fails. */
  readonly ended: (run: Claimed) => Promise<void>;
};
