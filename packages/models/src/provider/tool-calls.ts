import { parseArguments } from './arguments.ts';
import type { WireCall } from './wire.ts';

/** A server that streams calls without end is broken. */
const maxCalls = 128;

/** Puts calls together from fragments, keyed by whatever the server uses to tell them apart. */
export const createCallAssembly = () => {
  const calls = new Map<string | number, { id: string; name: string; text: string }>();
  const at = (key: string | number) => {
    const known = calls.get(key);
    if (known !== undefined || calls.size >= maxCalls) return known;
    const fresh = { id: '', name: '', text: '' };
    calls.set(key, fresh);
    return fresh;
  };
  return {
    /** `text` is added; `id` and `name` are taken when first given. */
    add: (
      key: string | number,
      part: { readonly id?: string; readonly name?: string; readonly text?: string },
    ) => {
      const call = at(key);
      if (call === undefined) return;
      if (call.id === '') call.id = part.id ?? '';
      if (call.name === '') call.name = part.name ?? '';
      call.text += part.text ?? '';
    },
    /** The whole arguments, where a server repeats them at the end. */
    replace: (key: string | number, text: string) => {
      const call = at(key);
      if (call !== undefined) call.text = text;
    },
    idOf: (key: string | number): string => calls.get(key)?.id ?? '',
    size: (): number => calls.size,
    done: (): readonly WireCall[] =>
      [...calls.values()]
        .filter((call) => call.name !== '')
        .map((call) => ({
          ...(call.id === '' ? {} : { id: call.id }),
          name: call.name,
          arguments: parseArguments(call.text),
        })),
  };
};
