import { setFlagsFromString } from 'node:v8';

/** Bytes of code run, roughly: ten times the engine's own. */
const wasmTieringBudget = 130_000_000;

/**
 * Node reads HTTP with a parser in WebAssembly. A few answers make the engine optimise it, which takes 20 MB, and a core for a
 * while; most turns are over before that pays, and in a longer process it happens later. The option is V8's and not Node's:
 * given only to the V8 of Node 24, for another one may complain on stderr.
 */
export const delayParserOptimising = (): void => {
  if (process.versions.v8.startsWith('13.')) setFlagsFromString(`--wasm-tiering-budget=${wasmTieringBudget}`);
};
