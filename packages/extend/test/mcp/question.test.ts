import { mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { AskPerson, Said, ToolContext } from '@tandem/core';
import type { AskedField } from '@tandem/protocol';
import { afterAll, expect, onTestFinished, test } from 'vitest';
import { readServers } from '../../src/mcp/read-servers.ts';
import { serverTools } from '../../src/mcp/server-tools.ts';
import { Servers } from '../../src/mcp/servers.ts';

const everything = createRequire(import.meta.url).resolve(
  '@modelcontextprotocol/server-everything/dist/index.js',
);
const cwd = mkdtempSync(join(tmpdir(), 'tandem-mcp-ask-'));
afterAll(() => rmSync(cwd, { recursive: true, force: true }));

/** Calls the reference server's tool that asks a person. */
const ask = async (given: {
  readonly asks?: boolean;
  readonly person?: AskPerson;
  readonly seconds?: number;
}) => {
  const definition = {
    command: process.execPath,
    args: [everything, 'stdio'],
    ...(given.seconds === undefined ? {} : { tool_timeout_sec: given.seconds }),
  };
  const settings = {
    file: '/settings',
    owner: 'person',
    hooks: undefined,
    servers: { everything: definition },
  } as const;
  const { servers, problems } = readServers([settings], {});
  expect(problems).toEqual([]);
  const about = { cwd, version: '0', tokensFile: join(cwd, 'tokens.json'), asks: given.asks ?? true };
  const opened = new Servers({ servers, ...about });
  onTestFinished(() => opened.close());
  const use = serverTools(opened)[1];
  const signal = new AbortController().signal;
  // The server offers the tool a moment after it was greeted.
  await expect
    .poll(async () => (await opened.tools(signal)).tools.length, { timeout: 20_000 })
    .toBeGreaterThan(5);
  const context = { signal, ask: given.person } as ToolContext;
  const name = 'everything/trigger-elicitation-request';
  return await use!.run({ name, arguments: {} }, context);
};

const values: Record<string, string> = {
  name: 'Ada',
  check: 'yes',
  integer: '7',
  number: '2.5',
  untitledSingleSelectEnum: 'joey',
  untitledMultipleSelectEnum: 'Piano, drums',
  titledSingleSelectEnum: 'Green Lantern',
  titledMultipleSelectEnum: 'Tuna, fish-2',
};

test("a server's form reaches a person field by field, and what is filled in reaches the server as it asked for it", async () => {
  let asked: { readonly text: string; readonly fields: readonly AskedField[] } | null = null;
  const { output, isError } = await ask({
    person: async (question): Promise<Said> => {
      asked = question;
      return { decision: 'allow', values };
    },
  });
  expect(asked).toMatchObject({
    text: 'everything asks: Please provide inputs for the following fields:',
    fields: expect.arrayContaining([
      { name: 'name', title: 'String: Your full, legal name', kind: 'text', required: true },
      expect.objectContaining({ name: 'check', kind: 'yes or no', required: false }),
      expect.objectContaining({ name: 'integer', kind: 'integer', initial: '42' }),
      expect.objectContaining({
        name: 'titledSingleSelectEnum',
        kind: 'choice',
        initial: 'hero-1',
        options: expect.arrayContaining([{ value: 'hero-2', title: 'Green Lantern' }]),
      }),
      expect.objectContaining({ name: 'untitledMultipleSelectEnum', kind: 'choices', initial: 'Guitar' }),
    ]),
  });
  expect(isError).toBe(false);
  const raw = JSON.parse(/\{\s*"action"[\s\S]*\}/.exec(output)?.[0] ?? '{}');
  expect(raw).toEqual({
    action: 'accept',
    content: {
      name: 'Ada',
      check: true,
      integer: 7,
      number: 2.5,
      untitledSingleSelectEnum: 'Joey',
      untitledMultipleSelectEnum: ['Piano', 'Drums'],
      titledSingleSelectEnum: 'hero-2',
      titledMultipleSelectEnum: ['fish-1', 'fish-2'],
    },
  });
});

test.each([
  ['no', { decision: 'deny', values: {} }, '"action": "decline"'],
  ['nothing, because the question was withdrawn', null, '"action": "cancel"'],
  ['what does not fit', { decision: 'allow', values: { name: '', integer: 'seven' } }, '"action": "cancel"'],
] as const)('a person says %s', async (_, said, action) => {
  const { output } = await ask({ person: async () => said });
  expect(output).toContain(action);
});

test('the time of a call stands still while a person thinks, and what is late is taken back', async () => {
  const thinking = await ask({
    seconds: 1,
    person: async () => {
      await new Promise((resolve) => setTimeout(resolve, 1_500));
      return { decision: 'deny', values: {} };
    },
  });
  expect(thinking.output).toContain('"action": "decline"');
});

test('where nobody can be asked the server is told so from the beginning', async () => {
  const { output, isError } = await ask({ asks: false });
  expect({ output, isError }).toMatchObject({
    isError: true,
    output: expect.stringMatching(/not found|unknown/i),
  });
});
