import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { findSecrets } from '../../src/secrets/find-secrets.ts';

// Put together here, so that no scanner takes this file for a leak.
const random = 'k7Qz2mVx9RtLb4NcW8Yd';
const samples: readonly (readonly [string, string])[] = [
  ['aws-access-key', `${'AK'}IAQ3ZVWN5TLK2RXMHD`],
  ['github-token', `gh${'p_'}${random}${random.slice(0, 16)}`],
  ['gitlab-token', `gl${'pat-'}${random}`],
  ['stripe-key', `sk_${'live_'}${random}`],
  ['google-api-key', `AI${'za'}${random}${random.slice(0, 15)}`],
  ['openai-key', `sk-${'proj-'}${random}${random}`],
  ['anthropic-key', `sk-${'ant-'}api03-${random}${random}${random}`],
  ['sendgrid-key', `S${'G.'}${random}ab.${random}${random}abc`],
  ['npm-token', `np${'m_'}${random}${random.slice(0, 16)}`],
  ['credentials-in-url', `postgres://app:${random}@db.internal:5432/app`],
];

describe('findSecrets', () => {
  it.each(samples)('finds a %s where it stands', (type, secret) => {
    const text = `before ${secret} after`;
    const [found, ...others] = findSecrets(text);
    expect(others).toEqual([]);
    expect(found).toMatchObject({ type });
    expect(secret).toContain(text.slice(found!.start, found!.end));
    expect(found!.confidence).toBeGreaterThanOrEqual(0.7);
  });

  it.each([
    `password = "T0p!secretX9"`,
    `api_key: '${random}'`,
    `export ACME_TOKEN=${random}${random}`,
    `const acmeKey = "${random}${random}";`,
    `{"client_secret": "${random}${random}"}`,
  ])('finds the value given to a name: %s', (text) => {
    expect(findSecrets(text).map((secret) => secret.confidence >= 0.7)).toEqual([true]);
  });

  it.each([
    'password = "changeme"',
    'password = "${DB_PASSWORD}"',
    'api_key = os.environ["API_KEY"]',
    'token = "xxxxxxxxxxxxxxxxxxxxxxxx"',
    'const token = getToken(request)',
    'key = "user.profile.settings.theme"',
    'https://user:${password}@host/path',
    `${'AK'}IAXXXXXXXXXXXXXXXX`,
    `${'AK'}IAIOSFODNN7EXAMPLE`,
    'sha512-9Zr2kq1Z0W0aPp0c1Yl7jzjQm3bW1x0Q==',
    'secret: "<your secret here>"',
  ])('lets %s pass', (text) => {
    expect(findSecrets(text).filter((secret) => secret.confidence >= 0.7)).toEqual([]);
  });

  it('gives secrets in order and without overlaps, in any text', () => {
    const piece = fc.oneof(
      fc.string(),
      fc.constantFrom(
        'password=',
        'token: "',
        '"',
        '://',
        ':',
        '@',
        '-----BEGIN PRIVATE KEY-----',
        'eyJ',
        '.',
        random,
      ),
    );
    fc.assert(
      fc.property(
        fc.array(piece).map((pieces) => pieces.join('')),
        (text) => {
          let end = 0;
          for (const secret of findSecrets(text)) {
            expect(secret.start).toBeGreaterThanOrEqual(end);
            expect(secret.end).toBeGreaterThan(secret.start);
            end = secret.end;
          }
          expect(end).toBeLessThanOrEqual(text.length);
        },
      ),
    );
  });
});
