import type { SessionInfo } from '@tandem/protocol';
import { numberOf } from '../args/read.ts';
import { overlapLine } from '../exec/describe.ts';
import type { CommandRunner } from './run.ts';
import { withApp } from './with-app.ts';

/** More would scroll away; `--json` gives all. */
const usualLimit = 20;

export const sessions: CommandRunner = ({ parsed, host }) =>
  withApp(host, async ({ client }) => {
    const everything = await client.sessions();
    // An attempt's own session is reached through the one it belongs to.
    const all = parsed.switches.has('json')
      ? everything
      : everything.filter(({ parent }) => parent === undefined);
    const shown = all.slice(
      0,
      numberOf(parsed, 'limit') ?? (parsed.switches.has('json') ? all.length : usualLimit),
    );
    if (parsed.switches.has('json')) host.out(`${JSON.stringify(shown)}\n`);
    else for (const session of shown) host.out(`${row(session)}\n`);
    if (all.length === 0) host.err('No sessions yet. The first one: tandem exec "…"\n');
    else if (shown.length < all.length && !parsed.switches.has('json')) {
      host.err(`${all.length - shown.length} more: tandem sessions --limit ${all.length}\n`);
    }
    const { overlaps } = await client.live(host.cwd);
    for (const one of overlaps) host.err(`${one.session}: ${overlapLine(one)}\n`);
    return 0;
  });

const row = ({ id, updatedAt, cwd, title }: SessionInfo): string =>
  `${id}  ${updatedAt.slice(0, 16).replace('T', ' ')}  ${cwd}  ${title.split('\n')[0]}`;
