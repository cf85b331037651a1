import { z } from 'zod';

/** Ids are prefixed strings, sortable by the time they were made: `ses_…`, `trn_…`, `itm_…`, `att_…`, `snp_…`. */
export const idPrefixes = ['ses', 'trn', 'stp', 'itm', 'att', 'snp', 'evt', 'apr'] as const;
export type IdPrefix = (typeof idPrefixes)[number];

const id = (prefix: IdPrefix): z.ZodString => z.string().regex(new RegExp(`^${prefix}_[0-9a-z]{6,40}$`));
export const SessionId: z.ZodString = id('ses');
export const TurnId: z.ZodString = id('trn');
export const ItemId: z.ZodString = id('itm');
