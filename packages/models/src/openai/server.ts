import type { Peer } from '../http/failure.ts';
import type { Transport } from '../http/transport.ts';
import type { ModelSettings } from '../provider/wire.ts';

/** Where an OpenAI-compatible server is and how to speak to it. */
export type OpenAiServer = {
  /** `openai/<name>`. */
  readonly id: string;
  readonly name: string;
  /** Ends with `/v1` or the like, without a slash. */
  readonly baseUrl: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly peer: Peer;
  readonly transport: Transport;
  readonly settings: ModelSettings;
};

const hosted = (baseUrl: string): boolean => new URL(baseUrl).hostname === 'api.openai.com';

/** The company's own service: fixed names and limits, no probing, newer parameter names. */
export const isOpenAi = (server: { readonly baseUrl: string }): boolean => hosted(server.baseUrl);

/** `http://host:8080` means its `/v1`, as every other client takes it; any other path is kept. */
export const normalBaseUrl = (given: string): string => {
  const url = new URL(/^https?:\/\//i.test(given) ? given : `http://${given}`);
  const path = url.pathname.replace(/\/+$/, '').replace(/\/(chat\/completions|responses)$/, '');
  return `${url.origin}${path === '' ? '/v1' : path}`;
};
