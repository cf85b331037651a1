import { hole } from '../shell/command.ts';
import { type Call, type IsSecret, lookUp, tableOf } from './program.ts';
import {
  bitsOf,
  concatenate,
  constantText,
  elementOf,
  isConstant,
  listValue,
  mapText,
  marks,
  namedValue,
  textValue,
  unknown,
  unknownWith,
  type Value,
} from './value.ts';

type Fold = (call: Call, isSecret: IsSecret) => Value;

/** What a call gives back, where the function only computes, or where it matters what its result carries. */
export const fold = (call: Call, isSecret: IsSecret): Value => {
  const entry = lookUp(folds, call.name);
  const result = entry?.(call, isSecret) ?? through(call);
  return result.name === null && result.items === null ? { ...result, name: `${call.name}()` } : result;
};

/** An unknown function passes on what its arguments carry. */
const through = (call: Call): Value => unknownWith(bitsOfCall(call) & ~(marks.glob | marks.cleaned));

const bitsOfCall = ({ receiver, args, named }: Call): number =>
  (receiver?.marks ?? 0) | bitsOf(args) | bitsOf(named.values());

const first = (call: Call): Value => call.args[0] ?? unknown;
const self = (call: Call): Value => call.receiver ?? unknown;
const same: Fold = (call) => ({ ...first(call), name: null });
const sameSelf: Fold = (call) => ({ ...self(call), name: null });
const always =
  (text: string): Fold =>
  () =>
    textValue(text);
const giving =
  (bits: number): Fold =>
  (call) =>
    unknownWith(bits | (bitsOfCall(call) & ~(marks.glob | marks.cleaned)));
/** Numbers, hashes, lengths: nothing of the text is left. */
const cleaned: Fold = (call) => unknownWith(marks.cleaned | (bitsOfCall(call) & marks.random));
const onText =
  (change: (text: string, call: Call) => string | null): Fold =>
  (call) =>
    mapText(call.receiver !== null && call.receiver.texts[0] !== hole ? call.receiver : first(call), (text) =>
      change(text, call),
    );
const onFirst =
  (change: (text: string) => string | null): Fold =>
  (call) =>
    mapText(first(call), change);
const withBits = (value: Value, bits: number): Value => ({ ...value, marks: value.marks | bits });

const joinPath = (call: Call): Value => {
  const base = call.receiver?.texts[0] !== undefined && call.name.includes('Path()') ? [call.receiver] : [];
  const parts = [...base, ...call.args].flatMap((part) => part.items ?? [part]);
  const last = parts.findLastIndex((part) => /^[/~]/.test(part.texts[0] ?? ''));
  const kept = parts.slice(Math.max(last, 0));
  const joined = concatenate(kept.flatMap((part, at) => (at === 0 ? [part] : [textValue('/'), part])));
  return mapText(joined, (text) => text.replace(/(?<=.)\/+/g, '/'));
};

/** Files below a folder: `*` stands for their names. */
const inside =
  (pattern: string): Fold =>
  (call) => {
    const folder = call.name.includes('Path()') ? self(call) : (call.args[0] ?? textValue('.'));
    return withBits(
      mapText(folder, (text) => (pattern === '*' ? '*' : text + pattern)),
      marks.glob,
    );
  };

const globbed: Fold = (call) => {
  const pattern = first(call);
  const value = call.name.includes('Path()') ? joinPath({ ...call, args: [pattern] }) : pattern;
  return withBits({ ...value, name: null }, marks.glob);
};

const walked: Fold = (call) => {
  const root = withBits(
    mapText(first(call), (text) => `${text}/**`),
    marks.glob,
  );
  const names = textValue('*', marks.glob);
  return {
    ...unknown,
    items: [{ ...unknown, items: [root, names, names], marks: marks.glob }],
    marks: marks.glob,
  };
};

const decode = (text: string, encoding: string): string | null => {
  if (text.includes(hole)) return null;
  if (/hex/i.test(encoding)) return Buffer.from(text.replace(/\s+/g, ''), 'hex').toString('utf8');
  if (/rot/i.test(encoding)) return text.replace(/[a-z]/gi, rotate);
  if (/base64|b64/i.test(encoding)) return Buffer.from(text, 'base64').toString('utf8');
  return text;
};

