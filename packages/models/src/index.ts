/**
 * Minds: what turns a context into streamed text and tool calls, from weights on disk or over HTTP. Providers are not
 * exported: `openModel` loads the one that is used, so that starting with another costs nothing.
 */

/** The weights that can be fetched, with size, licence, hash and what they are good for. */
export { type CatalogEntry, catalog, defaultModelId, findEntry } from './catalog/catalog.ts';
/** Which binaries of the embedded engine this machine could use, and which are here. */
export { type EnginePackage, type EngineStatus, engineStatus, gpuPackages } from './catalog/engine.ts';
/** What of the catalogue is on disk; reads no weights. */
export { findInstalled, type InstalledModel, listModels, removeModel } from './catalog/installed.ts';
/** Whether weights are there and have the right hash. */
export { checkOnDisk } from './catalog/on-disk.ts';
/** How a pull is asked for, and what it tells on the way. */
export type { PullInput, PullProgress } from './catalog/pull.ts';
/** USD per million tokens of the hosted models we are sure of; null means unknown, not free. */
export { costOf, type Price, priceOf } from './pricing.ts';
/** What a person may say about one model; it wins over what is probed. */
export type { ModelSettings } from './provider/wire.ts';
/** Fetches weights with resume, trying each source, and checks the hash. */
export { pullModel } from './pull-lazy.ts';
/** The mind that an id like `openai/gpt-4.1` means. */
export { type ModelsConfig, type OpenModelOptions, openModel } from './route.ts';
/** A script for `scripted/<file>`: JSON or JSON Lines, checked. */
export { parseScript, type Script, type ScriptedTurn } from './scripted/script.ts';
/** A mind that says what it is told to, for tests and demonstrations. */
export { createScriptedModel, type ScriptedInput } from './scripted/scripted-model.ts';
