import { workingDirectory } from '../args/working-directory.ts';
import { skillListing } from '../extend/listing.ts';
import { placeOf } from '../extend/place-of.ts';
import type { CommandRunner } from './run.ts';

/** `tandem skills`: instructions for kinds of work, as a model and a person can call for them. */
export const skills: CommandRunner = async ({ parsed, host }) => {
  const cwd = workingDirectory(parsed, host);
  if (parsed.switches.has('json')) {
    const { readSkills } = await import('@tandem/extend');
    host.out(`${JSON.stringify(await readSkills(placeOf(host.env, cwd)))}\n`);
    return 0;
  }
  const { lines } = await skillListing({ host, cwd, config: {} });
  for (const line of lines) host.out(`${line}\n`);
  return 0;
};
