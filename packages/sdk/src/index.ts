/** The typed client: drives a session without knowing where it runs. */
export {
  type Client,
  type ClientOptions,
  createClient,
  type Live,
  type Moved,
  type Transport,
} from './client.ts';
/** What `client.follow` yields. */
export type { Followed } from './follow.ts';
/** Webhooks, audit and usage of an organisation, and how the first one is made. */
export { createOrganisationClient, type OrganisationClient } from './organisation-client.ts';
/** Tasks of a team's server. */
export { createTeamClient, type TeamClient } from './team-client.ts';
