import { existsSync, readFileSync } from 'node:fs';
import { writeWhole } from './json-file.ts';

/** Writes `model = "…"` into the person's config and leaves every other line and comment as it is. */
export const rememberModel = (file: string, model: string): void => {
  const before = existsSync(file) ? readFileSync(file, 'utf8') : '';
  writeWhole(file, withModel(before, model));
};

export const withModel = (toml: string, model: string): string => {
  const line = `model = ${JSON.stringify(model)}`;
  const firstTable = toml.search(/^[ \t]*\[/m);
  const top = firstTable === -1 ? toml : toml.slice(0, firstTable);
  const changed = top.replace(/^[ \t]*model[ \t]*=.*$/m, () => line);
  if (/^[ \t]*model[ \t]*=/m.test(top)) return changed + toml.slice(top.length);
  return `${line}\n${toml}`;
};
