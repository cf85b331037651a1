import type { View } from '@tandem/protocol';
import { initialView } from '@tandem/protocol/view';
import type { Client } from '@tandem/sdk';

/** Events folded between two looks at the keyboard, while a long log is replayed. */
const replayPiece = 200;

/** One session followed into a View. */
export class Conversation {
  readonly #client: Client;
  readonly #changed: (view: View) => void;
  readonly #failed: (error: unknown) => void;
  #following = new AbortController();
  session: string | null = null;
  view: View = initialView;

  constructor(
    client: Client,
    on: { readonly changed: (view: View) => void; readonly failed: (error: unknown) => void },
  ) {
    this.#client = client;
    this.#changed = on.changed;
    this.#failed = on.failed;
  }

  /** Follows another session, or none; resolves when its log has been read, or at once for none. */
  async open(session: string | null): Promise<void> {
    this.#following.abort();
    this.#following = new AbortController();
    this.session = session;
    this.view = initialView;
    if (session === null) return;
    await new Promise<void>((resolve) => {
      void this.#follow(session, this.#following.signal, resolve).then(resolve, (error: unknown) => {
        this.#failed(error);
        resolve();
      });
    });
  }

  close(): void {
    this.#following.abort();
  }

  async #follow(session: string, signal: AbortSignal, caughtUp: () => void): Promise<void> {
    const { reduce, reduceDelta } = await import('@tandem/protocol');
    let isLive = false;
    let folded = 0;
    for await (const followed of this.#client.follow(session, { after: 0, signal })) {
      if (signal.aborted) return;
      if ('seq' in followed) this.view = reduce(this.view, followed);
      else if (followed.type !== 'caught_up') this.view = reduceDelta(this.view, followed);
      else {
        isLive = true;
        caughtUp();
      }
      if (isLive) this.#changed(this.view);
      else if (++folded % replayPiece === 0) await new Promise((resolve) => setImmediate(resolve));
    }
  }
}
