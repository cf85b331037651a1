import { isIP } from 'node:net';
import type { Word } from '../../../shell/command.ts';
import type { Effect } from '../../effect.ts';

/** Where a git address leads: a name of a configured remote or a path on this machine, a host, or a program. */
type Address =
  | { readonly type: 'here' }
  | { readonly type: 'host'; readonly host: string }
  | { readonly type: 'program'; readonly program: string };

const addressOf = (word: Word): Address => {
  const { text } = word;
  const helper = /^([\w-]+)::(.*)$/s.exec(text);
  if (helper) return { type: 'program', program: helper[2]! };
  const url = /^(?:[a-z][a-z0-9+.-]*):\/\/(?:[^/@]*@)?(\[[^\]]*\]|[^/:?#]*)/i.exec(text);
  if (url) return /^file:/i.test(text) ? { type: 'here' } : { type: 'host', host: url[1]! };
  const scp = /^(?:[^/@:]+@)?([^/:]{2,}):(?!\/\/)/.exec(text);
  if (scp) return { type: 'host', host: scp[1]! };
  return { type: 'here' };
};

const isLocal = (host: string): boolean =>
  host === 'localhost' ||
  host.endsWith('.localhost') ||
  (isIP(host) === 4 && host.startsWith('127.')) ||
  host === '[::1]';

/** The effect of talking to an address that is written out in a command; none for a remote's name or a path. */
export const reaches = (word: Word | undefined, how: 'fetch' | 'query' | 'send'): readonly Effect[] => {
  if (!word) return [];
  const address = addressOf(word);
  if (address.type === 'here') return [];
  if (address.type === 'program')
    return [
      { type: 'spawn', program: address.program, what: `runs "${address.program}" as a git transport` },
    ];
  const reach = { type: 'reach', host: address.host, how, local: isLocal(address.host) } as const;
  const what = `git ${how === 'send' ? 'sends to' : 'reads from'} ${address.host}`;
  return [how === 'send' ? { ...reach, payload: 'file', what } : { ...reach, what }];
};
