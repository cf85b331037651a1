import { join } from 'node:path';
import { listen } from '@tandem/api/listen';
import { type Page, readyPage, withPage } from '@tandem/api/page';
import { openToken } from '@tandem/api/token-file';
import type { App } from '../compose.ts';
import { findDevice } from './devices.ts';
import { createGate, type GateOptions, refuseStrangers } from './gate.ts';

export type Open = {
  readonly url: string;
  readonly port: number;
  readonly token: string;
  readonly page: Page;
  readonly close: () => Promise<void>;
};

/** Ctrl-C must also leave time to end the turn that runs. */
const closeMs = 300;

/** The door of one workspace on a socket, with the page before it. @throws AppError configuration */
export const openDoor = async (
  given: {
    readonly app: App;
    /** Token and devices are kept there. */
    readonly folder: string;
    readonly port: number;
    /** Listen for the local network too. */
    readonly isLan: boolean;
  } & Pick<GateOptions, 'workspace' | 'root' | 'names'>,
): Promise<Open> => {
  const { app, folder, workspace, root, names, port } = given;
  const token = await openToken(join(folder, 'token'));
  const page = await readyPage('local');
  const { client, door } = app;
  const gate = createGate({
    ...{ root, workspace, token, names, client, door },
    find: (key) => findDevice(folder, key),
  });
  const paged = withPage(gate, page);
  const address = given.isLan ? '0.0.0.0' : '127.0.0.1';
  const listening = await listen((request) => refuseStrangers(request, names) ?? paged(request), {
    ...{ port, address, closeMs },
  });
  return { ...listening, token, page };
};
