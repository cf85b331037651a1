const words = (list: string): ReadonlySet<string> => new Set(list.split(' '));

/** Parts of names, in lower case. A name belongs to the first set that has one of its parts. */
export const trustParts = words(
  'sanitize sanitized sanitizer sanitise sanitizing login authorize authorized authorise auth authn authz authenticate authenticated authentication permission permissions permitted allowed disallow disallowed forbid forbidden deny denied denylist whitelist blacklist allowlist whitelisted csrf xsrf cors csp xss nonce safe unsafe safely secure secured insecure security trusted untrusted trust malicious suspicious dangerous prohibited privileged admin hmac digest signature constant timing purify purifier injection traversal restrict restricted sandbox acl',
);
export const checkParts = words(
  'verify verified verifies valid validate validates validated validator validation invalid check checks checked checking assert ensure permit allow allows reject rejected block blocked blocks guard protect protected strict illegal isolated compare signed unsigned sign match matches filter filtered limit limited exceeded accept accepts acceptable legal bad bogus matching',
);
export const cleanParts = words(
  'escape escaped escapes escaping esc encode encoded quote quoted quotes strip stripped clean cleaned cleanse normalize normalized normpath realpath abspath resolve relative commonprefix commonpath basename redact mask remove delete replace sub trim lower test search fullmatch bleach markup hide freeze seal clone copy unescape decode bytes',
);
export const prototypeParts = words('proto prototype constructor');
export const cryptoParts = words(
  'crypto random urandom hash sha256 sha512 bcrypt scrypt pbkdf2 encrypt encrypted decrypt cipher mkstemp chmod chown umask stat lstat fstat lock acquire mutex transaction atomic',
);
export const limitParts = words(
  'max maximum limits min minimum size length len count depth timeout timeouts quota threshold rate overflow range bound bounds large long',
);
/** What an attacker would like to choose. */
export const boundaryParts = words(
  'host hostname hosts origin origins referer referrer redirect redirects location cookie cookies token tokens session sessions password passwords secret secrets credential credentials owner role roles scope scopes iframe script scripts scheme schemes protocol protocols subdomain domain domains netloc userinfo symlink symlinks link linkname links tls ssl cert certificate certs certfile mime namespace svg javascript upload uploads authority proxy uid uids privilege privileges',
);
/** What comes from outside in any program. */
export const inputParts = words(
  'path pathname filename file dir directory url uri href header headers key keys user users html attribute attributes attr attrs tag tags style data content type port ip address name input body query param params args form payload request message text value id ids template css json xml',
);
/** Old versions and logs: what guards them guards nobody. */
export const compatParts = words(
  'compat deprecated deprecate deprecation legacy py2 py3 version versions ie browser browsers six polyfill fallback todo debug log logger logging warn warning warnings print console python win32 msie safari firefox chrome node release build',
);

/** The parts of a name in camel or snake case, in lower case. */
export const partsOf = (name: string): readonly string[] =>
  name.match(/[A-Z]?[a-z]+|[A-Z]+(?![a-z])|\d+/g)?.map((part) => part.toLowerCase()) ?? [];

const prose =
  /\b(?:secur\w*|attack\w*|malicious\w*|untrusted|vulnerab\w*|exploit\w*|CVE-\d|GHSA|CWE|XSS|CSRF|XSRF|SSRF|inject\w*|travers\w*|sanitiz\w*|escap\w*|smuggl\w*|spoof\w*|bypass\w*|leak\w*|pollut\w*|dangerous|unsafe|harmful|forge\w*|prevent\w*|disallow\w*|not allowed|denial|DoS|must not|reject\w*|clobber\w*|RFC ?\d+)\b/i;

/** Whether a remark or a message speaks of security. */
export const isSecurityProse = (text: string): boolean => prose.test(text);

const danger =
  /^(?:\.\.[/\\]*|[/\\]?\.\.[/\\]?|\/\/|\/|\\\\|<|>|&|"|')$|\\x?0|\\u0000|\\r|\\n|%00|%0[ad]|%2[ef]|javascript:?|vbscript|data:|&(?:lt|gt|amp|quot|#\w+);|noopener|nosniff|X-Frame|Content-Security|Strict-Transport|same-?site|http-?only|default-src|script-src|on\w+=|<\/?script|<!--|\.\.\.\//i;

/** Texts that only a check or an escape has a use for: `..`, a line break in a header, `javascript:`. */
export const isDangerText = (text: string): boolean => danger.test(text);
