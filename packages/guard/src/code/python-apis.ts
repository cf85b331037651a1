import type { Effect } from '../effects/effect.ts';
import { carries, connects, downloads, requests, sendsOn, shows } from './network.ts';
import { type Call, tableOf } from './program.ts';
import {
  always,
  argument,
  both,
  commands,
  commandWords,
  deletes,
  executes,
  links,
  listens,
  loads,
  modes,
  moves,
  owns,
  pathsOf,
  queries,
  type Role,
  reads,
  runsCode,
  writes,
} from './roles.ts';
import { constantText, has, marks } from './value.ts';

const system = (part: Extract<Effect, { type: 'system' }>['part'], what: string): Role =>
  always({ type: 'system', part, change: 'change', what });
const credential = (what: string): Role => always({ type: 'credential', change: 'read', what });
const opaque = (what: string): Role => always({ type: 'opaque', at: 'code', what });

const openModes: Readonly<Record<string, 'append' | 'create' | 'overwrite'>> = {
  a: 'append',
  x: 'create',
  w: 'overwrite',
};

const opens: Role = (call, around) => {
  const self = call.receiver !== null && call.name.includes('Path()');
  const mode = constantText(call.named.get('mode') ?? call.args[self ? 0 : 1]) ?? 'r';
  const how = openModes[mode[0] ?? 'r'] ?? (mode.includes('+') ? 'edit' : null);
  return (how === null ? reads(self ? 'self' : 0) : writes(self ? 'self' : 0, how))(call, around);
};

/** What is put into a file whose path is known. */
const writesTo: Role = (call, around) =>
  call.receiver !== null && has(call.receiver, marks.file) && constantText(call.args[0]) !== null
    ? writes('self', 'append', 0)(call, around)
    : shows({ ...call, args: call.args.filter((arg) => has(arg, marks.environment)) }, around);

const kills: Role = (call) => {
  const own = /os\.(?:getpid|getpgid|getpgrp)|\.pid\b/.test(call.text) || constantText(call.args[1]) === '0';
  return own ? [] : [{ type: 'system', part: 'process', change: 'destroy', what: 'ends other processes' }];
};

/** `os.environ['PATH'] = …` is seen elsewhere; this is `putenv`. */
const setsVariable: Role = (call) => {
  const name = constantText(argument(call, 0, 'key')) ?? '';
  return /^(?:LD_PRELOAD|LD_LIBRARY_PATH|PATH|PYTHONPATH|PYTHONSTARTUP|DYLD_\w+)$/.test(name)
    ? [{ type: 'loader', variable: name, what: `changes ${name} for what it starts` }]
    : [];
};

const unpacks: Role = (call, around) => {
  const target = call.named.get('path') ?? call.args[call.name.startsWith('shutil') ? 1 : 0];
  return target === undefined
    ? []
    : pathsOf(target, around, true).map((path) => ({ type: 'write', path, how: 'overwrite' }));
};

/** A shell word list, or text with `shell=True`; both are read the same way. */
const starts = commands(0);

