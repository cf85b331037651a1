import { readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { AppError } from '@tandem/protocol/error';
import { createTeamClient, type TeamClient } from '@tandem/sdk';
import { numberOf } from '../args/read.ts';
import type { CommandInput } from '../command/run.ts';
import { pathsOf } from '../config/paths.ts';

const usualHost = 'http://127.0.0.1:4747';

/** The team's server as its key lets it be seen. @throws AppError usage | configuration */
export const connect = ({ parsed, host }: CommandInput): TeamClient => {
  const baseUrl = hostOf(parsed.values.get('host') ?? host.env.TANDEM_HOST ?? usualHost);
  return createTeamClient({ fetch, baseUrl, token: keyOf(host.env) });
};

const hostOf = (text: string): string => {
  try {
    const { protocol, origin } = new URL(text);
    if (protocol === 'https:' || protocol === 'http:') return origin;
  } catch {
    // The same answer as to an address of something else.
  }
  throw new AppError('usage', `${text} is no address of a server; write https://host:port.`);
};

const keyOf = (env: CommandInput['host']['env']): string => {
  const given = env.TANDEM_API_KEY;
  if (given !== undefined && given !== '') return given.trim();
  const file = join(dirname(pathsOf(env).config), 'api-key');
  const facts = statSync(file, { throwIfNoEntry: false });
  if (facts === undefined)
    throw new AppError(
      'configuration',
      `No key: set TANDEM_API_KEY, or put the key of your organisation into ${file} (chmod 600).`,
    );
  if ((facts.mode & 0o077) !== 0)
    throw new AppError('configuration', `${file} may be read by others; chmod 600 it.`);
  return readFileSync(file, 'utf8').trim();
};

/** How many a list shows. */
export const limitOf = ({ parsed }: Pick<CommandInput, 'parsed'>): number =>
  Math.min(100, numberOf(parsed, 'limit') ?? 20);
