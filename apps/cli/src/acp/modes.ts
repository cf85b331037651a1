import type { SessionMode, SessionModeState } from '@agentclientprotocol/sdk';
import { AppError, PermissionMode } from '@tandem/protocol';

const modes: Readonly<Record<PermissionMode, Omit<SessionMode, 'id'>>> = {
  default: { name: 'Ask', description: 'Reading is free; edits and commands ask' },
  acceptEdits: { name: 'Accept edits', description: 'Edits inside the workspace are free too' },
  plan: { name: 'Plan', description: 'Nothing is changed, run or sent' },
  auto: { name: 'Auto', description: 'The guard decides: what it allows runs, the rest asks' },
  dontAsk: { name: 'Never ask', description: 'What would ask is refused' },
  bypass: { name: 'Bypass', description: 'Everything runs, but what a managed policy denies' },
};

export const modesAt = (currentModeId: PermissionMode): SessionModeState => ({
  currentModeId,
  availableModes: PermissionMode.options.map((id) => ({ id, ...modes[id] })),
});

/** @throws AppError usage */
export const modeNamed = (id: string): PermissionMode => {
  const found = PermissionMode.safeParse(id);
  if (found.success) return found.data;
  throw new AppError('usage', `there is no mode ${id}; it is one of ${PermissionMode.options.join(', ')}`);
};
