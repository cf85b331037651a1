import { expect, it } from 'vitest';
import { newSecret, signedHeaders } from '../../src/webhook/signature.ts';

it('signs as the test vector of Standard Webhooks says', () => {
  const message = {
    id: 'msg_p5jXN8AQM9LWM0D4loKWxJek',
    timestamp: 1_614_265_330,
    body: '{"test": 2432232314}',
  };
  expect(signedHeaders(message, ['whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'])).toEqual({
    'webhook-id': 'msg_p5jXN8AQM9LWM0D4loKWxJek',
    'webhook-timestamp': '1614265330',
    'webhook-signature': 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
  });
});

it('signs with each secret that is valid, and makes long ones', () => {
  const secrets = [newSecret(), newSecret()];
  expect(new Set(secrets).size).toBe(2);
  for (const secret of secrets) expect(Buffer.from(secret.slice(6), 'base64')).toHaveLength(32);
  const message = { id: 'a', timestamp: 1, body: '{}' };
  const both = signedHeaders(message, secrets)['webhook-signature'];
  expect(both).toBe(secrets.map((one) => signedHeaders(message, [one])['webhook-signature']).join(' '));
});
