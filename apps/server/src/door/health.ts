/** Why the server cannot do its work now; null when it can. */
export type Readiness = (signal: AbortSignal) => Promise<string | null>;

type Fetch = (request: Request) => Response | Promise<Response>;

/** A database that answers later than this is as good as none to whoever asks. */
const readyMs = 2_000;

/**
 * Two routes without a token before the door: `/healthz` (this process lives; its pid) and `/readyz` (it can work). They
 * say nothing else to a stranger: why it is not ready is in the server's own output.
 */
export const withHealth = (
  door: Fetch,
  given: { readonly pid: number; readonly ready: Readiness; readonly say: (line: string) => void },
): Fetch => {
  let wasReady = true;
  return async (request) => {
    const { pathname } = new URL(request.url);
    if (pathname === '/healthz') return answer(200, { status: 'ok', pid: given.pid });
    if (pathname !== '/readyz') return await door(request);
    const reason = await given.ready(AbortSignal.timeout(readyMs));
    if (reason !== null && wasReady) given.say(`not ready: ${reason}`);
    wasReady = reason === null;
    return reason === null ? answer(200, { status: 'ready' }) : answer(503, { status: 'not ready' });
  };
};

const answer = (status: number, body: object): Response =>
  new Response(JSON.stringify(body), {
    status,
    headers: { 'content-type': 'application/json', 'cache-control': 'no-store' },
  });
