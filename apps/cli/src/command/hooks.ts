import { workingDirectory } from '../args/working-directory.ts';
import { hookListing, hooksIn } from '../extend/listing.ts';
import { configOf } from './config-of.ts';
import type { CommandRunner } from './run.ts';

/** `tandem hooks`: which programs are asked and told, at which moment, and which of them do not run. */
export const hooks: CommandRunner = async ({ parsed, host }) => {
  const cwd = workingDirectory(parsed, host);
  const where = { host, cwd, config: await configOf(host, cwd) };
  if (parsed.switches.has('json')) {
    host.out(`${JSON.stringify((await hooksIn(where)).hooks)}\n`);
    return 0;
  }
  const { lines, problems } = await hookListing(where);
  for (const problem of problems) host.err(`tandem: ${problem}\n`);
  for (const line of lines) host.out(`${line}\n`);
  return 0;
};
