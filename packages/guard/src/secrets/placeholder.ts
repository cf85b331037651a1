const words =
  /example|changeme|change[_-]?(?:me|this|it)|placeholder|replace|your[_-]?|insert|dummy|sample|fake|mock|redacted|removed|hidden|secret[_-]?here|here$|todo|test(?:ing)?[_-]?(?:key|token|secret|password)?$|^test|not[_-]?(?:a|real|the)|foo|bar(?:$|baz)|lorem|default|undefined|^null|none$|^true|^false|process\.|env[.[_]|getenv|config[.[]|settings\./i;
const references = /^[$%{<[(]|\$\{|\{\{|<[a-z_ -]+>|^%\w*%?$|^\w+\(|\)$|^[*.xX#_-]+$|^&|\.\.\.|…/;

/** A value that stands for a secret and is none: `changeme`, `${TOKEN}`, `xxxxxxxx`, `1234567890`. */
export const isPlaceholder = (value: string): boolean =>
  value.length === 0 || references.test(value) || words.test(value) || isMonotonous(value);

/** Runs of one character, or the alphabet and the digits in order. */
const isMonotonous = (value: string): boolean => {
  const tail = value.slice(-24).toLowerCase();
  if (new Set(tail).size <= Math.min(4, tail.length / 3)) return true;
  let steps = 0;
  for (let at = 1; at < value.length; at += 1) {
    const step = value.charCodeAt(at) - value.charCodeAt(at - 1);
    if (step === 0 || step === 1) steps += 1;
  }
  return value.length >= 8 && steps > value.length * 0.7;
};

/** Bits a character, of the text's own frequencies. */
export const entropyOf = (value: string): number => {
  const counts = new Map<string, number>();
  for (const character of value) counts.set(character, (counts.get(character) ?? 0) + 1);
  let bits = 0;
  for (const count of counts.values()) bits -= (count / value.length) * Math.log2(count / value.length);
  return bits;
};
