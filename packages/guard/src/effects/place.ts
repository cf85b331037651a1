import { hole } from '../shell/command.ts';
import { normalPath } from '../shell/normal-path.ts';
import type { PathRef, PlaceName } from './effect.ts';
import { sensitivityOf } from './sensitivity.ts';

export type Ground = {
  /** Absolute; null when it is not known. */
  readonly cwd: string | null;
  /** Absolute. */
  readonly workspace: string;
  readonly home: string;
};

/** Where a path lies. Lexical: links are not followed here, the caller's facts know them. */
export const placePath = (text: string, glob: boolean, ground: Ground): PathRef => {
  const absolute = absolutePath(text.replaceAll('\\', '/'), ground);
  if (absolute === null) {
    return { path: text, place: 'unknown', sensitivity: sensitivityOf(text), glob, known: false };
  }
  const known = !absolute.includes(hole);
  return {
    path: absolute,
    place: placeOf(absolute, glob, ground),
    sensitivity: sensitivityOf(absolute),
    glob,
    known,
  };
};

const isAbsolute = (text: string): boolean => text.startsWith('/') || /^[A-Za-z]:(?:\/|$)/.test(text);

/** Lexically normal; null where it starts with what is not known. */
const absolutePath = (text: string, { cwd }: Ground): string | null => {
  if (text.startsWith(hole)) return null;
  if (isAbsolute(text)) return normalPath(text);
  return cwd === null ? null : normalPath(`${cwd}/${text}`);
};

const sinks = /^\/dev\/(?:null|stdout|stderr|stdin|tty|fd\/\d+|zero|full|random|urandom)$/;
const temporary = /^(?:\/private)?\/(?:tmp|var\/tmp|dev\/shm|var\/folders)(?:\/|$)/;
const system =
  /^\/(?:etc|usr|bin|sbin|lib\w*|boot|var|opt|proc|sys|srv|run|nix|snap|System|Library|Applications|private|cores)(?:\/|$)/;
const windowsSystem = /^[A-Za-z]:\/(?:Windows|Program Files(?: \(x86\))?|ProgramData)(?:\/|$)/i;
const homes = /^(?:\/home|\/Users|[A-Za-z]:\/Users)(?:\/[^/]*)?$/;
const belowHomes = /^(?:(?:\/home|\/Users|[A-Za-z]:\/Users)\/[^/]+|\/root)\//;

const placeOf = (path: string, glob: boolean, ground: Ground): PlaceName => {
  if (sinks.test(path)) return 'sink';
  const solid = solidPart(path, glob);
  if (inside(solid, ground.workspace)) {
    return wholeOf(path, solid, glob, ground.workspace) ? 'workspaceRoot' : 'workspace';
  }
  if (solid === ground.home) return homeOrInside(path, solid, glob, ground);
  if (inside(solid, ground.home)) return 'home';
  if (temporary.test(solid)) return 'temp';
  if (path.startsWith('/dev/')) return 'device';
  if (solid === '/' || /^[A-Za-z]:$/.test(solid)) return 'root';
  if (homes.test(solid) || solid === '/root' || solid === ground.home)
    return homeOrInside(path, solid, glob, ground);
  if (inside(ground.workspace, solid)) return 'workspaceRoot';
  if (belowHomes.test(`${solid}/`)) return 'home';
  return system.test(solid) || windowsSystem.test(solid) ? 'system' : 'outside';
};

/** The part of a path that is known: up to the first name with a hole or a pattern. */
const solidPart = (path: string, glob: boolean): string => {
  const parts = path.split('/');
  const end = parts.findIndex((part) => part.includes(hole) || (glob && /[*?[]/.test(part)));
  if (end === -1) return path;
  const solid = parts.slice(0, end).join('/');
  if (solid !== '') return solid;
  const name = /^[^\uFFFC*?[]*/.exec(parts[1] ?? '')![0];
  return end === 1 && name !== '' && name !== '.' ? `/${name}` : '/';
};

const inside = (path: string, folder: string): boolean => path === folder || path.startsWith(`${folder}/`);

/** The folder itself, or `*` right inside it. */
const wholeOf = (path: string, solid: string, glob: boolean, folder: string): boolean => {
  if (solid !== folder) return false;
  const rest = path.slice(folder.length + 1);
  return rest === '' || (glob && /^[.*?[\]!]*[*?][.*?[\]!]*$/.test(rest));
};

/** `~/*` is the home, `~/notes*` something in it. */
const homeOrInside = (path: string, solid: string, glob: boolean, ground: Ground): PlaceName => {
  if (path === solid || wholeOf(path, solid, glob, solid)) return 'homeRoot';
  return solid === ground.home || belowHomes.test(path) ? 'home' : 'homeRoot';
};
