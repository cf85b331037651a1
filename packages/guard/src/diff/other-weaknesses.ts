import type { Side } from './edit.ts';
import { extensionOf } from './file-kind.ts';

type Pattern = { readonly id: string; readonly endings: readonly string[]; readonly pattern: RegExp };

const of = (id: string, endings: string, pattern: RegExp): Pattern => ({
  id,
  endings: endings.split(' '),
  pattern,
});

/** For languages that are read by lines alone. Where it can be told, the pattern needs something that varies. */
const patterns: readonly Pattern[] = [
  of('go-tls-unverified', 'go', /InsecureSkipVerify:\s*true/),
  of('go-shell', 'go', /exec\.Command\(\s*"(?:sh|bash|cmd)"\s*,\s*"(?:-c|\/C)"\s*,\s*(?!"[^"]*"\s*\))/),
  of(
    'sql-built',
    'go java kt php rb cs',
    /(?:Sprintf|String\.format|prepareStatement|executeQuery|createQuery|rawQuery|mysqli?_query|->query|find_by_sql|\.where|Query(?:Row|Context)?|Exec)\(\s*f?"[^"\n]{0,200}\b(?:SELECT|INSERT|UPDATE|DELETE)\b[^"\n]{0,300}(?:%[sv]|"\s*[+.]\s*\$?\w|#\{|\$\w)/i,
  ),
  of(
    'weak-hash',
    'go java kt php rb cs swift',
    /\b(?:md5|sha1)\.(?:New|Sum)\(|MessageDigest\.getInstance\(\s*"(?:MD5|SHA-?1)"|Digest::(?:MD5|SHA1)|\b(?:MD5|SHA1)\.Create\(|(?<![\w>:])md5\(\s*\$(?:pass|pw|secret|token)/i,
  ),
  of(
    'java-runtime-exec',
    'java kt',
    /getRuntime\(\)\.exec\(\s*(?:"[^"]*"\s*\+|[a-z]\w*\s*[+)])|new ProcessBuilder\(\s*"(?:sh|bash|cmd)"/,
  ),
  of('java-deserialize', 'java kt', /new ObjectInputStream\(|\bXMLDecoder\(|\.enableDefaultTyping\(/),
  of(
    'java-tls-unverified',
    'java kt',
    /ALLOW_ALL_HOSTNAME_VERIFIER|NoopHostnameVerifier|setHostnameVerifier\(\s*\([^)]*\)\s*->\s*true|checkServerTrusted\([^)]*\)\s*\{\s*\}/,
  ),
  of(
    'php-eval',
    'php',
    /(?<![\w>:$])(?:eval|assert|create_function)\(\s*[^)"']*\$|(?<![\w>:$])(?:system|exec|shell_exec|passthru|popen|proc_open)\(\s*[^)\n]*\$|(?<![\w>:$])unserialize\(\s*\$_?(?:GET|POST|REQUEST|COOKIE)?/,
  ),
  of(
    'php-echo-input',
    'php',
    /(?:echo|print)\b[^;\n]*\$_(?:GET|POST|REQUEST|COOKIE)(?![^;\n]*htmlspecialchars)/,
  ),
  of(
    'php-include-input',
    'php',
    /(?:include|require)(?:_once)?\s*\(?\s*[^;\n]*\$_(?:GET|POST|REQUEST|COOKIE)/,
  ),
  of(
    'ruby-eval',
    'rb',
    /(?<![\w.:])(?:eval|system|exec|`)\s*\(?\s*(?:params|request|"[^"\n]*#\{)|\b(?:instance_eval|class_eval|constantize)\b[^\n]*params|Marshal\.load\(|YAML\.load\(\s*(?!File)|\.html_safe\b|\braw\s*\(?\s*params|skip_before_action :(?:verify_authenticity_token|authenticate)/,
  ),
  of(
    'c-unbounded',
    'c h cc cpp cxx hpp',
    /(?<![\w.>])(?:gets|strcpy|strcat|sprintf|vsprintf)\s*\(|scanf\s*\(\s*"[^"]*%s|(?<![\w.>])system\s*\(\s*(?!")|printf\s*\(\s*[a-z_]\w*\s*\)/,
  ),
  of('rust-unverified', 'rs', /danger_accept_invalid_(?:certs|hostnames)\(\s*true/),
  of(
    'cs-unsafe',
    'cs',
    /BinaryFormatter\(\)|ServerCertificateValidationCallback\s*\+?=.*true|TypeNameHandling\.(?:All|Auto|Objects)/,
  ),
];

/** Insecure calls on the lines that the other side does not have. */
export const otherWeaknesses = (
  path: string,
  side: Side,
): readonly {
  readonly id: string;
  readonly line: number;
  readonly message: string;
  readonly certainty: 'high';
}[] => {
  const ending = extensionOf(path);
  const fitting = patterns.filter((entry) => entry.endings.includes(ending));
  if (fitting.length === 0) return [];
  return [...side.changed].flatMap((line) => {
    const text = side.lines[line]!.trim();
    if (text.length > 500 || /^(?:\/\/|#|\*)/.test(text)) return [];
    return fitting
      .filter((entry) => entry.pattern.test(text))
      .map(({ id }) => ({ id, line, message: messageOf(id), certainty: 'high' as const }));
  });
};

const messageOf = (id: string): string => {
  if (/unverified/.test(id)) return 'who is on the other side is not checked';
  if (/hash/.test(id)) return 'this hash is broken for security';
  if (/echo/.test(id)) return 'what a visitor sends is written into the page';
  if (/unbounded/.test(id)) return 'it writes without a bound, or runs text that varies';
  return 'text that varies is run, or read as objects or statements';
};
