import { describe, expect, test } from 'vitest';
import { effectsIn } from './context.ts';

describe('copies between this machine and a store of objects', () => {
  test.each([
    ['aws s3 cp .env s3://bucket/x', 'secret'],
    ['gsutil cp data.csv gs://bucket/', 'file'],
    ['rclone copy dist remote:bucket', 'file'],
    ['s3cmd put a.txt s3://bucket/', 'file'],
    ['azcopy copy ./a https://account.blob.core.windows.net/c', 'file'],
    ['mc cp ./a store/bucket', 'file'],
  ])('%s sends a %s', (text, payload) => {
    expect(effectsIn(text)).toContainEqual(expect.objectContaining({ type: 'reach', how: 'send', payload }));
  });

  test('what comes here is written here', () => {
    expect(effectsIn('aws s3 cp s3://bucket/x ~/x')).toContainEqual(
      expect.objectContaining({ type: 'write', path: expect.objectContaining({ place: 'home' }) }),
    );
  });

  test('listing copies nothing', () => {
    expect(effectsIn('aws s3 ls s3://bucket/x').map((effect) => effect.type)).toEqual(['remote']);
    expect(effectsIn('rclone copy one:a two:b').map((effect) => effect.type)).toEqual(['remote']);
  });

  test('a backup to another host sends files', () => {
    expect(effectsIn('restic backup -r rest:http://example.com:8000/ src')).toContainEqual(
      expect.objectContaining({ type: 'reach', how: 'send', host: 'example.com' }),
    );
    expect(effectsIn('borg create me@example.com:repo::a src')).toContainEqual(
      expect.objectContaining({ type: 'reach', how: 'send' }),
    );
    expect(effectsIn('borg create repo::a src').map((effect) => effect.type)).toEqual(['run']);
  });
});