const rotate = (letter: string): string => {
  const base = letter < 'a' ? 65 : 97;
  return String.fromCharCode(((letter.charCodeAt(0) - base + 13) % 26) + base);
};

const decodes =
  (encoding: string): Fold =>
  (call) =>
    withBits(
      mapText(first(call), (text) => decode(text, encoding)),
      marks.decoded,
    );

const decodesBy: Fold = (call) => {
  const encoding = constantText(call.args[1]) ?? '';
  if (call.args[0]?.items != null) return characters(call);
  const value = mapText(first(call), (text) => decode(text, encoding));
  return /hex|rot|64/i.test(encoding) ? withBits(value, marks.decoded) : value;
};

const characters = (call: Call): Value => {
  const items = call.args.flatMap((arg) => arg.items ?? [arg]);
  const codes = items.map((item) => Number(constantText(item) ?? Number.NaN));
  if (codes.length === 0 || codes.some((code) => !(code >= 0 && code < 0x110000))) return through(call);
  return textValue(String.fromCodePoint(...codes.slice(0, 5000)), marks.decoded);
};

const joined: Fold = (call) => {
  const list = call.receiver?.items ?? call.args[0]?.items ?? null;
  const separator = call.receiver?.items ? (call.args[0] ?? textValue(',')) : self(call);
  if (list === null) return through(call);
  return concatenate(list.flatMap((item, at) => (at === 0 ? [item] : [separator, item])));
};

const longest = (call: Call): number =>
  Math.max(1, ...[...call.args, ...call.named.values()].map((value) => value.texts[0]?.length ?? 0));

const formatted: Fold = (call) => {
  let next = 0;
  const fill = (text: string): string =>
    text.replace(/\{(\w*)(?:![rsa])?(?::[^}]*)?\}/g, (_, key: string) => {
      const value = key === '' ? call.args[next++] : (call.args[Number(key)] ?? call.named.get(key));
      return constantText(value) ?? hole;
    });
  const value = mapText(self(call), (text) => (text.length * longest(call) > maxProduct ? null : fill(text)));
  return withBits(value, bitsOfCall(call) | (isConstant(value) ? 0 : marks.built));
};

/** Texts that multiply are not followed further. */
const maxProduct = 1_000_000;

const replaced = onText((text, call) => {
  const [from, to] = [constantText(call.args[0]), constantText(call.args[1])];
  if (from === null || to === null || from === '' || text.length * to.length > maxProduct) return null;
  return text.split(from).join(to);
});

const split: Fold = (call) => {
  const text = constantText(self(call));
  if (text === null) return through(call);
  const separator = constantText(call.args[0]);
  const parts = separator === null ? text.trim().split(/\s+/) : text.split(separator);
  return { ...unknown, items: parts.slice(0, 2000).map((part) => textValue(part, self(call).marks)) };
};

const reversed: Fold = (call) => {
  const value = call.receiver?.items !== null && call.receiver !== null ? call.receiver : first(call);
  if (value.items !== null) return { ...value, items: [...value.items].reverse() };
  const text = constantText(value);
  return text === null
    ? through(call)
    : {
        ...unknown,
        items: [...text]
          .reverse()
          .slice(0, 5000)
          .map((character) => textValue(character)),
      };
};

const mapped: Fold = (call) => {
  const [callable, list] = call.args;
  if (list?.items === null || list === undefined || callable?.name == null) return through(call);
  const items = list.items.map((item) =>
    fold({ ...call, name: callable.name!, args: [item], receiver: null }, () => false),
  );
  return { ...unknown, items, marks: bitsOf(items) };
};

const opened: Fold = (call, isSecret) => {
  const path = call.name.includes('Path()')
    ? self(call)
    : (call.args[0] ?? call.named.get('file') ?? unknown);
  const secret = path.texts.some(isSecret) ? marks.secret : 0;
  return {
    ...path,
    items: null,
    name: `${call.name}()`,
    marks: (path.marks & ~marks.cleaned) | marks.file | secret,
  };
};

/** Content, no longer the path. */
const content: Fold = (call, isSecret) => {
  const value =
    call.receiver?.name?.endsWith('()') && !call.name.includes('Path()')
      ? self(call)
      : opened(call, isSecret);
  return unknownWith(value.marks & ~marks.glob);
};

const secretName = /TOKEN|SECRET|PASSW|API_?KEY|ACCESS_?KEY|PRIVATE|CREDENTIAL/i;

