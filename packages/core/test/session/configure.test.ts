import { expect, it } from 'vitest';
import { oneTurn, user, viewOf, world } from '../support/harness.ts';

it('changes model and mode from the next turn on, and writes nothing that is so already', async () => {
  const here = world({ script: { turns: [{ text: 'a' }] } });
  const { session } = await oneTurn(here);
  await here.engine.configure({ session, permissionMode: 'plan', actor: user });
  const { settings, seq } = await viewOf(here.engine, session);
  expect(settings).toMatchObject({ model: 'scripted/memory', permissionMode: 'plan' });
  await here.engine.configure({ session, permissionMode: 'plan', actor: user });
  expect((await viewOf(here.engine, session)).seq).toBe(seq);
  await expect(here.engine.configure({ session, actor: user })).rejects.toMatchObject({ code: 'usage' });
});

it('lists the files of a workspace', async () => {
  const here = world({ script: { turns: [] }, files: { 'b/c': '1', a: '2' } });
  expect(await here.engine.files({ cwd: '/memory', limit: 1 })).toEqual(['a']);
});
