import { randomUUID } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { AppError, isAppError } from '@tandem/protocol/error';
import type { CreateTaskInput, Task } from '@tandem/protocol/team';
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

/** A server that is not there is said as such. @throws AppError offline, and what `work` rejects with */
export const reaching = async <T>(
  { signal }: Pick<CommandInput, 'signal'>,
  work: () => Promise<T>,
): Promise<T> => {
  try {
    return await work();
  } catch (error) {
    signal.throwIfAborted();
    if (isAppError(error) || !(error instanceof TypeError)) throw error;
    const { cause } = error;
    const why = cause instanceof Error ? cause.message : error.message;
    throw new AppError('offline', `The server cannot be reached (${why}); --host names another.`);
  }
};

/** A connection that breaks after the server has taken it in must not make a second one. */
export const createOnce = async (client: TeamClient, input: CreateTaskInput): Promise<Task> => {
  const once = randomUUID();
  return await client.createTask(input, once).catch((error: unknown) => {
    if (isAppError(error)) throw error;
    return client.createTask(input, once);
  });
};
