import { describe, expect, test } from 'vitest';
import { hole } from '../../../src/shell/command.ts';
import { word } from '../../command-of.ts';
import { changeOf, effectsUnknown } from './context.ts';

const cases: Readonly<Record<string, readonly string[]>> = {
  destroy: [
    'tool delete user 5',
    'tool user delete 5',
    'tool delete-user 5',
    'tool user:delete 5',
    'tool userDelete 5',
    'tool deleteUser 5',
    'tool bulk_delete_users',
    'tool users:bulk-delete --all',
    'tool schedule-key-deletion --key k',
    'tool clean-all',
    'tool ls-del switch',
    'tool env tear-down staging',
    'tool backup delete nightly',
    'tool release remove v1',
    'tool --profile prod users delete 5',
    'tool --force delete 5',
    'tool --flag delete users',
    'tool sync a b --delete',
    'tool fs -rm -r /data',
    'tool api -X DELETE /users/5',
    'tool DELETE /users/5',
    'tool list delete x',
    'tool --run \'db._drop("c")\'',
    "tool -e 'DROP TABLE users'",
    'tool delete 5 --dry-run=false',
  ],
  update: [
    'tool deploy api',
    'tool deploy docs',
    'tool config set a b',
    'tool vm start web',
    'wipe-everything',
    './deploy.sh',
    'tool cache clean api',
    'tool schema migrate',
  ],
  create: ['tool create cluster', 'tool backup nightly', 'tool cluster:create'],
  read: [
    'tool users list',
    'tool list-users',
    'tool usersList',
    'tool get delete-policy',
    'tool deploy status',
    'tool import status 5',
    'tool restore list',
    'tool search delete',
    'tool delete 5 --dry-run',
    'tool --filter delete list',
    'tool backup logs nightly',
    'tool secrets list',
    'tool describe x --query delete',
  ],
  secret: ['tool secret get db', 'tool get secret db', 'tool vault show-password x', 'tool auth print-token'],
  local: [
    'tool',
    'tool build',
    'tool test delete-user',
    'tool test --grep delete',
    'tool start',
    'tool cache clean',
    'tool src/delete.ts',
    'tool delete.ts -o out/remove.js',
    'tool delete 5 --help',
    'tool help delete',
    'tool --version',
    'tool run addPostinstallScript',
    'tool image:tag',
    'tool deleted',
    'tool --no-delete',
  ],
};

describe('describeUnknown', () => {
  for (const [change, texts] of Object.entries(cases)) {
    test.each(texts)(`${change}: %s`, (text) => expect(changeOf(effectsUnknown(text))).toBe(change));
  }

  test('without a verb the program is run, with its paths', () => {
    expect(effectsUnknown('tool src/a.ts ../b.json -o dist/c.js')).toMatchObject([
      { type: 'run', program: 'tool', origin: 'unknown' },
      { type: 'read', path: { path: '/home/user/project/src/a.ts', place: 'workspace' } },
      { type: 'read', path: { path: '/home/user/b.json', place: 'home' } },
      { type: 'write', path: { path: '/home/user/project/dist/c.js', place: 'workspace' }, how: 'overwrite' },
    ]);
  });

  test('a program of the workspace is its own', () => {
    expect(effectsUnknown('./bin/tool x')).toMatchObject([{ type: 'run', origin: 'project' }]);
  });

  test('a path is read whatever the verb', () => {
    expect(effectsUnknown('tool list ~/.ssh/id_rsa')).toContainEqual(
      expect.objectContaining({ type: 'read', path: expect.objectContaining({ sensitivity: 'secret' }) }),
    );
  });

  test('an address is reached, unless it only names what a service is asked about', () => {
    expect(effectsUnknown('tool get https://example.com/x')).toContainEqual(
      expect.objectContaining({ type: 'reach', host: 'example.com', local: false }),
    );
    expect(effectsUnknown('tool http://localhost:3000')).toContainEqual(
      expect.objectContaining({ type: 'reach', host: 'localhost', local: true }),
    );
    expect(
      effectsUnknown('tool queue list --queue-url https://example.com/q').map((effect) => effect.type),
    ).toEqual(['remote']);
  });

  test.each([
    "tool --exec 'rm -rf x'",
    'tool run -- rm -rf x',
    "tool -x '/bin/sh -i'",
    'tool --shell /bin/bash',
  ])('a program among the words is started: %s', (text) =>
    expect(effectsUnknown(text).map((effect) => effect.type)).toContain('spawn'),
  );

  test('SQL in a here-document is judged as SQL', () => {
    const stdin = { type: 'text', text: word('delete from users') } as const;
    expect(changeOf(effectsUnknown('tool', { stdin }))).toBe('destroy');
  });

  test('a command behind dashes is judged as one', () => {
    const [, inner] = effectsUnknown("tool exec -- npm test 'a b'");
    expect(inner).toMatchObject({ what: "shell: npm test 'a b'" });
  });

  test('an argument that is not known is no reason, a program that is not known is one', () => {
    expect(effectsUnknown(`tool build ${hole}`).map((effect) => effect.type)).toEqual(['run']);
    expect(effectsUnknown('tool', { name: null })).toMatchObject([{ type: 'opaque', at: 'command' }]);
  });
});
