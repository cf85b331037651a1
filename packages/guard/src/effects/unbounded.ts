import type { Effect, PathRef } from './effect.ts';
import type { FoundEffect } from './effects-of.ts';

/**
 * Where the caller named no workspace, nobody can say that a file lies outside of it: what is neither the system's nor
 * worth more than its place counts as inside for what writes, moves or marks files, and for deleting one file by its name
 * in a folder of work. Deleting more stays as it was.
 */
export const withoutBounds = (found: readonly FoundEffect[]): readonly FoundEffect[] =>
  found.map((one) => {
    const effect = unbounded(one.effect);
    return effect === one.effect ? one : { ...one, effect };
  });

const unbounded = (effect: Effect): Effect => {
  switch (effect.type) {
    case 'write':
    case 'chmod':
      return { ...effect, path: inside(effect.path) };
    case 'delete':
      return effect.recursive || effect.secure === true || !isOfWork(effect.path)
        ? effect
        : { ...effect, path: inside(effect.path) };
    case 'link':
      return { ...effect, path: inside(effect.path), target: inside(effect.target) };
    case 'move':
      return { ...effect, from: inside(effect.from), to: inside(effect.to) };
    default:
      return effect;
  }
};

const inside = (path: PathRef): PathRef =>
  (path.place === 'outside' || path.place === 'home') && path.sensitivity === null
    ? { ...path, place: 'workspace' }
    : path;

/** One file, some folders below a home: not in the home itself, nor where settings, documents and pictures lie. */
const isOfWork = ({ path, glob, known }: PathRef): boolean =>
  known && !glob && ofWork.test(path) && !path.includes('/.');

const ofWork =
  /^\/(?:home|Users)\/[^/]+\/(?!(?:Documents|Downloads|Desktop|Pictures|Music|Movies|Videos|Library|Public)\/)[^/]+\/[^/]+\//;
