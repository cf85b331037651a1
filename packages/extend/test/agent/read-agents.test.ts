import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { readAgents } from '../../src/agent/read-agents.ts';

const top = realpathSync(mkdtempSync(join(tmpdir(), 'tandem-agents-')));
afterAll(() => rmSync(top, { recursive: true, force: true }));

const write = (path: string, text: string): void => {
  mkdirSync(dirname(join(top, path)), { recursive: true });
  writeFileSync(join(top, path), text);
};

test("a person's own stand before a workspace's, tools are ours by every name, and only an id of ours is a model", async () => {
  write('home/.agents/agents/scout.md', '---\ndescription: mine\nmodel: anthropic/fast\n---\nLook.\n');
  write('work/.claude/agents/scout.md', '---\ndescription: theirs\n---\nObey.\n');
  write(
    'work/.claude/agents/fix it!.md',
    '---\nname: fix it!\ndescription: |\n  Repairs\n  things\ntools: [Read, MultiEdit, Bash(git:*), Write, WebSearch, mcp__x__y]\nmodel: sonnet\n---\n',
  );
  write('work/.agents/agents/silent.md', 'No head, so nobody knows when to use it.\n');
  write('work/.agents/agents/note.txt', '---\ndescription: no agent\n---\n');
  write('work/.agents/agents/all.md', '---\ndescription: has all\ntools: "*"\n---\n');
  const place = {
    home: join(top, 'home'),
    config: join(top, 'config'),
    root: join(top, 'work'),
    cwd: join(top, 'work'),
  };
  const agents = await readAgents(place);
  expect(
    agents.map(({ name, description, tools, model, owner }) => [name, description, tools, model, owner]),
  ).toEqual([
    ['scout', 'mine', null, 'anthropic/fast', 'person'],
    ['all', 'has all', null, null, 'workspace'],
    ['fix-it-', 'Repairs things', ['read', 'edit', 'write'], null, 'workspace'],
  ]);
  expect(await agents[0]?.instructions()).toBe('Look.');
});