/** Python's functions that do something to the world, by name. */
export const pythonApis: ReadonlyMap<string, Role> = tableOf<Role>(
  ['os.remove os.unlink os.rmdir os.removedirs pathlib.Path.unlink send2trash.send2trash', deletes(0)],
  ['shutil.rmtree distutils.dir_util.remove_tree', deletes(0, true)],
  ['pathlib.Path().unlink pathlib.Path().rmdir ?.unlink ?.rmdir', deletes('self')],
  ['?.rmtree', deletes('self', true)],
  ['os.rename os.replace os.renames shutil.move', moves(0, 1)],
  ['pathlib.Path().rename pathlib.Path().replace', moves('self', 0)],
  ['os.symlink os.link', links(0, 1)],
  ['pathlib.Path().symlink_to pathlib.Path().hardlink_to', links(0, 'self')],
  ['open io.open codecs.open pathlib.Path().open gzip.open aiofiles.open', opens],
  ['open().write open().writelines', writesTo],
  ['pathlib.Path().write_text pathlib.Path().write_bytes', writes('self', 'overwrite', 0)],
  ['pathlib.Path().read_text pathlib.Path().read_bytes', reads('self')],
  ['pathlib.Path().touch', writes('self', 'create')],
  ['os.mkdir os.makedirs os.mknod os.mkfifo', writes(0, 'create')],
  ['pathlib.Path().mkdir', writes('self', 'create')],
  ['os.truncate', writes(0, 'truncate')],
  [
    'os.open',
    (call, around) =>
      (/O_WRONLY|O_RDWR|O_CREAT/.test(call.text) ? writes(0, 'edit') : reads(0))(call, around),
  ],
  ['shutil.copy shutil.copy2 shutil.copyfile shutil.copytree', both(reads(0), writes(1, 'overwrite'))],
  ['?.extractall ?.extract shutil.unpack_archive', unpacks],
  [
    '?.savefig ?.to_csv ?.to_excel ?.to_json ?.to_parquet ?.to_pickle numpy.save np.save',
    writes(0, 'overwrite'),
  ],
  ['numpy.load np.load pd.read_csv pandas.read_csv linecache.getlines fileinput.input', reads(0)],
  ['os.chmod os.lchmod os.fchmod', modes(0, 1)],
  ['pathlib.Path().chmod', modes('self', 0)],
  ['os.chown os.lchown os.fchown shutil.chown', owns(0)],
  [
    'os.system os.popen os.popen2 commands.getoutput commands.getstatusoutput subprocess.getoutput subprocess.getstatusoutput ctypes.CDLL().system ctypes.cdll.LoadLibrary().system asyncio.create_subprocess_shell os.startfile pexpect.spawn pexpect.run',
    commands(0),
  ],
  [
    'subprocess.run subprocess.call subprocess.check_call subprocess.check_output subprocess.Popen pty.spawn sh.Command',
    starts,
  ],
  ['asyncio.create_subprocess_exec', commandWords(0)],
  [
    'os.execv os.execve os.execvp os.execvpe os.execl os.execle os.execlp os.execlpe os.posix_spawn os.posix_spawnp',
    executes(0),
  ],
  ['os.spawnv os.spawnve os.spawnvp os.spawnl os.spawnlp os.spawnle os.spawnvpe', executes(1)],
  ['eval exec compile timeit.timeit cProfile.run', runsCode(0)],
  [
    'runpy.run_path execfile',
    always({ type: 'run', program: 'python', origin: 'project', what: 'runs another script' }),
  ],
  [
    'pickle.loads pickle.load cPickle.loads dill.loads dill.load marshal.loads jsonpickle.decode',
    loads('unpacks data that may run code'),
  ],
  ['yaml.unsafe_load', loads('unpacks data that may run code')],
  [
    'types.CodeType types.FunctionType ctypes.memmove ctypes.string_at',
    opaque('runs code that cannot be read'),
  ],
  ['?.__subclasses__ ?.__globals__', opaque('reaches for functions by a way round their names')],
  ['os.kill os.killpg signal.pidfd_send_signal', kills],
  ['psutil.Process().kill psutil.Process().terminate psutil.Process().suspend', kills],
  [
    'os.setuid os.setgid os.seteuid os.setresuid os.chroot',
    system('privilege', 'changes whose rights it has'),
  ],
  ['os.putenv os.environ.setdefault', setsVariable],
  ['os.abort faulthandler._sigsegv', system('process', 'crashes on purpose')],
  [
    'webbrowser.open webbrowser.open_new requests.get requests.head requests.options requests.Session().get httpx.get httpx.head httpx.Client().get httpx.AsyncClient().get urllib.request.urlopen urllib.urlopen urllib2.urlopen urllib.request.Request aiohttp.ClientSession().get',
    requests(0, 'get'),
  ],
  [
    'requests.post requests.put requests.patch requests.delete requests.Session().post requests.Session().put requests.Session().delete httpx.post httpx.put httpx.patch httpx.delete httpx.Client().post httpx.AsyncClient().post aiohttp.ClientSession().post aiohttp.ClientSession().put',
    requests(0, 'send'),
  ],
  [
    'requests.request httpx.request urllib3.PoolManager().request requests.Session().request aiohttp.request',
    requests(1, 'any'),
  ],
  [
    'http.client.HTTPConnection http.client.HTTPSConnection socket.create_connection telnetlib.Telnet asyncio.open_connection websockets.connect websocket.create_connection',
    connects(0, 'opens a connection'),
  ],
  ['socket.socket().connect socket.socket().connect_ex', connects(0, 'opens a connection')],
  [
    'http.client.HTTPConnection().request http.client.HTTPSConnection().request socket.socket().send socket.socket().sendall socket.socket().sendfile ?.sendall ?.sendto websockets.connect().send',
    sendsOn,
  ],
  [
    'urllib.request.urlretrieve urllib.urlretrieve wget.download urllib.request.URLopener().retrieve',
    downloads(0, 1),
  ],
  ['smtplib.SMTP smtplib.SMTP_SSL', carries(0, 'send', 'sends mail')],
  ['ftplib.FTP ftplib.FTP_TLS', carries(0, 'send', 'transfers files')],
  [
    'paramiko.SSHClient().connect paramiko.Transport fabric.Connection',
    carries(0, 'shell', 'opens a shell on another machine'),
  ],
  [
    'boto3.client().upload_file boto3.client().put_object boto3.resource().upload_file ?.upload_fileobj ?.upload_from_filename ?.storbinary',
    always({ type: 'reach', host: null, how: 'send', local: false, payload: 'file', what: 'uploads a file' }),
  ],
  [
    'socket.socket().bind socketserver.TCPServer http.server.HTTPServer http.server.ThreadingHTTPServer HTTPServer socketserver.ThreadingTCPServer asyncio.start_server xmlrpc.server.SimpleXMLRPCServer http.server.test',
    listens,
  ],
  ['uvicorn.run app.run flask.Flask().run Flask().run web.run_app aiohttp.web.run_app', listens],
  [
    'print logging.info logging.debug logging.warning logging.error logging.critical pprint.pprint sys.stdout.write ?.logger.info logger.info logger.debug',
    shows,
  ],
  ['?.execute ?.executemany ?.executescript ?.raw ?.run_sql pandas.read_sql', queries(0)],
  [
    'pynput.keyboard.Listener keyboard.on_press keyboard.hook keyboard.record keyboard.read_event keyboard.read_key pynput.mouse.Listener pyHook.HookManager pyxhook.HookManager',
    credential('watches the keyboard'),
  ],
  [
    'pyperclip.paste clipboard.paste tkinter.Tk().clipboard_get win32clipboard.GetClipboardData pandas.read_clipboard ?.clipboard_get',
    credential('reads the clipboard'),
  ],
  [
    'PIL.ImageGrab.grab ImageGrab.grab pyautogui.screenshot mss.mss().grab pyscreenshot.grab',
    credential('takes pictures of the screen'),
  ],
  [
    'scapy.all.send scapy.all.sendp scapy.all.sr scapy.all.sr1 scapy.all.srp scapy.all.sendpfast',
    always({
      type: 'reach',
      host: null,
      how: 'send',
      local: false,
      payload: 'unknown',
      what: 'sends packets that it makes itself',
    }),
  ],
  ['scapy.all.sniff sniff scapy.sniff pyshark.LiveCapture', credential('listens to the network')],
  [
    'keyring.get_password browser_cookie3.chrome browser_cookie3.load win32crypt.CryptUnprotectData',
    credential('reads stored passwords'),
  ],
  [
    'ctypes.windll.kernel32.WriteProcessMemory ctypes.windll.kernel32.CreateRemoteThread ctypes.windll.kernel32.VirtualAllocEx ctypes.windll.kernel32.VirtualAlloc ctypes.CDLL().ptrace ctypes.CDLL().mprotect ?.VirtualAlloc ?.WriteProcessMemory ?.CreateRemoteThread ?.RtlMoveMemory',
    system('process', 'puts code into another program'),
  ],
  [
    'winreg.SetValueEx winreg.DeleteKey winreg.DeleteValue _winreg.SetValueEx',
    system('config', 'changes the registry'),
  ],
  ['crontab.CronTab().new crontab.CronTab().write', system('schedule', 'lets something run by itself later')],
  ['ssl._create_unverified_context', system('defense', 'does not check who it talks to')],
);

/** Whether one of the arguments is told not to check certificates. */
export const skipsVerification = (call: Call): boolean =>
  /^(?:requests|httpx|aiohttp|urllib3)\./.test(call.name) &&
  /^(?:False|none|None)$/.test(constantText(call.named.get('verify') ?? call.named.get('ssl')) ?? '');
