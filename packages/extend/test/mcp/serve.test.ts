import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import { type CallToolResult, ElicitRequestSchema } from '@modelcontextprotocol/sdk/types.js';
import { afterAll, expect, onTestFinished, test } from 'vitest';

const bin = join(import.meta.dirname, '../../../../bin/tandem');
const home = realpathSync(mkdtempSync(join(tmpdir(), 'tandem-mcp-serve-')));
afterAll(() => rmSync(home, { recursive: true, force: true, maxRetries: 3 }));

const root = join(home, 'project');
mkdirSync(join(root, 'part'), { recursive: true });
mkdirSync(join(home, 'elsewhere'));
symlinkSync(join(home, 'elsewhere'), join(root, 'link'));
writeFileSync(join(root, 'a.txt'), 'one\ntwo\n');
writeFileSync(join(root, '.env'), 'TOKEN=abc\n');

const script = (name: string, turns: readonly object[]): string => {
  const file = join(home, `${name}.json`);
  writeFileSync(file, JSON.stringify({ turns }));
  return `scripted/${file}`;
};

type Asked = { readonly words?: readonly string[]; readonly answer?: 'allow' | 'deny' };

/** The SDK's own client, in front of a real process. */
const connected = async ({ words = [], answer }: Asked = {}) => {
  const client = new Client(
    { name: 'test', version: '1' },
    { capabilities: answer === undefined ? {} : { elicitation: {} } },
  );
  const questions: string[] = [];
  if (answer !== undefined)
    client.setRequestHandler(ElicitRequestSchema, ({ params }) => {
      questions.push(params.message);
      return { action: 'accept', content: { decision: answer } };
    });
  const env = { PATH: process.env.PATH ?? '', HOME: home };
  const transport = new StdioClientTransport({
    command: bin,
    args: ['mcp', ...words],
    cwd: root,
    env,
    stderr: 'pipe',
  });
  await client.connect(transport);
  onTestFinished(() => client.close());
  const call = async (
    name: string,
    given: object,
    options: NonNullable<Parameters<Client['callTool']>[2]> = {},
  ): Promise<CallToolResult & { readonly text: string }> => {
    const result = (await client.callTool(
      { name, arguments: { ...given } },
      undefined,
      options,
    )) as CallToolResult;
    const [first] = result.content;
    return { ...result, text: first?.type === 'text' ? first.text : '' };
  };
  return { client, transport, call, questions };
};

const writes = (path: string, text: string) => ({
  toolCalls: [{ name: 'write', arguments: { path, text, content: text } }],
});

test('offers task, judge and tools that look, in few words', async () => {
  const { client } = await connected();
  const { tools } = await client.listTools();
  expect(tools.map(({ name, annotations }) => [name, annotations?.readOnlyHint])).toEqual([
    ['task', false],
    ['judge', true],
    ['read', true],
    ['grep', true],
    ['glob', true],
  ]);
  // A client pays for these words with every request.
  expect(JSON.stringify(tools).length).toBeLessThan(4_000);
  expect(client.getServerVersion()).toMatchObject({ name: 'tandem', title: 'Tandem' });
});

test('reads inside the folder alone', async () => {
  const { call } = await connected();
  expect(await call('read', { path: 'a.txt' })).toMatchObject({ text: '1\tone\n2\ttwo\n', isError: false });
  expect(await call('grep', { pattern: 'tw.' })).toMatchObject({ text: 'a.txt:2: two' });
  expect(await call('glob', { pattern: '*.txt' })).toMatchObject({ text: 'a.txt' });
  for (const path of ['../mind.json', '/etc/passwd', 'link/../../x'])
    expect({ path, ...(await call('read', { path })) }).toMatchObject({ isError: true });
  const secret = await call('read', { path: '.env' });
  expect(secret).toMatchObject({ isError: true, text: expect.stringContaining('holds secrets') });
  expect(await call('read', {})).toMatchObject({
    isError: true,
    text: expect.stringContaining('"path" is missing'),
  });
});

test('judges as the guard does, and runs nothing', async () => {
  const { call } = await connected();
  const { structuredContent: harmless } = await call('judge', { input: 'ls' });
  expect(harmless).toMatchObject({ decision: 'allow' });
  const { structuredContent: harm } = await call('judge', { input: 'rm -rf ~' });
  expect(harm).toMatchObject({
    decision: 'deny',
    reasons: expect.arrayContaining([expect.stringMatching(/^clause:/)]),
  });
  expect(await call('judge', { input: 'ls', workspace: '..' })).toMatchObject({
    isError: true,
    text: expect.stringContaining('is not in'),
  });
});

