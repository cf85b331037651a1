import { AppError } from '@tandem/protocol/error';
import { serverChain } from '../audit/record.ts';
import { type Head, verifyChain } from '../audit/verify.ts';
import type { CommandInput } from '../main.ts';
import { withMigrated } from './with-database.ts';

const usage = 'tandem server audit verify [ORGANISATION] [--expect SEQ:HASH]';

/** `tandem server audit verify`: each chain of the audit from its first row; exit 1 where one breaks. */
export const audit = (input: CommandInput): Promise<number> => {
  const { positionals, values } = input.parsed;
  const [verb, named] = positionals;
  const expected = expectedOf(values.get('expect'));
  if (verb !== 'verify' || (expected !== null && named === undefined)) throw new AppError('usage', usage);
  return withMigrated(input, async ({ client }) => {
    const asked = `select id, name from tandem.organisation union all select '${serverChain}', 'the server itself' order by id`;
    const { rows } = await client.query<{ id: string; name: string }>(asked);
    const chains = rows.filter(({ id, name }) => named === undefined || named === id || named === name);
    if (chains.length === 0)
      throw new AppError(
        'not_found',
        `There is no organisation ${named}; tandem server organisation list shows which there are.`,
      );
    let broken = 0;
    for (const { id, name } of chains) {
      const verified = await verifyChain(client, id, expected);
      if (!verified.ok) broken += 1;
      const said = verified.ok
        ? `whole; ${verified.head === null ? 'no row yet' : `its head is ${verified.head.seq}:${verified.head.hash}`}`
        : `broken at row ${verified.seq}: ${verified.why}`;
      input.host.out(`${verified.ok ? 'ok ' : 'bad'}  ${name} (${id}): ${said}\n`);
    }
    return broken === 0 ? 0 : 1;
  });
};

const expectedOf = (text: string | undefined): Head | null => {
  if (text === undefined) return null;
  const [, seq, hash] = /^(\d{1,15}):([0-9a-f]{64})$/.exec(text) ?? [];
  if (seq === undefined || hash === undefined) throw new AppError('usage', usage);
  return { seq: Number(seq), hash };
};
