import { expect, test } from 'vitest';
import { childEnvironment } from '../../src/exec/environment.ts';

test('drops what holds a secret, keeps the rest, adds the mark to an outer one', () => {
  const secrets = {
    OPENAI_API_KEY: 'x',
    ANTHROPIC_API_KEY: 'x',
    GITHUB_TOKEN: 'x',
    NPM_TOKEN: 'x',
    AWS_ACCESS_KEY_ID: 'x',
    AWS_PROFILE: 'x',
    DB_PASSWORD: 'x',
    MY_SECRET: 'x',
    SECRET_KEY_BASE: 'x',
    hf_token: 'x',
    PGPASSWORD: 'x',
    GOOGLE_APPLICATION_CREDENTIALS: '/x',
    DATABASE_URL: 'postgres://u:p@h/d',
    STRIPE_KEY: 'x',
    npm_config__auth: 'x',
  };
  const plain = {
    PATH: '/bin',
    HOME: '/h',
    LANG: 'C',
    SSH_AUTH_SOCK: '/s',
    TOKENIZERS_PARALLELISM: '1',
    KEYBOARD: 'us',
    HTTPS_PROXY: 'http://u:p@proxy',
    GIT_AUTHOR_NAME: 'x',
    MONKEY: '1',
    PWD: '/',
    OLDPWD: '/',
    XDG_SESSION_TYPE: 'x',
  };
  expect(
    childEnvironment({
      from: { ...secrets, ...plain, TANDEM_RUN: 'a' },
      extra: { X_TOKEN: 'given' },
      mark: 'b',
    }),
  ).toEqual({ ...plain, X_TOKEN: 'given', TANDEM_RUN: 'a,b' });
});
