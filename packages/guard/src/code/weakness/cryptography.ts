import { type Program, tableOf } from '../program.ts';
import { constantText, has, isConstant, marks } from '../value.ts';
import {
  always,
  anyOf,
  argumentText,
  type Check,
  dynamic,
  nodesOf,
  option,
  purposeOf,
  settings,
  weakness,
} from './checks.ts';
import type { CallRule, Weakness } from './weakness.ts';

const weakHash = 'md5 and sha1 can be forged; for passwords use a slow hash';
const weakCipher = 'this cipher or its mode gives away what it hides';
const guessable = 'these random numbers can be guessed: use a cryptographic source';
const unchecked = 'who is on the other side is not checked';

const secretNames =
  /passw|pwd|secret|token|session|otp|nonce|salt|csrf|api_?key|auth|credential|private_?key|\bkey\b|uuid|reset|verification/i;

const hashed: Check = (call) => {
  if (/usedforsecurity\s*=\s*False/.test(call.text)) return null;
  return call.args.some((arg) => has(arg, marks.file)) ? 'low' : 'high';
};
const namedHash: Check = (call) => {
  if (
    !/^(?:md[245]|sha-?1|ripemd.*|rmd160)$/i.test(
      argumentText(call, 0) || (constantText(call.named.get('name')) ?? ''),
    )
  )
    return null;
  return /^hashlib/.test(call.name)
    ? hashed(call)
    : secretNames.test(`${purposeOf(call.node)} ${call.node.parent?.parent?.text.slice(0, 300) ?? ''}`)
      ? 'high'
      : 'low';
};
const cipherNamed: Check = (call) =>
  /^(?:des|rc[24]|bf|blowfish|idea|seed)|ecb/i.test(argumentText(call, 0)) ? 'high' : null;
const random: Check = (call) => (secretNames.test(purposeOf(call.node)) ? 'high' : 'low');
const shortKey =
  (at: number, names: RegExp, least: number): Check =>
  (call) => {
    const size = Number(
      [...call.named].find(([name]) => names.test(name))?.[1].texts[0] ?? argumentText(call, at),
    );
    return size > 0 && size < least ? 'high' : null;
  };
const jwt: Check = (call) =>
  /\bverify(?:_signature)?['"]?\s*[=:]\s*False|algorithms?['"]?\s*[=:]\s*\[?\s*['"]none['"]|ignoreExpiration\s*:\s*true/i.test(
    call.text,
  ) || /^(?:none|)$/i.test(argumentText(call, 2) === '' ? 'set' : argumentText(call, 2))
    ? 'high'
    : null;

const rule = (id: string, message: string, check: Check): CallRule => ({ id, message, check });

/** Hashes, ciphers, randomness, certificates and tokens. */
export const cryptoRules: ReadonlyMap<string, CallRule> = tableOf<CallRule>(
  [
    'hashlib.md5 hashlib.sha1 hashlib.md4 Crypto.Hash.MD2.new Crypto.Hash.MD4.new Crypto.Hash.MD5.new Crypto.Hash.SHA.new Crypto.Hash.SHA1.new MD5.new MD2.new MD4.new cryptography.hazmat.primitives.hashes.MD5 cryptography.hazmat.primitives.hashes.SHA1 hashes.MD5 hashes.SHA1 md5.new sha.new',
    rule('weak-hash', weakHash, hashed),
  ],
  ['hashlib.new crypto.createHash', rule('weak-hash', weakHash, namedHash)],
  [
    'CryptoJS.MD5 CryptoJS.SHA1 md5 crypto.Md5',
    rule('weak-hash', weakHash, (call) => (secretNames.test(call.text) ? 'high' : 'low')),
  ],
  [
    'Crypto.Cipher.DES.new Crypto.Cipher.DES3.new Crypto.Cipher.ARC2.new Crypto.Cipher.ARC4.new Crypto.Cipher.Blowfish.new Crypto.Cipher.XOR.new DES.new ARC4.new ARC2.new Blowfish.new XOR.new pyDes.des ?.ARC4 ?.Blowfish ?.IDEA ?.TripleDES ?.ECB CryptoJS.DES.encrypt CryptoJS.RC4.encrypt',
    rule('weak-cipher', weakCipher, always('high')),
  ],
  [
    'Crypto.Cipher.AES.new AES.new CryptoJS.AES.encrypt',
    rule('weak-cipher', weakCipher, (call) => (/ECB\b/.test(call.text) ? 'high' : null)),
  ],
  ['crypto.createCipher crypto.createDecipher', rule('weak-cipher', weakCipher, always('high'))],
  ['crypto.createCipheriv crypto.createDecipheriv', rule('weak-cipher', weakCipher, cipherNamed)],
  [
    'Crypto.PublicKey.RSA.generate Crypto.PublicKey.DSA.generate RSA.generate DSA.generate',
    rule('weak-key', 'a key of this length can be broken', shortKey(0, /bits/, 2048)),
  ],
  [
    '?.generate_private_key rsa.newkeys',
    rule('weak-key', 'a key of this length can be broken', (call) =>
      /\bec\b|x25519|ed25519/i.test(call.name)
        ? /SECP1[69]2|SECT1/i.test(call.text)
          ? 'high'
          : null
        : shortKey(/dsa/.test(call.name) ? 0 : 1, /key_size/, 2048)(call),
    ),
  ],
  [
    'crypto.generateKeyPair crypto.generateKeyPairSync',
    rule('weak-key', 'a key of this length can be broken', shortKey(9, /modulusLength/, 2048)),
  ],
  [
    'random.random random.randint random.choice random.choices random.sample random.randrange random.getrandbits random.uniform random.Random Math.random',
    rule('weak-random', guessable, random),
  ],
  ['crypto.pseudoRandomBytes crypto.rng', rule('weak-random', guessable, always('high'))],
  [
    'requests.get requests.post requests.put requests.patch requests.delete requests.head requests.options requests.request requests.Session().get requests.Session().post httpx.get httpx.post httpx.put httpx.Client httpx.AsyncClient httpx.request httpx.stream aiohttp.TCPConnector urllib3.PoolManager',
    rule(
      'unverified-peer',
      unchecked,
      anyOf(option(/^verify|^ssl$|verify_ssl/, /^(?:False|0)$/), option(/^cert_reqs$/, /NONE/)),
    ),
  ],
  [
    'ssl._create_unverified_context paramiko.AutoAddPolicy paramiko.WarningPolicy paramiko.client.AutoAddPolicy paramiko.client.WarningPolicy',
    rule('unverified-peer', unchecked, always('high')),
  ],
  [
    '?.set_missing_host_key_policy',
    rule('unverified-peer', unchecked, (call) => (/AutoAdd|Warning/.test(call.text) ? 'high' : null)),
  ],
  [
    'ssl.wrap_socket',
    rule('weak-tls', 'the connection is not protected by a current protocol', always('high')),
  ],
  [
    'jwt.decode jwt.verify jwt.encode jwt.sign jsonwebtoken.verify jsonwebtoken.sign jsonwebtoken.decode jose.jwt.decode',
    rule('unverified-token', 'a token is taken without its signature', jwt),
  ],
  ['crypt.crypt', rule('weak-hash', weakHash, always('high'))],
  [
    'Buffer',
    rule('unsafe-buffer', 'the memory of the process may leak: use Buffer.from or Buffer.alloc', (call) =>
      call.text.startsWith('new') ? dynamic(0)(call) : 'low',
    ),
  ],
  ['Buffer.allocUnsafe', rule('unsafe-buffer', 'the memory of the process may leak', always('low'))],
);

