import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { join } from 'node:path';
import { type DeviceRight, deviceRights } from '@tandem/protocol';
import { AppError } from '@tandem/protocol/error';
import { readJsonFile, writeJsonFile } from '../config/json-file.ts';

/** Somebody's phone or tablet with a key of its own; of the key only a hash is kept. */
export type Device = {
  readonly name: string;
  readonly may: readonly DeviceRight[];
  readonly createdAt: string;
};
type Kept = Omit<Device, 'name'> & { readonly hash: string };

const fileOf = (folder: string): string => join(folder, 'devices.json');
const read = (folder: string): Readonly<Record<string, Kept>> =>
  readJsonFile(fileOf(folder)) as Readonly<Record<string, Kept>>;
const write = (folder: string, devices: Readonly<Record<string, Kept>>): void =>
  writeJsonFile(fileOf(folder), devices, 0o600);

const named = /^[A-Za-z0-9][A-Za-z0-9._-]{0,39}$/;

/** A new key for a device; one that it had before opens nothing any more. @throws AppError usage */
export const addDevice = (
  folder: string,
  { name, may, createdAt }: Omit<Device, 'may'> & { readonly may: readonly string[] },
): string => {
  if (!named.test(name))
    throw new AppError('usage', `--device is a name of letters, digits, dot and dash, not "${name}"`);
  const unknown = may.find((right) => !deviceRights.some((known) => known === right));
  if (unknown !== undefined)
    throw new AppError('usage', `--may lists ${deviceRights.join(', ')}, not "${unknown}"`);
  const key = randomBytes(18).toString('base64url');
  // Whoever may answer or ask must see what it is about.
  const rights = deviceRights.filter((right) => right === 'view' || may.includes(right));
  write(folder, { ...read(folder), [name]: { may: rights, createdAt, hash: hashOf(key).toString('hex') } });
  return key;
};

export const listDevices = (folder: string): readonly Device[] =>
  Object.entries(read(folder)).map(([name, { may, createdAt }]) => ({ name, may, createdAt }));

/** False where there is no device of that name. */
export const revokeDevice = (folder: string, name: string): boolean => {
  const { [name]: revoked, ...others } = read(folder);
  if (revoked === undefined) return false;
  write(folder, others);
  return true;
};

/** The device of a key, as the file says at this moment: what was revoked opens nothing any more. */
export const findDevice = (folder: string, key: string): Device | null => {
  const given = hashOf(key);
  const found = Object.entries(read(folder)).find(([, { hash }]) => {
    const kept = Buffer.from(hash, 'hex');
    return kept.length === given.length && timingSafeEqual(kept, given);
  });
  if (found === undefined) return null;
  const [name, { may, createdAt }] = found;
  return { name, may: deviceRights.filter((right) => may.includes(right)), createdAt };
};

/** The keys are random and long: a slow hash would protect nothing more. */
export const hashOf = (key: string): Buffer => createHash('sha256').update(key).digest();
