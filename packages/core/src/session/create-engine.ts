import type { Engine, EnginePorts } from '../engine.ts';
import { runPipeline } from '../pipeline/run.ts';
import { permitByMode } from '../turn/permit.ts';
import type { DriveParts } from '../turn/work.ts';
import { assembleEngine } from './engine.ts';

/** The engine as a program uses it. `parts` replaces the interim guard, or the pipeline in a test. */
export const createEngine = (ports: EnginePorts, parts: Partial<DriveParts> = {}): Engine =>
  assembleEngine(ports, { runPipeline, permit: permitByMode, ...parts });
