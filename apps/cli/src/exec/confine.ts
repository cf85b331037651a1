import { AppError, type PermissionMode } from '@tandem/protocol';
import type { Parsed } from '../args/parse.ts';
import { given, listOf } from '../args/read.ts';
import type { App, ComposeInput } from '../compose.ts';
import type { Config } from '../config/config.ts';
import type { Host } from '../host.ts';

/** How the commands of a turn are confined. */
export type SandboxPlan = {
  readonly profile: 'read-only' | 'workspace-write';
  /** Hosts that commands may reach; absent: none. */
  readonly hosts?: readonly string[];
  /** A person asked for it, here or in the config: where it does not hold, nothing is run. */
  readonly isAsked: boolean;
};

/**
 * Absent: commands run with the person's own rights. In auto mode nobody looks at what the guard allows, so there they are
 * confined unless a person says `full`. @throws AppError usage
 */
export const planSandbox = (input: {
  readonly parsed: Parsed;
  readonly config: Config;
  readonly mode: PermissionMode;
  readonly offline: boolean;
}): SandboxPlan | undefined => {
  const { parsed, config, mode, offline } = input;
  const typedHosts = listOf(parsed, 'egress');
  const typed = parsed.values.get('sandbox') ?? (typedHosts === undefined ? undefined : 'workspace-write');
  const profile = typed ?? config.sandbox ?? (mode === 'auto' ? 'workspace-write' : 'full');
  refuseContradictions({ profile, hosts: typedHosts, offline });
  if (profile !== 'read-only' && profile !== 'workspace-write') return undefined;
  const hosts = typedHosts ?? (offline ? undefined : config.egress);
  const isAsked = typed !== undefined || config.sandbox !== undefined;
  return { profile, isAsked, ...given('hosts', hosts?.length === 0 ? undefined : hosts) };
};

const refuseContradictions = (input: {
  readonly profile: string;
  readonly hosts: readonly string[] | undefined;
  readonly offline: boolean;
}): void => {
  if (input.hosts === undefined) return;
  if (input.profile === 'full')
    throw new AppError('usage', '--egress lists hosts for a sandbox; with --sandbox full every host is open');
  if (input.offline) throw new AppError('usage', 'give --egress or --offline, not both');
};

/** What a person should know before the first command runs. */
export const sayConfined = (host: Host, { sandbox }: Pick<App, 'sandbox'>): void => {
  if (sandbox === null) return;
  const network = { off: 'no network', hosts: 'a network of the listed hosts', open: 'all of the network' };
  host.err(
    `tandem: commands are confined: ${sandbox.profile} by ${sandbox.level}, ${network[sandbox.egress]}\n`,
  );
};

/** For `compose`. That commands run unconfined because nothing holds here is said on stderr. */
export const confinement = (
  plan: SandboxPlan | undefined,
  { host, signal }: { readonly host: Host; readonly signal: AbortSignal },
): Pick<ComposeInput, 'sandbox'> => {
  if (plan === undefined) return {};
  const { isAsked, ...wanted } = plan;
  if (isAsked) return { sandbox: { ...wanted, signal } };
  const otherwise = (why: string): void => host.err(`tandem: commands are not confined here: ${why}\n`);
  return { sandbox: { ...wanted, signal, otherwise } };
};
