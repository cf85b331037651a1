import type { Host } from '../host.ts';

type Expands = {
  readonly expand: (
    prompt: string,
    signal: AbortSignal,
  ) => Promise<{ readonly text: string; readonly notes: readonly string[] }>;
};

/** A prompt with the command it begins with; what of that did not run is said on stderr. */
export const expanded = async (
  host: Host,
  app: Expands,
  { typed, signal }: { readonly typed: string; readonly signal: AbortSignal },
): Promise<string> => {
  const { text, notes } = await app.expand(typed, signal);
  for (const note of notes) host.err(`tandem: ${note}\n`);
  return text;
};
