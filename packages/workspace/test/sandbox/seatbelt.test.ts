import { expect, test } from 'vitest';
import { seatbeltArguments } from '../../src/sandbox/seatbelt.ts';

test('paths are parameters, never text of the profile; what lies deeper is said later', () => {
  const root = '/Volumes/ada/a") (allow default) ("';
  const words = seatbeltArguments({
    mounts: [
      { path: '/', kind: 'ro' },
      { path: '/Volumes/ada', kind: 'empty' },
      { path: root, kind: 'rw' },
      { path: `${root}/.git/hooks`, kind: 'ro' },
      { path: `${root}/.ssh`, kind: 'hidden' },
      { path: '/tmp', kind: 'rw', from: '/state/tmp' },
    ],
    absent: [`${root}/.claude`],
    temporary: '/state/tmp',
  });
  expect(words.slice(0, 3)).toEqual(['/usr/bin/sandbox-exec', '-D', 'P0=/']);
  expect(words).toContain(`P2=${root}`);
  expect(words.at(-1)).toBe('--');
  const profile = words.at(-2) ?? '';
  expect(profile).not.toContain('Volumes');
  expect(profile.split('\n').slice(-8)).toEqual(
    [
      '(allow file-read* (subpath (param "P0")))',
      '(deny file-write* (subpath (param "P0")))',
      '(deny file-read* file-write* (subpath (param "P1")))',
      '(allow file-read* file-write* (subpath (param "P2")))',
      '(allow file-read* (subpath (param "P3")))',
      '(deny file-write* (subpath (param "P3")))',
      '(deny file-read* file-write* (subpath (param "P4")))',
      ...[
        '(allow file-read* file-write* (subpath (param "P5")))',
        '(deny file-write* (subpath (param "P6")))',
      ],
    ].slice(-8),
  );
  expect(profile).toMatch(/^\(version 1\)\n\(deny default\)\n/);
  expect(profile).not.toMatch(/network|appleevent|securityd/);
});
