import { given, numberOf } from '../args/read.ts';
import { sessionById } from '../exec/choose-session.ts';
import type { CommandRunner } from './run.ts';
import { withApp } from './with-app.ts';

export const fork: CommandRunner = ({ parsed, host }) =>
  withApp(host, async ({ client }) => {
    const { id } = await sessionById(client, parsed.positionals[0]!);
    const forked = await client.fork(id, given('seq', numberOf(parsed, 'seq')));
    host.out(`${forked.session}\n`);
    host.err(`To go on: tandem resume ${forked.session} "…"\n`);
    return 0;
  });
