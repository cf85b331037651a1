import { hole } from '../shell/command.ts';
import { carries, connects, requests, shows } from './network.ts';
import { tableOf } from './program.ts';
import {
  always,
  argument,
  both,
  commands,
  commandWords,
  deletes,
  links,
  listens,
  loads,
  modes,
  moves,
  owns,
  queries,
  type Role,
  reads,
  runsCode,
  writes,
} from './roles.ts';
import { constantText, has, marks, unknown } from './value.ts';

const opaque = (what: string): Role => always({ type: 'opaque', at: 'code', what });
const credential = (what: string): Role => always({ type: 'credential', change: 'read', what });

const kills: Role = (call) =>
  /process\.(?:pid|ppid)/.test(call.text) || constantText(call.args[1]) === '0'
    ? []
    : [{ type: 'system', part: 'process', change: 'destroy', what: 'ends other processes' }];

/** `new Function('a', 'return a')`: the last text is the body. */
const compiles: Role = (call, around) => {
  const code = call.args.at(-1);
  if (code === undefined) return [];
  return runsCode(0)(
    {
      ...call,
      args: [
        code.texts[0] === hole ? code : { ...code, texts: code.texts.map((text) => `(() => {${text}})()`) },
      ],
    },
    around,
  );
};

/** A timer that is given text runs it. */
const timer: Role = (call, around) => {
  const [first] = call.args;
  return first !== undefined && constantText(first) !== null ? runsCode(0)(call, around) : [];
};

const pipes: Role = (call) => {
  const target = call.args[0];
  if (target === undefined || !/^(?:https?\.request|net\.|tls\.|got|fetch)/.test(target.name ?? ''))
    return [];
  const payload = has(call.receiver ?? unknown, marks.secret | marks.environment) ? 'secret' : 'file';
  return [{ type: 'reach', host: null, how: 'send', local: false, payload, what: 'sends what it read' }];
};

const writesOn: Role = (call) => {
  const bits = call.args.reduce((all, arg) => all | arg.marks, 0);
  if ((bits & (marks.secret | marks.environment | marks.file)) === 0) return [];
  const payload = (bits & (marks.secret | marks.environment)) === 0 ? 'file' : 'secret';
  return [{ type: 'reach', host: null, how: 'send', local: false, payload, what: 'sends what it read' }];
};

const denoCommand: Role = (call, around) => {
  const words = [call.args[0] ?? unknown, ...(call.named.get('args')?.items ?? [])];
  return commands(0)({ ...call, args: [{ ...unknown, items: words }] }, around);
};

const denoRun: Role = (call, around) =>
  commands(0)({ ...call, args: [call.named.get('cmd') ?? call.args[0] ?? unknown] }, around);

const requires: Role = (call) => {
  const name = argument(call, 0);
  return has(name, marks.fetched | marks.decoded) && constantText(name) === null
    ? [{ type: 'opaque', at: 'code', what: 'loads a module that is not known' }]
    : [];
};

const copies = both(reads(0), writes(1, 'overwrite'));