/** One variable of the environment. */
export const environmentVariable = (name: Value | undefined): Value => {
  const key = constantText(name);
  if (key === 'HOME' || key === 'USERPROFILE') return textValue('~');
  if (key === 'TMPDIR' || key === 'TEMP') return textValue('/tmp');
  return unknownWith(key !== null && secretName.test(key) ? marks.secret : 0);
};

const parentOf = onFirst((text) => (text.includes('/') ? text.replace(/\/[^/]*$/, '') || '/' : '.'));

const folds: ReadonlyMap<string, Fold> = tableOf<Fold>(
  ['str bytes bytearray String list tuple iter sorted set', same],
  ['os.fspath os.path.abspath os.path.realpath os.path.normpath path.normalize os.fsencode', same],
  ['?.strip ?.trim ?.rstrip ?.lstrip', onText((text) => text.trim())],
  ['?.lower ?.toLowerCase ?.casefold', onText((text) => text.toLowerCase())],
  ['?.upper ?.toUpperCase', onText((text) => text.toUpperCase())],
  ['?.encode ?.copy ?.flat ?.slice ?.absolute ?.resolve ?.expanduser ?.as_posix ?.valueOf', sameSelf],
  [
    '?.decode Buffer.from().toString ?.toString',
    (call) =>
      call.args[0]
        ? mapText(self(call), (text) =>
            decode(
              text,
              /hex|rot|b(?:ase)?64/i.test(constantText(call.args[0]) ?? '') && !call.name.startsWith('Buffer')
                ? constantText(call.args[0])!
                : '',
            ),
          )
        : { ...self(call), name: null },
  ],
  ['?.replace ?.replaceAll', replaced],
  ['?.join', joined],
  ['?.format', formatted],
  ['?.split', split],
  ['?.reverse reversed', reversed],
  ['?.concat', (call) => concatenate([self(call), ...call.args])],
  ['map', mapped],
  ['filter', (call) => call.args[1] ?? unknown],
  ['?.filter ?.sort', (call) => self(call)],
  ['chr String.fromCharCode String.fromCodePoint', characters],
  ['bytes.fromhex binascii.unhexlify binascii.a2b_hex bytearray.fromhex', decodes('hex')],
  [
    'base64.b64decode base64.urlsafe_b64decode base64.standard_b64decode base64.decodebytes binascii.a2b_base64 atob',
    decodes('base64'),
  ],
  [
    'base64.b32decode base64.b85decode base64.a85decode base64.b16decode zlib.decompress gzip.decompress bz2.decompress lzma.decompress marshal.loads zlib.inflateSync zlib.gunzipSync zlib.brotliDecompressSync',
    giving(marks.decoded),
  ],
  ['codecs.decode Buffer.from', decodesBy],
  [
    'decodeURIComponent unescape urllib.parse.unquote',
    onFirst((text) => (/%(?![0-9a-f]{2})/i.test(text) ? text : safeDecode(text))),
  ],
  ['os.path.join path.join path.resolve path.posix.join', joinPath],
  [
    'pathlib.Path pathlib.PurePath pathlib.PosixPath',
    (call) => ({ ...joinPath(call), name: 'pathlib.Path()' }),
  ],
  ['pathlib.Path().joinpath', (call) => ({ ...joinPath(call), name: 'pathlib.Path()' })],
  [
    'pathlib.Path().with_suffix pathlib.Path().with_name',
    (call) => unknownWith(self(call).marks, 'pathlib.Path()'),
  ],
  ['os.path.dirname path.dirname', parentOf],
  ['os.path.basename path.basename', onFirst((text) => text.replace(/^.*\//, ''))],
  ['os.path.expanduser os.path.expandvars', onFirst((text) => text.replace(/^\$\{?HOME\}?/, '~'))],
  ['pathlib.Path.home', () => ({ ...textValue('~'), name: 'pathlib.Path()' })],
  ['pathlib.Path.cwd', () => ({ ...textValue('.'), name: 'pathlib.Path()' })],
  ['os.homedir', always('~')],
  ['os.getcwd process.cwd Deno.cwd', always('.')],
  [
    'tempfile.gettempdir tempfile.mkdtemp os.tmpdir fs.mkdtempSync fs.mkdtemp tempfile.TemporaryDirectory tempfile.NamedTemporaryFile tempfile.mktemp',
    always('/tmp/made'),
  ],
  ['os.getenv os.environ.get Deno.env.get', (call) => environmentVariable(call.args[0])],
  ['os.environ.copy os.environ.items Deno.env.toObject', giving(marks.environment)],
  [
    'os.listdir os.scandir fs.readdirSync fs.readdir fs.promises.readdir Deno.readDirSync Deno.readDir',
    inside('*'),
  ],
  [
    'pathlib.Path().iterdir',
    (call, isSecret) => ({ ...inside('/*')(call, isSecret), name: 'pathlib.Path()' }),
  ],
  ['glob.glob glob.iglob glob.sync glob.globSync fs.globSync', globbed],
  [
    'pathlib.Path().glob pathlib.Path().rglob',
    (call, isSecret) => ({ ...globbed(call, isSecret), name: 'pathlib.Path()' }),
  ],
  ['os.walk', walked],
  ['psutil.process_iter', () => listValue([namedValue('psutil.Process()')])],
  [
    'sqlite3.connect ?.cursor',
    (call) => ({
      ...(call.receiver?.name?.startsWith('sqlite3') ? self(call) : first(call)),
      name: `${call.name}()`,
    }),
  ],
  ['tempfile.mkstemp', () => listValue([unknown, textValue('/tmp/made')])],
  [
    'open codecs.open io.open pathlib.Path().open gzip.open aiofiles.open fs.openSync fs.createReadStream fs.createWriteStream Bun.file Deno.open Deno.openSync',
    opened,
  ],
  [
    'open().read open().readlines open().readline pathlib.Path().read_text pathlib.Path().read_bytes fs.readFileSync fs.readFile Deno.readTextFile Deno.readTextFileSync Deno.readFile Bun.file().text Bun.file().json',
    content,
  ],
  [
    'input raw_input sys.stdin.read sys.stdin.readline prompt readline.question ?.question',
    giving(marks.input),
  ],
  [
    'requests.get requests.post requests.request requests.Session().get httpx.get httpx.post urllib.request.urlopen urllib.urlopen urllib2.urlopen fetch axios.get axios.post axios got got.get needle http.get https.get http.request https.request node-fetch undici.request undici.fetch superagent.get aiohttp.ClientSession().get ?.urlopen wget.download',
    giving(marks.fetched),
  ],
  ['?.recv ?.recvfrom ?.recv_into', giving(marks.fetched | marks.socket)],
  [
    'net.connect net.createConnection tls.connect net.Socket net.Socket().connect',
    giving(marks.fetched | marks.socket),
  ],
  [
    'int float len hash bool id Number parseInt parseFloat Boolean round abs hashlib.md5 hashlib.sha1 hashlib.sha256 shlex.quote html.escape markupsafe.escape escape encodeURIComponent urllib.parse.quote bleach.clean secure_filename werkzeug.utils.secure_filename re.escape DOMPurify.sanitize sanitizeHtml validator.escape pipes.quote uuid.UUID os.path.exists os.path.isfile os.path.getsize ?.includes ?.startswith ?.startsWith ?.indexOf ?.test ?.isdigit',
    cleaned,
  ],
  [
    'random.random random.randint random.choice random.choices random.sample random.randrange random.getrandbits random.uniform Math.random Math.floor crypto.pseudoRandomBytes',
    giving(marks.random),
  ],
  ['?.encrypt ?.encrypt_and_digest', giving(marks.encrypted)],
  [
    'enumerate zip',
    (call) => ({
      ...unknown,
      items: [
        {
          ...unknown,
          items: call.name === 'zip' ? call.args.map(elementOf) : [unknown, elementOf(first(call))],
          marks: bitsOf(call.args),
        },
      ],
      marks: bitsOf(call.args) & ~marks.glob,
    }),
  ],
  ['list.copy Array.from Object.values', same],
  [
    'asyncio.run asyncio.gather asyncio.wait_for Promise.resolve util.promisify promisify tqdm tqdm.tqdm',
    (call) => first(call),
  ],
  ['functools.partial', (call) => first(call)],
);

const safeDecode = (text: string): string | null => {
  try {
    return decodeURIComponent(text);
  } catch (error) {
    if (error instanceof URIError) return null;
    throw error;
  }
};
