import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { type ExtensionsInput, openExtensions } from '../src/index.ts';

const folder = mkdtempSync(join(tmpdir(), 'tandem-extend-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const root = join(folder, 'shop');
const put = (path: string, text: string): void => {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), text);
};
put('config/config.toml', '[mcp_servers.far]\nurl = "https://host.invalid/mcp"\n');
put(
  'shop/.mcp.json',
  '{ "mcpServers": { "near": { "command": "never-started" }, "far": { "command": "taken-over" } } }',
);
put('shop/.agents/skills/one/SKILL.md', '---\ndescription: one\n---\nDo one.');

const programs = async (given: Partial<ExtensionsInput>): Promise<readonly string[]> => {
  const extensions = openExtensions({
    place: (cwd) => ({ home: join(folder, 'home'), config: join(folder, 'config'), root, cwd }),
    isTrusted: () => false,
    isApproved: () => false,
    run: async () => ({ exit: 0, output: '', errors: '', timedOut: false }),
    env: {},
    offline: false,
    tokensFile: join(folder, 'tokens.json'),
    version: '0',
    transcript: () => '',
    ...given,
  });
  const tools = await extensions.tools(root);
  expect(await extensions.tools(root)).toBe(tools);
  await extensions.close();
  return tools.map(({ spec }) =>
    `${spec.name} ${/Programs: (.*)$/.exec(spec.description)?.[1] ?? ''}`.trim(),
  );
};

test('what may run decides which tools a model is given; no server is started for that', async () => {
  expect(await programs({})).toEqual(['skill', 'find_tool far', 'use_tool']);
  expect(await programs({ isTrusted: () => true })).toEqual(['skill', 'find_tool far, near', 'use_tool']);
  const isApproved = (_place: unknown, { name }: { readonly name: string }) => name === 'near';
  expect(await programs({ isApproved })).toEqual(['skill', 'find_tool far, near', 'use_tool']);
});

test('offline, servers elsewhere are left out', async () => {
  expect(await programs({ offline: true })).toEqual(['skill']);
});
