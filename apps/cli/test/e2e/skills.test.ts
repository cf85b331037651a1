import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { Machine } from './tandem.ts';

const put = (path: string, text: string): void => {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
};

const skill = (name: string, description: string, body: string): string =>
  `---\nname: ${name}\ndescription: ${description}\n---\n${body}\n`;

/** What its tool calls gave. */
const outputs = (stream: string): readonly string[] =>
  stream
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line))
    .filter(({ type }) => type === 'tool.completed')
    .map(({ data }) => data.output);

describe('skills', () => {
  const machine = new Machine();
  machine.write('.agents/skills/deploy/SKILL.md', skill('deploy', 'How to deploy here', 'Run step one.'));
  machine.write('.agents/skills/deploy/ref/hosts.md', 'host a\n');
  machine.write('.claude/skills/shout/SKILL.md', skill('shout', 'Shadowed', 'of the workspace'));
  put(join(machine.home, '.agents/skills/shout/SKILL.md'), skill('shout', 'How to shout', 'In capitals.'));
  put(join(machine.home, 'secret'), 'PRIVATE');
  symlinkSync(join(machine.home, 'secret'), join(machine.workspace, '.agents/skills/deploy/link'));

  test('a model reads the body and its files when it asks, and nothing outside the folder', async () => {
    const ask = (given: object) => ({ toolCalls: [{ name: 'skill', arguments: given }] });
    const model = machine.script('mind', [
      ask({ name: 'deploy' }),
      ask({ name: 'deploy', file: 'ref/hosts.md' }),
      ask({ name: 'deploy', file: 'link' }),
      ask({ name: 'deploy', file: '../../../../secret' }),
      ask({ name: 'shout' }),
      ask({ name: 'none' }),
      { text: 'Done.' },
    ]);
    const ran = await machine.run(['exec', '--model', model, '--output-format', 'stream-json', 'Go']);
    const [body, file, link, outside, own, none] = outputs(ran.out);
    expect(body).toMatch(/^Run step one\.\n\nFiles of this skill, in .*deploy:\nref\/hosts\.md$/);
    expect(file).toBe('host a\n');
    expect(link).toContain('is not one of the files');
    expect(outside).toContain('is not one of the files');
    expect([own, none]).toEqual(['In capitals.', 'There is no skill none.']);
    expect(ran.out).not.toContain('PRIVATE');
  });

  test('are listed, and a person calls one by its name', async () => {
    machine.expectGolden('skills-list', await machine.run(['skills']));
    const model = machine.script('mind', [
      { match: '^Run step one\\.\n\nWhat is asked: to host b\\?$', text: 'So it is.' },
    ]);
    const ran = await machine.run(['exec', '--model', model, '/deploy to host b?']);
    expect(ran).toMatchObject({ code: 0, out: 'So it is.\n' });
  });
});

describe('commands', () => {
  const machine = new Machine();
  machine.write('src/a.txt', 'text of a\n');
  machine.write(
    '.agents/commands/explain.md',
    '---\ndescription: Explain a file\nargument-hint: FILE WORDS\n---\nExplain $1 (@$1) to $2. All: $ARGUMENTS.\n',
  );
  machine.write(
    '.claude/commands/git/log.md',
    'Now: !`echo found $1`, !`touch made && rm -rf src`, !`true`\n',
  );
  put(join(machine.home, '.agents/commands/greet.md'), 'Say hello!\n!`echo from home`\n');
  const said = (match: string): string => machine.script('mind', [{ match, text: 'Seen.' }]);

  test('get words and files, and what is no command stays as it is', async () => {
    const model = said(
      '^Explain src/a\\.txt \\(@src/a\\.txt\\) to a child\\. All: src/a\\.txt "a child"\\.\n\n<file path="src/a.txt">\ntext of a\n\n</file>$',
    );
    const ran = await machine.run(['exec', '--model', model, '/explain src/a.txt "a child"']);
    expect(ran).toMatchObject({ code: 0, out: 'Seen.\n' });
    const plain = await machine.run([
      'exec',
      '--model',
      said('^/etc/hosts is what\\?$'),
      '/etc/hosts is what?',
    ]);
    expect(plain.code).toBe(0);
  });

  test("a person's own run their lines; a workspace's only where it is trusted, and never what the guard refuses", async () => {
    const own = await machine.run([
      'exec',
      '--model',
      said('^Say hello!\nfrom home\n\nARGUMENTS: now$'),
      '/greet now',
    ]);
    expect(own).toMatchObject({ code: 0 });

    const untrusted = await machine.run([
      'exec',
      '--model',
      said('not run: this workspace is not trusted'),
      '/git:log x',
    ]);
    expect(untrusted).toMatchObject({ code: 0, err: expect.stringContaining('1 command with shell lines') });

    const model = said('^Now: found x; rm -rf src, \\(not run: [^]*\\), $');
    const trusted = await machine.run(['exec', '--trust', '--model', model, '/git:log "x; rm -rf src"']);
    expect(trusted).toMatchObject({ code: 0, err: expect.stringContaining('was not run') });
    expect([machine.read('made'), machine.read('src/a.txt')]).toEqual([null, 'text of a\n']);
  });
});
