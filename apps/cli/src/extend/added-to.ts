import type { Config } from '../config/config.ts';
import type { Host } from '../host.ts';
import { slashCommands } from '../tui/app/commands.ts';
import type { Machine } from '../tui/app/machine.ts';
import { placeOf } from './place-of.ts';

type Given = { readonly host: Host; readonly cwd: string; readonly config: Promise<Config> };

/** What the screen knows of what was added; all of it is loaded when it is first asked for. */
export const addedTo = ({
  host,
  cwd,
  config,
}: Given): Pick<Machine, 'commands' | 'listing' | 'trustQuestion' | 'answerTrust'> => ({
  commands: async () => {
    const { listCommands } = await import('@tandem/extend');
    const added = await listCommands(placeOf(host.env, cwd));
    return added
      .filter(({ name }) => !slashCommands.some((own) => own.name === name))
      .map(({ name, description, takes }) => ({
        name,
        help: description,
        ...(takes === '' ? {} : { takes }),
      }));
  },
  listing: async (what) => {
    const { listings } = await import('./listing.ts');
    const { lines, problems } = await listings[what]({ host, cwd, config: await config });
    return [...problems, ...lines];
  },
  trustQuestion: async () => {
    const [{ trustQuestion }, { readTrust }] = await Promise.all([
      import('./untrusted.ts'),
      import('../config/trust.ts'),
    ]);
    return await trustQuestion(host, { cwd, config: await config, answers: readTrust(host.env) });
  },
  answerTrust: async (root, answer) =>
    (await import('../config/trust.ts')).answerTrust(host.env, root, answer),
});
