import type { NewEvent } from '@tandem/protocol';

export const session = 'ses_000001';

const envelope = (id: string, of: string) =>
  ({ v: 1, id, session: of, at: '2026-01-01T00:00:00.000Z', actor: { type: 'user', id: 'ada' } }) as const;

export const created = (id: string, of = session): NewEvent => ({
  ...envelope(id, of),
  type: 'session.created',
  data: { model: 'scripted/x', cwd: '/somewhere', permissionMode: 'default', title: `work of ${of}` },
});

export const admitted = (id: string, text = 'do it', of = session): NewEvent => ({
  ...envelope(id, of),
  type: 'turn.admitted',
  turn: 'trn_000001',
  data: { text, options: {} },
});

/** The code of what a promise rejects with; `none` when it does not. */
export const codeOf = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => 'none',
    (error: { readonly code?: unknown }) => error.code ?? String(error),
  );
