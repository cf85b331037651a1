import type { ServedWorkspace } from '@tandem/protocol';
import { type Client, createClient, createTeamClient, type TeamClient } from '@tandem/sdk';

/** A team's server, or the sessions of one person's workspace; the page was told when it was served. */
export type DoorKind = 'team' | 'local';

export const doorKind = (): DoorKind =>
  document.documentElement.dataset.door === 'local' ? 'local' : 'team';

export type Door =
  | { readonly kind: 'team'; readonly client: TeamClient }
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
    const client = createTeamClient(options);
    await client.tasks({ limit: 1 });
    return { kind, client };
  }
  const client = createClient(options);
  return { kind, client, workspace: await client.workspace() };
};