test('does a task in a folder below, tells how far it is, and goes on with its session', async () => {
  const model = script('mind', [
    writes('made.txt', 'hello\n'),
    { text: 'Made it.' },
    { text: 'Still there.' },
  ]);
  const { call } = await connected({ words: ['--model', model] });
  const told: string[] = [];
  const onprogress = ({ message = '' }): void => void told.push(message);
  const done = await call('task', { prompt: 'Make made.txt', workspace: 'part' }, { onprogress });
  expect(done).toMatchObject({
    isError: false,
    text: expect.stringMatching(/^Made it\.\n\nChanged: made\.txt \(\+1 −0\)\n\nSession: ses_/),
    structuredContent: { status: 'completed', answer: 'Made it.', files: [{ path: 'made.txt' }] },
  });
  expect(readFileSync(join(root, 'part/made.txt'), 'utf8')).toBe('hello\n');
  expect(told.some((line) => line.startsWith('write '))).toBe(true);
  const { session } = done.structuredContent as { readonly session: string };
  const more = await call('task', { prompt: 'Is it there?', workspace: 'part', session });
  expect(more.structuredContent).toMatchObject({ session, status: 'completed' });
  expect(await call('task', { prompt: 'And here?', session })).toMatchObject({ isError: true });
  expect(await call('task', { prompt: 'Out', workspace: 'link' })).toMatchObject({
    isError: true,
    text: expect.stringContaining('is not in'),
  });
});

test('a mode is never wider than the one it was started with', async () => {
  const model = script('narrow', [writes('b.txt', 'x'), { text: 'Done.' }]);
  const { call } = await connected({ words: ['--model', model, '--permission-mode', 'default'] });
  for (const mode of ['acceptEdits', 'auto', 'bypass'])
    expect(await call('task', { prompt: 'Go', mode })).toMatchObject({
      isError: true,
      text: expect.stringContaining('is wider than default'),
    });
  expect(await call('task', { prompt: 'Go' })).toMatchObject({
    isError: true,
    text: expect.stringContaining('an approval is needed and nobody could be asked: Write b.txt?'),
  });
  expect(existsSync(join(root, 'b.txt'))).toBe(false);
});

test.each(['allow', 'deny'] as const)('a person is asked through the client: %s', async (answer) => {
  const model = script(`asks-${answer}`, [writes(`${answer}.txt`, 'x'), { text: 'Over.' }]);
  const { call, questions } = await connected({
    words: ['--model', model, '--permission-mode', 'default'],
    answer,
  });
  expect(await call('task', { prompt: 'Go' })).toMatchObject({ isError: false });
  expect(questions).toEqual([expect.stringContaining(`Write ${answer}.txt?`)]);
  expect(existsSync(join(root, `${answer}.txt`))).toBe(answer === 'allow');
});

test('a cancelled task stops what it runs, and so does a client that goes', async () => {
  // Not in the workspace: an interrupted turn puts that back.
  const marker = join(home, 'running');
  const command = `echo $$ > ${marker}.new; mv ${marker}.new ${marker}; sleep 60; true`;
  const model = script('slow', [
    { toolCalls: [{ name: 'bash', arguments: { command } }] },
    { text: 'Late.' },
  ]);
  const { call, client, transport } = await connected({
    words: ['--model', model, '--permission-mode', 'bypass'],
  });
  const begun = () => expect.poll(() => existsSync(marker), { timeout: 10_000 }).toBe(true);
  const stop = new AbortController();
  const cancelled = call('task', { prompt: 'Sleep', workspace: 'part' }, { signal: stop.signal });
  await begun();
  stop.abort('enough');
  await expect(cancelled).rejects.toThrow();
  const shell = (): number => Number(readFileSync(marker, 'utf8'));
  await expect.poll(() => isAlive(shell()), { timeout: 10_000 }).toBe(false);
  expect(await call('glob', { pattern: '*.txt' })).toMatchObject({ isError: false });
  rmSync(marker);
  const left = call('task', { prompt: 'Sleep', workspace: 'part' });
  left.catch(() => {});
  await begun();
  const { pid } = transport;
  await client.close();
  await expect.poll(() => isAlive(pid), { timeout: 10_000 }).toBe(false);
  expect(isAlive(shell())).toBe(false);
});

const isAlive = (pid: number | null): boolean => {
  try {
    return pid !== null && process.kill(pid, 0);
  } catch {
    return false;
  }
};
