import { readJsonFile, writeJsonFile } from './json-file.ts';
import { pathsOf } from './paths.ts';

type Environment = Readonly<Record<string, string | undefined>>;
type Named = { readonly name: string; readonly hash: string };

/** By workspace and name: the definition that a person has allowed. */
type Approved = Readonly<Record<string, Readonly<Record<string, string>>>>;

const read = (env: Environment): Approved => readJsonFile(pathsOf(env).approvedServers) as Approved;

/** Whether a person has allowed this very definition; another command under the same name is another server. */
export const isServerApproved = (env: Environment, root: string, { name, hash }: Named): boolean =>
  read(env)[root]?.[name] === hash;

/** A null hash takes it back. */
export const approveServer = (
  env: Environment,
  root: string,
  { name, hash }: { readonly name: string; readonly hash: string | null },
): void => {
  const all = read(env);
  const { [name]: _before, ...others } = all[root] ?? {};
  const own = hash === null ? others : { ...others, [name]: hash };
  writeJsonFile(pathsOf(env).approvedServers, { ...all, [root]: own }, 0o600);
};
