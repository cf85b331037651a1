import { AppError } from '@tandem/protocol/error';
import { CreateMember } from '@tandem/protocol/team';
import type { CommandInput } from '../main.ts';
import { everyPage, withTeam } from './with-team.ts';

/** `tandem server key create ORGANISATION MEMBER`: stdout is the key and nothing else. */
export const key = (input: CommandInput): Promise<number> => {
  const { positionals, values, switches } = input.parsed;
  const [verb, organisation = '', name = ''] = positionals;
  const { host } = input;
  if (verb !== 'create')
    throw new AppError('usage', 'tandem server key create ORGANISATION MEMBER [--role ROLE]');
  const wanted = CreateMember.safeParse({ name, role: values.get('role') ?? 'developer' });
  if (!wanted.success)
    throw new AppError('usage', `${name} or its role: ${wanted.error.issues[0]?.message ?? 'malformed'}`);
  return withTeam(input, async (team, inOrganisation) => {
    const caller = await inOrganisation(organisation);
    const members = await everyPage((page) => team.members(caller, page));
    const known = members.find((member) => member.name === name);
    const member = known ?? (await team.createMember(caller, { input: wanted.data, once: null }));
    const made = await team.createKey(caller, {
      input: { name: `${name}-${members.length + 1}`, member: member.id },
      once: null,
    });
    host.out(switches.has('json') ? `${JSON.stringify(made)}\n` : `${made.secret}\n`);
    host.say(`${name} is a ${member.role}; the key is shown this once`);
    return 0;
  });
};
