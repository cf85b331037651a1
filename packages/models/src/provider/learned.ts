import { failureDetails } from '../http/failure.ts';

const refusal =
  /unsupported|not support|unrecognized|unknown|deprecated|extra inputs|not permitted|invalid|not allowed/i;

/**
 * Sends `body` and, when the server refuses a parameter by name that the request can do without, sends it again
 * without, for the lifetime of the model. Each parameter is given up once, so this ends.
 */
export const createLearner = (optional: readonly string[]) => {
  const dropped = new Set<string>();
  const send = async <T>(attempt: (isDropped: (name: string) => boolean) => Promise<T>): Promise<T> => {
    for (;;) {
      try {
        return await attempt((name) => dropped.has(name));
      } catch (error) {
        const { status, said = '' } = failureDetails(error);
        const name = optional.find((one) => !dropped.has(one) && new RegExp(`\\b${one}\\b`).test(said));
        if ((status !== 400 && status !== 422) || name === undefined || !refusal.test(said)) throw error;
        dropped.add(name);
      }
    }
  };
  return { send };
};
