import type { NewEvent } from '@tandem/protocol';

export const session = 'ses_000001';

export const created = (id = 'evt_1', of = session): NewEvent => ({
  v: 1,
  id,
  session: of,
  at: '2026-01-01T00:00:00.000Z',
  actor: { type: 'user', id: 'ada' },
  type: 'session.created',
  data: { model: 'scripted/x', cwd: '/somewhere', permissionMode: 'default', title: 'work' },
});

export const admitted = (id: string, text = 'do it'): NewEvent => ({
  v: 1,
  id,
  session,
  at: '2026-01-01T00:00:01.000Z',
  actor: { type: 'user', id: 'ada' },
  type: 'turn.admitted',
  turn: 'trn_000001',
  data: { text, options: {} },
});
