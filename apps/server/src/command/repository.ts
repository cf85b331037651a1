import { AppError } from '@tandem/protocol/error';
import { CreateRepository } from '@tandem/protocol/team';
import type { CommandInput } from '../main.ts';
import { everyPage, withTeam } from './with-team.ts';

/** `tandem server repository add ORGANISATION NAME PATH|list ORGANISATION`. */
export const repository = (input: CommandInput): Promise<number> => {
  const { positionals, switches } = input.parsed;
  const [verb, organisation = '', name, path] = positionals;
  const { host } = input;
  const print = (one: object, text: string): void =>
    host.out(`${switches.has('json') ? JSON.stringify(one) : text}\n`);
  if (verb !== 'list' && (verb !== 'add' || path === undefined))
    throw new AppError('usage', 'tandem server repository add ORGANISATION NAME PATH | list ORGANISATION');
  return withTeam(input, async (team, inOrganisation) => {
    const caller = await inOrganisation(organisation);
    if (verb === 'list') {
      for (const one of await everyPage((page) => team.repositories(caller, page)))
        print(one, `${one.id}  ${one.name}  ${one.path}`);
      return 0;
    }
    const given = CreateRepository.safeParse({ name, path });
    if (!given.success) throw new AppError('usage', given.error.issues[0]?.message ?? 'malformed');
    const made = await team.createRepository(caller, { input: given.data, once: null });
    print(made, made.id);
    return 0;
  });
};
