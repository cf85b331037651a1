import { writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { AppError, initialView, reduce } from '@tandem/protocol';
import { workingDirectory } from '../args/working-directory.ts';
import { newestSession, sessionById } from '../exec/choose-session.ts';
import { markdownOf } from '../exec/markdown.ts';
import type { CommandRunner } from './run.ts';
import { withApp } from './with-app.ts';

export const exportSession: CommandRunner = async ({ parsed, host }) => {
  const id = parsed.positionals[0];
  if ((id === undefined) !== parsed.switches.has('last')) {
    throw new AppError('usage', 'which session? tandem export --last, or an ID of tandem sessions');
  }
  return await withApp(host, async ({ client }) => {
    const session =
      id === undefined
        ? await newestSession(client, workingDirectory(parsed, host))
        : await sessionById(client, id);
    const events = await client.events(session.id);
    const text = parsed.switches.has('json')
      ? `${JSON.stringify({ ...session, events })}\n`
      : markdownOf(events.reduce(reduce, initialView));
    const file = parsed.values.get('output');
    if (file === undefined) host.out(text);
    else writeFileSync(resolve(host.cwd, file), text);
    return 0;
  });
};
