import { AppError } from '@tandem/protocol/error';
import { CreateOrganisation } from '@tandem/protocol/team';
import type { CommandInput } from '../main.ts';
import { everyPage, withTeam } from './with-team.ts';

/** `tandem server organisation create NAME|list`. */
export const organisation = (input: CommandInput): Promise<number> => {
  const { positionals, values, switches } = input.parsed;
  const [verb, name] = positionals;
  const { host } = input;
  const print = (one: object, text: string): void =>
    host.out(`${switches.has('json') ? JSON.stringify(one) : text}\n`);
  if (verb !== 'list' && (verb !== 'create' || name === undefined))
    throw new AppError('usage', 'tandem server organisation create NAME [--max N] | list');
  return withTeam(input, async (team) => {
    if (verb === 'list') {
      for (const one of await everyPage(team.organisations))
        print(one, `${one.id}  ${one.name}  at most ${one.maxRunning} tasks at once`);
      return 0;
    }
    const given = CreateOrganisation.safeParse({ name, maxRunning: Number(values.get('max') ?? 2) });
    if (!given.success) throw new AppError('usage', given.error.issues[0]?.message ?? 'malformed');
    const made = await team.createOrganisation(given.data);
    print(made, made.id);
    return 0;
  });
};
