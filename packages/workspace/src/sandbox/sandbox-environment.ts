import { markName } from '../exec/environment.ts';

/** What tools need to find themselves and to print well. Everything else stays outside, secret or not. */
const kept =
  /^(PATH|USER|LOGNAME|HOME|SHELL|LANG|LANGUAGE|LC_[A-Z]+|TZ|TERM|COLORTERM|NO_COLOR|FORCE_COLOR|CI|COLUMNS|LINES|NODE_ENV|NODE_VERSION|GOPATH|GOROOT|GOFLAGS|GOTOOLCHAIN|CARGO_HOME|RUSTUP_HOME|RUSTUP_TOOLCHAIN|JAVA_HOME|MAVEN_HOME|GRADLE_HOME|ANDROID_HOME|DOTNET_ROOT|PYENV_ROOT|PYENV_VERSION|PYTHONPATH|PYTHONDONTWRITEBYTECODE|VIRTUAL_ENV|CONDA_PREFIX|CONDA_DEFAULT_ENV|NVM_DIR|NVM_BIN|VOLTA_HOME|FNM_DIR|ASDF_DIR|ASDF_DATA_DIR|MISE_DATA_DIR|RBENV_ROOT|GEM_HOME|GEM_PATH|BUN_INSTALL|DENO_INSTALL|COREPACK_HOME|PLAYWRIGHT_BROWSERS_PATH|SSL_CERT_FILE|SSL_CERT_DIR|NODE_EXTRA_CA_CERTS|REQUESTS_CA_BUNDLE|CURL_CA_BUNDLE)$/;

/** Without a network there is nothing to wait for: package managers say at once that they reach nobody. */
export const noRetries: Readonly<Record<string, string>> = {
  npm_config_fetch_retries: '0',
  YARN_HTTP_RETRY: '0',
  PIP_RETRIES: '0',
  UV_HTTP_RETRIES: '0',
  CARGO_NET_RETRY: '0',
};

/** `scheme://user:password@host`, also where a name promises nothing of the kind. */
const holdsPassword = (value: string): boolean => /:\/\/[^\s/:@]+:[^\s/@]+@/.test(value);

/**
 * The environment of a confined command: an allow-list of the given one, then what the caller names (secret or not),
 * the mark, and a temporary folder that is really there.
 */
export const sandboxEnvironment = (input: {
  readonly from: Readonly<Record<string, string | undefined>>;
  readonly given: Readonly<Record<string, string>>;
  readonly temporary: string;
}): Record<string, string> => {
  const environment: Record<string, string> = {};
  for (const [name, value] of Object.entries(input.from)) {
    if (name === markName || (kept.test(name) && !holdsPassword(value ?? '')))
      environment[name] = value ?? '';
  }
  return { ...environment, ...input.given, TMPDIR: input.temporary };
};
