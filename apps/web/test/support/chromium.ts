import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { type Browser, chromium } from 'playwright-core';

/** A Chromium of this machine: that of `TANDEM_CHROMIUM`, else one on PATH. Null where there is none. */
export const findChromium = (env: NodeJS.ProcessEnv): string | null => {
  const named = env.TANDEM_CHROMIUM;
  const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];
  const folders = (env.PATH ?? '').split(delimiter).filter((folder) => folder !== '');
  const places = names.flatMap((name) => folders.map((folder) => join(folder, name)));
  return (named === undefined ? places : [named]).find(isProgram) ?? null;
};

const isProgram = (path: string): boolean => {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
};

/** No sandbox of its own: in a container it has none to stand on, and it opens nothing but our own page. */
export const launch = (program: string): Promise<Browser> =>
  chromium.launch({ executablePath: program, args: ['--no-sandbox'] });
