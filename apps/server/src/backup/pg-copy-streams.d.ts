declare module 'pg-copy-streams' {
  import type { Readable, Writable } from 'node:stream';
  import type { Submittable } from 'pg';

  /** `COPY … TO STDOUT`: its rows. */
  export const to: (text: string) => Submittable & Readable & { readonly rowCount: number };
  /** `COPY … FROM STDIN`. */
  export const from: (text: string) => Submittable & Writable & { readonly rowCount: number };
}
