/** What crosses the team server's door once: the first organisation, its owner, and the owner's key. */
import { z } from 'zod';
import { CreatedKey, CreateMember, CreateOrganisation, Member, Organisation } from './team.ts';

export const SetUp = z.strictObject({
  /** As the server printed it at its first start. */
  code: z.string().regex(/^[\w-]{1,200}$/, 'as it was printed'),
  /** Name of the organisation. */
  organisation: CreateOrganisation.shape.name,
  /** Name of its owner. */
  member: CreateMember.shape.name,
});
export type SetUp = z.infer<typeof SetUp>;

export const SetUpDone = z.object({
  organisation: Organisation,
  member: Member,
  /** Its secret is shown this once. */
  key: CreatedKey,
});
export type SetUpDone = z.infer<typeof SetUpDone>;
