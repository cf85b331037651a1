/** Above this a mind drives the loop freely; at or under it the pipeline drives. In billions of parameters. */
const smallUpTo = 4;

/**
 * Billions of parameters as written in a model's name (`qwen2.5-coder:1.5b`, `Mixtral-8x7B`, `gemma3:270m`) or size
 * (`7.6B`). Undefined when the name does not say.
 */
export const parametersInName = (name: string): number | undefined => {
  const text = name.toLowerCase();
  const billions = /(?:^|[^a-z0-9.])(?:(\d+)x)?e?(\d+(?:\.\d+)?)b(?![a-z0-9])/.exec(text);
  if (billions !== null) return Number(billions[1] ?? 1) * Number(billions[2]);
  const millions = /(?:^|[^a-z0-9.])(\d{2,4}(?:\.\d+)?)m(?![a-z0-9])/.exec(text);
  return millions === null ? undefined : Number(millions[1]) / 1000;
};

/** A mind whose size nobody tells is hosted, as a rule, and strong. */
export const strengthOf = (parameters: number | undefined): 'small' | 'strong' =>
  parameters !== undefined && parameters <= smallUpTo ? 'small' : 'strong';
