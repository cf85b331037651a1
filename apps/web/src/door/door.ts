import type { ServedWorkspace } from '@tandem/protocol';
import {
  type Client,
  createClient,
  createOrganisationClient,
  createTeamClient,
  type OrganisationClient,
  type TeamClient,
} from '@tandem/sdk';
import { type May, readScopes } from './scopes.ts';

/** A team's server, or the sessions of one person's workspace; the page was told when it was served. */
export type DoorKind = 'team' | 'local';

export const doorKind = (): DoorKind =>
  document.documentElement.dataset.door === 'local' ? 'local' : 'team';

export type TeamDoor = {
  readonly kind: 'team';
  readonly client: TeamClient;
  readonly organisation: OrganisationClient;
  /** What its key may do; what it may not is not shown. */
  readonly may: May;
};

export type Door =
  | TeamDoor
  | { readonly kind: 'local'; readonly client: Client; readonly workspace: ServedWorkspace };

/** Opens the door with a key. @throws AppError when it opens nothing @param onShut the key opens nothing any more */
export const openDoor = async (kind: DoorKind, key: string, onShut: () => void): Promise<Door> => {
  const options = {
    baseUrl: location.origin,
    token: key,
    fetch: async (request: Request): Promise<Response> => {
      const response = await fetch(request);
      if (response.status === 401) onShut();
      return response;
    },
  };
  if (kind === 'team') {
    const organisation = createOrganisationClient(options);
    const may = await readScopes(organisation);
    return { kind, client: createTeamClient(options), organisation, may };
  }
  const client = createClient(options);
  return { kind, client, workspace: await client.workspace() };
};

/** What a door answers to who has no key yet. */
export const openForSetup = (): OrganisationClient =>
  createOrganisationClient({ baseUrl: location.origin, fetch: (request) => fetch(request) });
