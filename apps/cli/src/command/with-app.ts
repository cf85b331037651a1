import { type App, compose } from '../compose.ts';
import type { Host } from '../host.ts';
import { configIfReadable } from './config-of.ts';

/** An app for a command that reads or moves sessions and needs no model. */
export const withApp = async <T>(host: Host, work: (app: App) => Promise<T>): Promise<T> => {
  const config = await configIfReadable(host, host.cwd);
  const app = await compose({ env: host.env, config, cwd: host.cwd, offline: true });
  try {
    return await work(app);
  } finally {
    await app.close();
  }
};
