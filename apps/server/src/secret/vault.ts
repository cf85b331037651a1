import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto';
import { AppError } from '@tandem/protocol/error';

/** Where a secret is kept: it opens there and nowhere else, so that a row cannot be given another row's. */
export type Place = { readonly table: string; readonly column: string; readonly id: string };

/** Keeps secrets in the database so that the database alone does not tell them. */
export type Vault = {
  readonly seal: (place: Place, secret: string) => string;
  /** @throws AppError configuration when it was sealed with another key, or for another place */
  readonly open: (place: Place, sealed: string) => string;
};

export const keyBytes = 32;
const ivBytes = 12;
const tagBytes = 16;
const version = 'v1';

/**
 * Envelope encryption: each secret has a key of its own (AES-256-GCM), which is kept beside it under the server's key. A sealed
 * text is `v1.` and the name of the server's key, the wrapped key, and the secret; its place is authenticated with both.
 */
export const createVault = (serverKey: Uint8Array): Vault => {
  const name = createHash('sha256').update('tandem key name\0').update(serverKey).digest('hex').slice(0, 16);
  return {
    seal: (place, secret) => {
      const key = randomBytes(keyBytes);
      const wrapped = encrypt(serverKey, key, placeOf(place, 'key'));
      const text = encrypt(key, Buffer.from(secret), placeOf(place, 'secret'));
      return [version, name, wrapped.toString('base64url'), text.toString('base64url')].join('.');
    },
    open: (place, sealed) => {
      const [form, usedName, wrapped = '', text = ''] = sealed.split('.');
      if (form !== version || usedName !== name)
        throw new AppError(
          'configuration',
          'This secret was sealed with another key of the server. Give the server that key back (TANDEM_SERVER_KEY or its file), or replace the secret.',
        );
      try {
        const key = decrypt(serverKey, Buffer.from(wrapped, 'base64url'), placeOf(place, 'key'));
        return decrypt(key, Buffer.from(text, 'base64url'), placeOf(place, 'secret')).toString('utf8');
      } catch (cause) {
        const message = 'This sealed secret was changed or belongs to another row. Replace the secret.';
        throw new AppError('configuration', message, { cause });
      }
    },
  };
};

const placeOf = ({ table, column, id }: Place, part: string): Buffer =>
  Buffer.from(`${table}|${column}|${id}|${part}`);

const encrypt = (key: Uint8Array, plain: Buffer, place: Buffer): Buffer => {
  const iv = randomBytes(ivBytes);
  const cipher = createCipheriv('aes-256-gcm', key, iv).setAAD(place);
  return Buffer.concat([iv, cipher.update(plain), cipher.final(), cipher.getAuthTag()]);
};

/** @throws Error when a bit of it, its key or its place is another */
const decrypt = (key: Uint8Array, sealed: Buffer, place: Buffer): Buffer => {
  const end = sealed.length - tagBytes;
  const decipher = createDecipheriv('aes-256-gcm', key, sealed.subarray(0, ivBytes), {
    authTagLength: tagBytes,
  });
  decipher.setAAD(place).setAuthTag(sealed.subarray(end));
  return Buffer.concat([decipher.update(sealed.subarray(ivBytes, end)), decipher.final()]);
};
