/** What a child process gets of our environment. */

/** Names that hold a secret, by whole words between underscores. `SSH_AUTH_SOCK` is a door, not a secret: it stays. */
const secretName =
  /(^|_)(TOKENS?|SECRETS?|PASSWORD|PASSWD|PASSPHRASE|PASS|PWD_FILE|CREDENTIALS?|API_?KEYS?|APIKEYS?|KEYS?|AUTH|PAT|DSN|COOKIE)$/i;
const secretPart = /(SECRET|PASSWORD|PASSPHRASE|_TOKEN_|ACCESS_KEY|API_KEY|PRIVATE_KEY|AUTHTOKEN|_AUTH$)/i;
const secretFamily = /^(AWS|AZURE|GOOGLE_APPLICATION|GCP|ALIBABA_CLOUD|DIGITALOCEAN|CLOUDFLARE|VAULT)_/i;
/** `scheme://user:password@host`. */
const secretValue = /:\/\/[^\s/:@]+:[^\s/@]+@/;

const isSecret = (name: string, value: string): boolean =>
  secretName.test(name) ||
  secretPart.test(name) ||
  secretFamily.test(name) ||
  (secretValue.test(value) && !/_proxy$/i.test(name));

/** The variable by which children are found again, also those that left their process group. */
export const markName = 'TANDEM_RUN';

/**
 * The given environment without secrets, with `extra` on top (what a caller names is given, secret or not) and the
 * mark. Marks add up, so that a run inside a run belongs to both.
 */
export const childEnvironment = (input: {
  readonly from: Readonly<Record<string, string | undefined>>;
  readonly extra: Readonly<Record<string, string>>;
  readonly mark: string;
}): Record<string, string> => {
  const environment: Record<string, string> = {};
  for (const [name, value] of Object.entries(input.from)) {
    if (value !== undefined && !isSecret(name, value)) environment[name] = value;
  }
  const outer = input.from[markName];
  const mark = outer === undefined || outer === '' ? input.mark : `${outer},${input.mark}`;
  return { ...environment, ...input.extra, [markName]: mark };
};
