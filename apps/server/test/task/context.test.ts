import { expect, it } from 'vitest';
import { sessionAfter, sessionOf } from '../../src/task/context.ts';

it('a task that begins again has a session of its own each time, whatever letters its id has', () => {
  const task = { id: 'task_0mr1abrr2', session_id: null };
  expect(sessionOf(task)).toBe('ses_0mr1abrr2');
  const first = sessionAfter(task);
  expect(first).toBe('ses_0mr1abrr2r1');
  expect(sessionAfter({ ...task, session_id: first })).toBe('ses_0mr1abrr2r2');
});
