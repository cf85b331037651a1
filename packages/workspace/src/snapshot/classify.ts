import type { Place, Visit } from './scan.ts';
import type { SeenFile, SeenFolder } from './seen.ts';

/** A name of which is not known yet whether it is ignored. */
export type Fresh = { readonly one: SeenFile | SeenFolder; readonly visit: Visit };

/** The repository that rules over what lies in a folder: the folder itself where it is one. */
export const baseIn = (visit: Visit): Visit['base'] =>
  visit.folder.git === '' ? visit.base : { path: visit.path, inGit: true };

/** Finds out which are ignored, all at once. True when any answer is new. */
export const classify = async (place: Place, fresh: readonly Fresh[]): Promise<boolean> => {
  if (fresh.length === 0 || place.ignored === null) return false;
  const asked = fresh.map(({ one, visit }) => {
    const base = baseIn(visit);
    const below = visit.path === '' ? one.name : `${visit.path}/${one.name}`;
    return {
      below,
      path: base.path === '' ? below : below.slice(base.path.length + 1),
      base: base.path === '' ? place.absolute : `${place.absolute}/${base.path}`,
      inGit: base.inGit,
    };
  });
  const answers = await place.ignored.ask(asked);
  let isNew = false;
  for (const [index, { one, visit }] of fresh.entries()) {
    const ignored = answers[index] === true && place.known?.has(asked[index]?.below as string) !== true;
    if (one.ignored === ignored) continue;
    one.ignored = ignored;
    visit.folder.hash = '';
    isNew = true;
  }
  return isNew;
};

/** The same for everything there is, after the rules have changed. */
export const classifyAgain = (place: Place, visits: readonly Visit[]): Promise<boolean> =>
  classify(
    place,
    visits.flatMap((visit) =>
      [...visit.folder.files, ...visit.folder.folders].map((one) => ({ one, visit })),
    ),
  );
