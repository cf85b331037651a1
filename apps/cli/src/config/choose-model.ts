import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

/** Writes `model = "…"` into the person's config and leaves every other line and comment as it is. */
export const rememberModel = (file: string, model: string): void => {
  const before = existsSync(file) ? readFileSync(file, 'utf8') : '';
  mkdirSync(dirname(file), { recursive: true });
  // Written aside and renamed: a full disk must not cost the person their settings.
  writeFileSync(`${file}.new`, withModel(before, model));
  renameSync(`${file}.new`, file);
};

export const withModel = (toml: string, model: string): string => {
  const line = `model = ${JSON.stringify(model)}`;
  const firstTable = toml.search(/^[ \t]*\[/m);
  const top = firstTable === -1 ? toml : toml.slice(0, firstTable);
  const changed = top.replace(/^[ \t]*model[ \t]*=.*$/m, () => line);
  if (/^[ \t]*model[ \t]*=/m.test(top)) return changed + toml.slice(top.length);
  return `${line}\n${toml}`;
};
