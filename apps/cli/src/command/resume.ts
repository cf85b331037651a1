import { AppError, initialView, reduce, type SessionInfo } from '@tandem/protocol';
import type { Client } from '@tandem/sdk';
import { workingDirectory } from '../args/working-directory.ts';
import { compose } from '../compose.ts';
import { newestSession, sessionById, useSession } from '../exec/choose-session.ts';
import { confinement, sayConfined } from '../exec/confine.ts';
import { markdownOf } from '../exec/markdown.ts';
import { perform } from '../exec/perform.ts';
import { planTurn } from '../exec/plan.ts';
import { readPrompt } from '../exec/prompt.ts';
import { readyModel } from '../exec/ready-model.ts';
import { expanded } from '../extend/expanded.ts';
import { sayUntrusted } from '../extend/untrusted.ts';
import { configOf } from './config-of.ts';
import type { CommandRunner } from './run.ts';
import { isTerminal, openTerminal } from './terminal.ts';

/** `tandem resume`: takes up what a kill left open, then one more turn, or the conversation so far. */
export const resume: CommandRunner = async ({ parsed, host, signal }) => {
  const isLast = parsed.switches.has('last');
  const id = isLast ? undefined : parsed.positionals[0];
  const prompt = parsed.positionals[isLast ? 0 : 1];
  if (id === undefined && !isLast) {
    throw new AppError('usage', 'which session? tandem resume --last, or an ID of tandem sessions');
  }
  if (isLast && parsed.positionals.length > 1) {
    throw new AppError(
      'usage',
      'give --last or an ID, not both; put quotes around a prompt of several words',
    );
  }
  const cwd = workingDirectory(parsed, host);
  const choose = (client: Client): Promise<SessionInfo> =>
    id === undefined ? newestSession(client, cwd) : sessionById(client, id);
  if (isTerminal({ parsed, host })) {
    return await openTerminal({ parsed, host, signal, cwd, prompt: prompt ?? null, open: choose });
  }
  const config = await configOf(host, cwd, { trust: parsed.switches.has('trust') });
  const plan = planTurn({ parsed, host, config, cwd });
  const text = prompt === undefined ? null : await readPrompt(host, prompt, signal);
  const sandbox = confinement(plan.sandbox, { host, signal });
  const app = await compose({ env: host.env, config, cwd, offline: plan.offline, ...sandbox });
  try {
    const info = await choose(app.client);
    await app.client.recover(info.id);
    if (text !== null) {
      sayConfined(host, app);
      await sayUntrusted(host, cwd, config);
      const session = await useSession(app.client, info, plan);
      const model = await readyModel({ id: session.model, offline: plan.offline, host, signal });
      const said = await expanded(host, app, { typed: text, signal });
      return await perform({
        client: app.client,
        host,
        signal,
        plan,
        model,
        session,
        text: said,
        attended: false,
      });
    }
    host.out(markdownOf((await app.client.events(info.id)).reduce(reduce, initialView)));
    host.err(`To go on: tandem resume ${info.id} "…"\n`);
    return 0;
  } finally {
    await app.close();
  }
};
