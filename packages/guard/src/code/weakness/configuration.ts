import { type Program, tableOf } from '../program.ts';
import { isWeakMode } from '../roles.ts';
import { constantText } from '../value.ts';
import { always, anyOf, argumentText, type Check, nodesOf, option, settings, weakness } from './checks.ts';
import type { CallRule, Weakness } from './weakness.ts';

const everyNetwork: Check = (call) =>
  /^(?:0\.0\.0\.0|::)$/.test(
    constantText(call.named.get('host') ?? call.args[0]?.items?.[0] ?? call.args[0]) ?? '',
  ) ||
  (call.args[0]?.items != null &&
    argumentText({ ...call, args: call.args[0].items }, 0) === '' &&
    call.args[0].items[0]?.texts[0] === '')
    ? 'high'
    : null;

/** `read…(offset, true)`, `write…(value, offset, true)`. */
const noAssert: Check = (call) =>
  argumentText(call, call.name.includes('.write') ? 2 : 1) === 'true' ? 'high' : null;

const rule = (id: string, message: string, check: Check): CallRule => ({ id, message, check });

/** Settings that leave a door open. */
export const configurationRules: ReadonlyMap<string, CallRule> = tableOf<CallRule>(
  [
    'app.run flask.Flask().run Flask().run ?.run_server uvicorn.run socketio.run',
    rule(
      'debug-server',
      'a debugging server lets others run code',
      anyOf(option(/^debug$/, /^True$/), (call) => (everyNetwork(call) === null ? null : 'high')),
    ),
  ],
  ['socket.socket().bind ?.bind', rule('open-port', 'every network can reach this port', everyNetwork)],
  [
    'http.server.HTTPServer socketserver.TCPServer ?.listen asyncio.start_server',
    rule(
      'open-port',
      'every network can reach this port',
      (call) => everyNetwork(call) ?? (/^(?:0\.0\.0\.0|::)$/.test(argumentText(call, 1)) ? 'low' : null),
    ),
  ],
  [
    'tempfile.mktemp os.tempnam os.tmpnam',
    rule('temporary-file', 'another program can put its file there first', always('high')),
  ],
  [
    'os.chmod fs.chmod fs.chmodSync os.fchmod',
    rule('weak-permission', 'others may change this file', (call) => (isWeakMode(call, 1) ? 'high' : null)),
  ],
  [
    'pathlib.Path().chmod ?.chmod',
    rule('weak-permission', 'others may change this file', (call) =>
      isWeakMode(call, call.args.length > 1 ? 1 : 0) ? 'high' : null,
    ),
  ],
  [
    'os.umask',
    rule('weak-permission', 'others may change what it makes', (call) =>
      /^(?:0|0o0+)$/.test(argumentText(call, 0)) ? 'high' : null,
    ),
  ],
  [
    '?.extractall shutil.unpack_archive',
    rule('archive-traversal', 'an archive may write anywhere: pass filter="data"', (call) =>
      call.named.has('filter') ||
      /safe|zipfile|ZipFile|\bzf?\b|\bzip/i.test(`${call.name} ${call.text}`) ||
      call.named.has('members')
        ? call.named.has('members') && !/safe|filter|valid/i.test(call.text)
          ? 'low'
          : null
        : 'high',
    ),
  ],
  [
    '?.cookie ?.set_cookie',
    rule(
      'weak-cookie',
      'others can read or change this cookie',
      anyOf(option(/^(?:httpOnly|secure|httponly)$/, /^(?:false|False)$/), (call) =>
        /sess|token|auth|jwt|sid/i.test(argumentText(call, 0)) && !/secure|httponly/i.test(call.text)
          ? 'low'
          : null,
      ),
    ),
  ],
  [
    'cors',
    rule('open-cors', 'every site may ask in the name of the person', (call) =>
      /origin\s*:\s*(?:['"]\*['"]|true)/.test(call.text)
        ? /credentials\s*:\s*true/.test(call.text)
          ? 'high'
          : 'low'
        : null,
    ),
  ],
  [
    '?.setHeader ?.header ?.set ?.append ?.add_header',
    rule('open-cors', 'every site may ask', (call) =>
      /^access-control-allow-origin$/i.test(argumentText(call, 0)) && argumentText(call, 1) === '*'
        ? 'low'
        : null,
    ),
  ],
  [
    'flask_cors.CORS CORS ?.add_middleware',
    rule('open-cors', 'every site may ask', (call) =>
      /['"]\*['"]/.test(call.text) && /(?:supports|allow)_credentials\s*=\s*True/.test(call.text)
        ? 'high'
        : null,
    ),
  ],
  [
    '?.postMessage',
    rule('open-message', 'any site may get this message: name its origin', (call) =>
      argumentText(call, 1) === '*' || constantText(call.named.get('targetOrigin')) === '*' ? 'high' : null,
    ),
  ],
  [
    'logging.config.listen code.interact',
    rule('debug-server', 'others may run code through it', always('high')),
  ],
  ['telnetlib.Telnet ftplib.FTP', rule('plain-protocol', 'everyone between can read along', always('high'))],
  [
    'pysnmp.hlapi.CommunityData CommunityData',
    rule('plain-protocol', 'everyone between can read along', (call) =>
      /mpModel\s*=\s*[01]\b/.test(call.text) ? 'high' : null,
    ),
  ],
  [
    'pysnmp.hlapi.UsmUserData UsmUserData',
    rule('plain-protocol', 'everyone between can read along', (call) =>
      call.args.length < 3 ? 'high' : null,
    ),
  ],
  [
    '?.readUInt8 ?.readUInt16LE ?.readUInt16BE ?.readUInt32LE ?.readUInt32BE ?.readInt8 ?.readInt16LE ?.readInt16BE ?.readInt32LE ?.readInt32BE ?.readFloatLE ?.readFloatBE ?.readDoubleLE ?.readDoubleBE ?.writeUInt8 ?.writeUInt16LE ?.writeUInt16BE ?.writeUInt32LE ?.writeUInt32BE ?.writeInt8 ?.writeInt16LE ?.writeInt16BE ?.writeInt32LE ?.writeInt32BE ?.writeFloatLE ?.writeFloatBE ?.writeDoubleLE ?.writeDoubleBE',
    rule('unsafe-buffer', 'the place in the buffer is not checked', noAssert),
  ],
  [
    'requests.get requests.post requests.put requests.patch requests.delete',
    rule('no-timeout', 'may wait for ever', (call) => (call.named.has('timeout') ? null : 'low')),
  ],
);

type Setting = readonly [id: string, key: RegExp, value: RegExp, certainty: 'high' | 'low', message: string];

const switches: readonly Setting[] = [
  [
    'weak-cookie',
    /^(?:httpOnly|secure)$|^(?:SESSION|CSRF|REMEMBER)_COOKIE_(?:SECURE|HTTPONLY)$|\['(?:SESSION|REMEMBER)_COOKIE_(?:SECURE|HTTPONLY)'\]$/,
    /^(?:false|False)$/,
    'high',
    'others can read or change this cookie',
  ],
  [
    'csrf-off',
    /(?:WTF_CSRF_ENABLED|WTF_CSRF_CHECK_DEFAULT)['"\]]*$|^(?:csrf|csrfProtection|xsrf)$/,
    /^(?:false|False)$/,
    'high',
    'requests from other sites are taken',
  ],
  [
    'escape-off',
    /(?:^|\.)(?:escapeMarkup|autoescape|autoEscape)$/,
    /^(?:false|False|0)$/,
    'high',
    'values become markup',
  ],
  ['escape-off', /^noEscape$/, /^true$/, 'high', 'values become markup'],
  [
    'electron-open',
    /^(?:nodeIntegration|nodeIntegrationInWorker|nodeIntegrationInSubFrames|allowRunningInsecureContent|enableRemoteModule|experimentalFeatures)$/,
    /^true$/,
    'high',
    'pages may run code on this machine',
  ],
  [
    'electron-open',
    /^(?:contextIsolation|webSecurity|sandbox)$/,
    /^false$/,
    'high',
    'pages may run code on this machine',
  ],
  [
    'headers-off',
    /^(?:contentSecurityPolicy|hsts|frameguard|xssFilter|noSniff)$/,
    /^false$/,
    'high',
    'a protection of the browser is off',
  ],
  [
    'debug-server',
    /^(?:DEBUG|app\.debug|TEMPLATE_DEBUG)$/,
    /^True$/,
    'low',
    'debugging shows what it should hide',
  ],
  ['open-hosts', /^ALLOWED_HOSTS$/, /['"]\*['"]/, 'low', 'answers under any name'],
  ['open-origin', /^document\.domain$/, /./, 'high', 'gives up the border between sites'],
  ['open-cors', /['"]?Access-Control-Allow-Origin['"]?\]?$/i, /^['"]\*['"]$/, 'low', 'every site may ask'],
  [
    'unsafe-entities',
    /^(?:resolve_entities|noent|expandEntities|load_dtd)$/,
    /^(?:True|true)$/,
    'high',
    'a document may read files',
  ],
  ['open-port', /^host$/, /^['"]0\.0\.0\.0['"]$/, 'low', 'every network can reach this port'],
];

const rights =
  /\b(?:is_admin|is_superuser|is_staff|is_auth\w*|has_perm\w*|permission|authori[sz]ed|authenticated|logged_in|can_\w+|role)\b/i;

/** Switches in assignments, objects and arguments; what guards by `assert`; order of middleware. */
export const configurationWeaknesses = (program: Program): readonly Weakness[] => {
  const found: Weakness[] = [];
  for (const { node, key, value } of settings(program))
    for (const [id, name, text, certainty, message] of switches)
      if (name.test(key) && text.test(value.text)) found.push(weakness(node, { id, message, certainty }));
  for (const node of nodesOf(program, /^assert_statement$/))
    if (rights.test(node.text) && !/def test_|import pytest|unittest/.test(program.source.text))
      found.push(
        weakness(node, {
          id: 'assert-guard',
          message: 'assertions are not run when Python optimises',
          certainty: 'low',
        }),
      );
  for (const node of nodesOf(program, /^decorator$/))
    if (/csrf_exempt/.test(node.text))
      found.push(
        weakness(node, { id: 'csrf-off', message: 'requests from other sites are taken', certainty: 'high' }),
      );
  const forgery = program.calls.find((call) => /(?:^|\.)(?:csrf|csurf)$/.test(call.name));
  const override = program.calls.findLast((call) => /(?:^|\.)methodOverride$/.test(call.name));
  if (forgery !== undefined && override !== undefined && override.node.start > forgery.node.start)
    found.push(
      weakness(forgery.node, {
        id: 'csrf-off',
        message: 'the check of the method comes before the method is changed',
        certainty: 'high',
      }),
    );
  return found;
};
