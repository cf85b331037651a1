import { z } from 'zod';
import { TurnOptions } from './command.ts';
import { PermissionMode } from './event.ts';

/** What a device may do at a served door: look, send prompts and stop them, answer approvals. */
export const deviceRights = ['view', 'prompt', 'approve'] as const;
export const DeviceRight = z.enum(deviceRights);
export type DeviceRight = z.infer<typeof DeviceRight>;

/** What `tandem serve` says of itself to whoever is signed in: where it works, and with what new sessions begin. */
export const ServedWorkspace = z.object({
  cwd: z.string(),
  model: z.string(),
  permissionMode: PermissionMode,
  /** For every turn, as the person's settings and flags say. */
  options: TurnOptions,
  /** What this device may do. */
  may: z.array(DeviceRight).readonly(),
});
export type ServedWorkspace = z.infer<typeof ServedWorkspace>;