const oldProtocol =
  /^(?:ssl\.PROTOCOL_(?:SSLv[23]|SSLv23|TLSv1(?:_1)?)|SSL\.(?:SSLv[23]|SSLv23|TLSv1(?:_1)?)_METHOD)$/;
const secretWord =
  /(?:^|[._])(?:passw(?:or)?d|pwd|secret|token|hmac|signature|digest|hash|api_?key|auth_?token|apikey)s?$|(?:Password|Secret|Token|Signature|Hash|ApiKey|Digest|Hmac)$/i;

/** Compared for who may do what; a hash of a file or a token of a parser is compared for other reasons. */
const secretValue = /passw|pwd|secret|hmac|signature|api_?key|auth_?token|csrf/i;

/** Settings and comparisons. */
export const cryptoWeaknesses = (program: Program): readonly Weakness[] => {
  const found: Weakness[] = [];
  for (const node of nodesOf(program, /^attribute$/))
    if (oldProtocol.test(node.text) && node.parent?.type !== 'attribute')
      found.push(
        weakness(node, { id: 'weak-tls', message: 'an outdated protocol or mode', certainty: 'high' }),
      );
  for (const { node, key, value } of settings(program)) {
    const text = value.text;
    const off = /^(?:False|false|0|['"]0['"])$/.test(text);
    if (
      (/(?:^|\.)(?:rejectUnauthorized|strictSSL|check_hostname|NODE_TLS_REJECT_UNAUTHORIZED|verify_signature|checkServerIdentity)['"\]]*$/.test(
        key,
      ) &&
        off) ||
      /CERT_NONE$/.test(text) ||
      (/_create_default_https_context$/.test(key) && /unverified/.test(text)) ||
      (/^(?:insecure|insecureSkipVerify|tlsAllowInvalidCertificates)$/.test(key) && text === 'true') ||
      (/\.verify$/.test(key) && off)
    )
      found.push(weakness(node, { id: 'unverified-peer', message: unchecked, certainty: 'high' }));
    if (
      /^(?:secureProtocol|minVersion|ssl_version)$/.test(key) &&
      /SSLv[23]|TLSv1(?:_method|\.1|['"_]|$)/.test(text)
    )
      found.push(weakness(node, { id: 'weak-tls', message: 'an outdated protocol', certainty: 'high' }));
  }
  for (const node of nodesOf(program, /^(?:binary_expression|comparison_operator)$/))
    found.push(...comparison(node, program));
  return found;
};

function* comparison(node: Parameters<Program['value']>[0], program: Program): Generator<Weakness> {
  const [left, right] = [node.parts[0], node.parts.at(-1)];
  const operator = node.children[1]?.text ?? '';
  if (left === undefined || right === undefined || !/^[!=]==?$/.test(operator)) return;
  const sides = [left, right];
  if (
    !sides.some(
      (side) => /^(?:identifier|member_expression|attribute)$/.test(side.type) && secretWord.test(side.text),
    )
  )
    return;
  if (
    sides.some(
      (side) =>
        /^(?:null|undefined|None|true|false|number|integer|true|false)$/.test(side.type) ||
        /^['"]{2}$|\.length$|^(?:typeof|undefined)\b/.test(side.text),
    )
  )
    return;
  const literal = sides.some((side) => isConstant(program.value(side)));
  yield weakness(node, {
    id: 'timing',
    message: 'the time of this comparison tells how much of the secret fits',
    certainty:
      program.language === 'node' && !literal && sides.some((side) => secretValue.test(side.text))
        ? 'high'
        : 'low',
  });
}
