import { AppError } from '@tandem/protocol/error';
import { findRunning } from '../door/running.ts';
import { type Host, pathsOf } from '../host.ts';
import type { CommandInput } from '../main.ts';
import { codeMinutes, newSetupCode } from '../team/setup.ts';
import { withMigrated } from './with-database.ts';

/** `tandem server setup`: a new one-time code, as long as there is no organisation. stdout is the code and nothing else. */
export const setup = (input: CommandInput): Promise<number> =>
  withMigrated(input, async ({ database }) => {
    const { host, signal } = input;
    const code = await newSetupCode(database.pool);
    if (code === null)
      throw new AppError(
        'conflict',
        'There is an organisation already; tandem server key create makes a key for one.',
      );
    host.out(`${code}\n`);
    const running = await findRunning(pathsOf(host.env).server, signal);
    sayHow(host, { code, url: running?.url ?? 'http://127.0.0.1:4747' });
    return 0;
  });

/** What a person does with the code. */
export const sayHow = (
  { say }: Pick<Host, 'say'>,
  { code, url }: { readonly code: string; readonly url: string },
): void => {
  const body = JSON.stringify({ code, organisation: 'NAME', member: 'YOUR-NAME' });
  say(`no organisation yet; this makes the first one and your key, once, within ${codeMinutes} minutes:`);
  say(`  curl -H 'content-type: application/json' -d '${body}' ${url}/v1/setup`);
};
