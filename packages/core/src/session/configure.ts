import { type Actor, AppError, type PermissionMode } from '@tandem/protocol';
import { settingsOf } from '../turn/state.ts';
import type { Session } from './session.ts';

type Change = {
  readonly model?: string | undefined;
  readonly permissionMode?: PermissionMode | undefined;
  readonly actor: Actor;
};

/** Another model or mode from the next turn on. What is so already is not written again. @throws AppError usage | busy */
export const configure = async (
  session: Session,
  { model, permissionMode, actor }: Change,
): Promise<void> => {
  if (model === undefined && permissionMode === undefined)
    throw new AppError('usage', 'give a model or a permission mode to change to');
  await session.log.hold();
  try {
    await session.log.commit((events) => {
      const now = settingsOf(events);
      const data = {
        ...(model === undefined || model === now.model ? {} : { model }),
        ...(permissionMode === undefined || permissionMode === now.permissionMode ? {} : { permissionMode }),
      };
      return Object.keys(data).length === 0 ? [] : [{ type: 'session.configured', data }];
    }, actor);
  } finally {
    await session.log.release();
  }
};