/** Node's, Deno's and Bun's functions that do something to the world, by name. */
export const nodeApis: ReadonlyMap<string, Role> = tableOf<Role>(
  [
    'fs.rm fs.rmSync fs.unlink fs.unlinkSync fs.rmdir fs.rmdirSync Deno.remove Deno.removeSync trash',
    deletes(0),
  ],
  [
    'fs.remove fs.removeSync fs.emptyDir fs.emptyDirSync rimraf rimraf.sync rimraf.rimraf rimraf.rimrafSync del del.sync del.deleteAsync del.deleteSync',
    deletes(0, true),
  ],
  [
    'fs.writeFile fs.writeFileSync fs.outputFile fs.outputFileSync fs.writeJson fs.writeJsonSync Deno.writeTextFile Deno.writeTextFileSync Deno.writeFile Deno.writeFileSync Bun.write',
    writes(0, 'overwrite', 1),
  ],
  ['fs.appendFile fs.appendFileSync', writes(0, 'append', 1)],
  ['fs.createWriteStream Deno.create', writes(0, 'overwrite')],
  ['fs.truncate fs.truncateSync Deno.truncate Deno.truncateSync', writes(0, 'truncate')],
  [
    'fs.mkdir fs.mkdirSync fs.mkdirp fs.ensureDir fs.ensureDirSync fs.ensureFile Deno.mkdir Deno.mkdirSync',
    writes(0, 'create'),
  ],
  [
    'fs.open fs.openSync Deno.open Deno.openSync',
    (call, around) =>
      (/^[wa]|\+/.test(constantText(call.args[1]) ?? '') ? writes(0, 'edit') : reads(0))(call, around),
  ],
  ['fs.rename fs.renameSync fs.move fs.moveSync Deno.rename Deno.renameSync', moves(0, 1)],
  ['fs.copyFile fs.copyFileSync fs.cp fs.cpSync fs.copy fs.copySync Deno.copyFile Deno.copyFileSync', copies],
  ['fs.symlink fs.symlinkSync fs.link fs.linkSync Deno.symlink Deno.symlinkSync', links(0, 1)],
  ['fs.chmod fs.chmodSync Deno.chmod Deno.chmodSync', modes(0, 1)],
  ['fs.chown fs.chownSync fs.lchown Deno.chown', owns(0)],
  [
    'fs.readFile fs.readFileSync fs.createReadStream fs.readJson fs.readJsonSync Deno.readTextFile Deno.readTextFileSync Deno.readFile Bun.file',
    reads(0),
  ],
  [
    'child_process.exec child_process.execSync shelljs.exec execa.command execa.execaCommand execa.execaCommandSync $ zx.$ bun.$ execa.$ Bun.$',
    commands(0),
  ],
  [
    'child_process.spawn child_process.spawnSync child_process.execFile child_process.execFileSync execa execa.execa execa.execaSync execa.sync cross-spawn cross-spawn.sync node-pty.spawn',
    commandWords(0),
  ],
  ['Bun.spawn Bun.spawnSync', commands(0, 'cmd')],
  ['Deno.Command', denoCommand],
  ['Deno.run', denoRun],
  [
    'child_process.fork cluster.fork',
    always({ type: 'run', program: 'node', origin: 'project', what: 'starts another script' }),
  ],
  [
    'worker_threads.Worker',
    (call, around) => (constantText(call.named.get('eval')) === 'true' ? runsCode(0)(call, around) : []),
  ],
  [
    'eval vm.runInThisContext vm.runInNewContext vm.runInContext vm.Script vm.compileFunction vm2.VM().run Module._compile ?._compile',
    runsCode(0),
  ],
  ['Function ?.constructor.constructor', compiles],
  ['setTimeout setInterval setImmediate', timer],
  ['process.binding process._linkedBinding process.dlopen', opaque('reaches into the runtime')],
  [
    'node-serialize.unserialize serialize-javascript.deserialize funcster.deepDeserialize',
    loads('unpacks data that may run code'),
  ],
  ['require import', requires],
  ['process.kill Deno.kill', kills],
  [
    'process.setuid process.setgid process.seteuid',
    always({ type: 'system', part: 'privilege', change: 'change', what: 'changes whose rights it has' }),
  ],
  [
    'fetch axios axios.get axios.request axios.head got got.get needle node-fetch undici.fetch undici.request superagent.get http.get https.get http.request https.request ky.get',
    (call, around) => requests(0, 'get')(call, around),
  ],
  [
    'axios.post axios.put axios.patch axios.delete got.post got.put superagent.post ky.post navigator.sendBeacon request.post',
    requests(0, 'send'),
  ],
  [
    'http.request().write http.request().end https.request().write https.request().end net.connect().write net.createConnection().write net.Socket().write tls.connect().write WebSocket().send dgram.createSocket().send ?.socket.send',
    writesOn,
  ],
  ['?.pipe', pipes],
  [
    'dns.lookup dns.resolve dns.resolveTxt',
    (call, around) =>
      has(argument(call, 0), marks.secret | marks.environment | marks.file)
        ? requests(0, 'send')(call, around)
        : [],
  ],
  [
    'net.connect net.createConnection net.Socket().connect tls.connect Deno.connect Bun.connect WebSocket ws',
    connects(0, 'opens a connection'),
  ],
  [
    'ssh2.Client().connect node-ssh.NodeSSH().connect',
    carries(0, 'shell', 'opens a shell on another machine'),
  ],
  ['nodemailer.createTransport().sendMail', carries(0, 'send', 'sends mail')],
  [
    'http.createServer().listen https.createServer().listen net.createServer().listen express().listen',
    listens,
  ],
  ['console.log console.error console.info console.table console.dir process.stdout.write', shows],
  ['?.query ?.execute ?.$queryRawUnsafe ?.$executeRawUnsafe ?.raw ?.prepare', queries(0)],
  ['clipboardy.read clipboardy.readSync navigator.clipboard.readText', credential('reads the clipboard')],
  ['iohook.start node-global-key-listener.GlobalKeyboardListener', credential('watches the keyboard')],
  ['screenshot-desktop robotjs.screen.capture', credential('takes pictures of the screen')],
);
