import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openModel } from '../../src/route.ts';
import { parseScript } from '../../src/scripted/script.ts';
import { createScriptedModel } from '../../src/scripted/scripted-model.ts';
import { modelConformance, request } from '../conformance.ts';
import { createQuickClock, realClock } from '../test-clock.ts';

modelConformance({
  name: 'scripted',
  keepsCallIds: true,
  open: async (turns) => ({
    model: createScriptedModel({ turns, facts: { contextWindow: 4_096, maxOutput: 2_048 } }),
    dispose: async () => undefined,
  }),
});

const signal = new AbortController().signal;

describe('createScriptedModel', () => {
  it('keeps a turn with a pattern until a request fits it', async () => {
    const model = createScriptedModel({
      turns: [{ match: 'tests? failed', text: 'repair' }, { text: 'first' }, { text: 'second' }],
    });
    const say = async (text: string) => (await model.generate(request(text), { signal })).text;
    expect([await say('go'), await say('1 test failed'), await say('go on')]).toEqual([
      'first',
      'repair',
      'second',
    ]);
    await expect(say('more')).rejects.toMatchObject({
      code: 'model_failed',
      message: expect.stringMatching(/no turns left/),
    });
  });

  it('keeps a turn with a seed for a request that has it', async () => {
    const turns = [{ seed: 2, text: 'second' }, { seed: 1, text: 'first' }, { text: 'any' }];
    const model = createScriptedModel({ turns });
    const say = async (seed: number) => (await model.generate({ ...request('go'), seed }, { signal })).text;
    expect([await say(1), await say(3), await say(2)]).toEqual(['first', 'any', 'second']);
  });

  it('rejects with the error it was given', async () => {
    const model = createScriptedModel({
      turns: [{ error: 'boom' }, { error: { code: 'model_overflow', message: 'too long' } }],
    });
    await expect(model.generate(request('x'), { signal })).rejects.toMatchObject({ code: 'model_failed' });
    await expect(model.generate(request('x'), { signal })).rejects.toMatchObject({ code: 'model_overflow' });
  });

  it('waits by its clock, and not past an abort', async () => {
    const clock = createQuickClock();
    await createScriptedModel({ turns: [{ text: 'a', delayMs: 700 }], clock }).generate(request('x'), {
      signal,
    });
    expect(clock.slept).toEqual([700]);
    const abort = new AbortController();
    const slow = createScriptedModel({ turns: [{ text: 'a', delayMs: 20_000 }], clock: realClock });
    const result = slow.generate(request('x'), { signal: abort.signal });
    abort.abort(new Error('enough'));
    await expect(result).rejects.toThrow('enough');
  });
});

describe('scripted/<file>', () => {
  let folder = '';
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'tandem-script-'));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));
  const open = (name: string) =>
    openModel(`scripted/${name}`, {
      env: {},
      clock: realClock,
      cwd: folder,
      stateDir: null,
      modelsDir: folder,
    });

  it('reads JSON Lines with facts in front', async () => {
    await writeFile(
      join(folder, 'a.jsonl'),
      '{"facts":{"strength":"small"}}\n\n{"text":"one"}\n{"text":"two"}\n',
    );
    const model = await open('a.jsonl');
    expect((await model.facts(signal)).strength).toBe('small');
    expect((await model.generate(request('x'), { signal })).text).toBe('one');
    expect((await model.generate(request('x'), { signal })).text).toBe('two');
  });

  it('says which file is missing and which line is wrong', async () => {
    await expect(open('none.json')).rejects.toMatchObject({
      code: 'configuration',
      message: expect.stringMatching(/none\.json/),
    });
    expect(() => parseScript('{"text":"a"}\nnonsense\n', 's.jsonl')).toThrow(/s\.jsonl, line 2/);
    expect(() => parseScript('[{"say":"a"}]', 's.json')).toThrow(/turn 1/);
    expect(() => parseScript('[{"text":"a","match":"("}]', 's.json')).toThrow(/regular expression/);
  });

  it('reads a list and an object alike', () => {
    const turns = [{ text: 'a' }, { error: 'b' }];
    expect(parseScript(JSON.stringify(turns), 'x')).toEqual({ turns });
    const whole = { turns, facts: { nativeTools: false } };
    expect(parseScript(JSON.stringify(whole), 'x')).toEqual(whole);
  });
});
