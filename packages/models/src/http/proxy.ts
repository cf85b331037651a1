import http from 'node:http';
import { AppError } from '@tandem/protocol';

const loopback = ['localhost', '127.0.0.1', '[::1]', '::1'];
let installed = false;

/**
 * Sends later requests of this process through HTTPS_PROXY / HTTP_PROXY, if one is set; loopback is always direct,
 * whatever NO_PROXY says. Called again it does nothing. @throws AppError configuration on a Node that cannot
 */
export const useProxy = (env: Readonly<Record<string, string | undefined>>): void => {
  const secure = env.HTTPS_PROXY || env.https_proxy;
  const plain = env.HTTP_PROXY || env.http_proxy;
  if (installed || (!secure && !plain) || env.NODE_USE_ENV_PROXY === '1') return;
  installed = true;
  // The oldest Node 24 does not have it; going out without the proxy would be worse than saying so.
  if (typeof http.setGlobalProxyFromEnv !== 'function') {
    const message = 'This Node cannot take the proxy while it runs. Start it with NODE_USE_ENV_PROXY=1.';
    throw new AppError('configuration', message);
  }
  const direct = (env.NO_PROXY || env.no_proxy || '').split(',').map((host) => host.trim());
  const noProxy = [...direct.filter((host) => host !== ''), ...loopback].join(',');
  http.setGlobalProxyFromEnv({
    ...(secure ? { https_proxy: secure } : {}),
    ...(plain ? { http_proxy: plain } : {}),
    no_proxy: noProxy,
  });
};
