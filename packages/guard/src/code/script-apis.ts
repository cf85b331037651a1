import { carries, downloads, requests, shows } from './network.ts';
import { tableOf } from './program.ts';
import {
  always,
  commands,
  commandWords,
  deletes,
  listens,
  loads,
  modes,
  moves,
  owns,
  type Role,
  reads,
  runsCode,
  writes,
} from './roles.ts';
import type { ScriptLanguage } from './script-tokens.ts';
import { constantText, listValue, unknown } from './value.ts';

/** The functions of a language that do something to the world, by name. */
export const tableFor = (language: ScriptLanguage): ReadonlyMap<string, Role> => tables[language];

/** All arguments are paths. */
const deletesAll =
  (recursive = false): Role =>
  (call, around) =>
    call.args.length === 0 ? [] : deletes(0, recursive)({ ...call, args: [listValue(call.args)] }, around);

/** `system("text")` is for the shell; `system("program", "word")` is a list. */
const starts: Role = (call, around) => {
  if (call.args.length === 0) return [];
  return (call.args.length === 1 ? commands(0) : commandWords(0))(call, around);
};

/** Perl's `open(F, ">file")`, `open(F, "cmd |")`, `open(F, "-|", "cmd")`. */
const perlOpen: Role = (call, around) => {
  const [, mode, path] = call.args;
  const text = mode?.texts[0] ?? '';
  const target = path ?? unknown;
  if (/^-?\||\|-?$/.test(text.trim())) {
    const command = path ?? { ...unknown, texts: [text.replace(/^\s*\||\|\s*$/g, '')] };
    return commands(0)({ ...call, args: [command] }, around);
  }
  if (/^\s*\+?[<>]{1,2}&/.test(text)) return [];
  const operator = /^\s*(\+?[<>]{1,2})/.exec(text)?.[1] ?? '<';
  const named = path === undefined ? { ...unknown, texts: [text.replace(/^\s*\+?[<>]*\s*/, '')] } : target;
  const args = [named];
  if (operator === '<') return reads(0)({ ...call, args }, around);
  return writes(0, operator.includes('>>') ? 'append' : 'overwrite')({ ...call, args }, around);
};

const opens: Role = (call, around) => {
  const mode = constantText(call.args[1]) ?? 'r';
  const path = constantText(call.args[0]) ?? '';
  if (/^https?:/.test(path)) return requests(0, 'get')(call, around);
  if (path.startsWith('|'))
    return commands(0)({ ...call, args: [{ ...unknown, texts: [path.slice(1)] }] }, around);
  return (/[wax+]/.test(mode) ? writes(0, mode.startsWith('a') ? 'append' : 'overwrite') : reads(0))(
    call,
    around,
  );
};

const modeFirst: Role = (call, around) =>
  modes(0, 1)({ ...call, args: [listValue(call.args.slice(1)), call.args[0] ?? unknown] }, around);
const ownersFirst: Role = (call, around) =>
  owns(0)({ ...call, args: [listValue(call.args.slice(2))] }, around);
const kills = always({ type: 'system', part: 'process', change: 'destroy', what: 'ends other processes' });
const privileges = always({
  type: 'system',
  part: 'privilege',
  change: 'change',
  what: 'asks for the rights of an administrator',
});

/** A word that stands alone is code, given text it is a way to hide code. */
const evaluates: Role = (call, around) => (call.args.length === 0 ? [] : runsCode(0)(call, around));

const tables: Readonly<Record<ScriptLanguage, ReadonlyMap<string, Role>>> = {
  perl: tableOf<Role>(
    ['system exec', starts],
    ['` readpipe', commands(0)],
    ['unlink rmdir', deletesAll()],
    ['rmtree remove_tree File::Path::rmtree File::Path::remove_tree', deletesAll(true)],
    ['open', perlOpen],
    ['rename move', moves(0, 1)],
    ['truncate', writes(0, 'truncate')],
    ['chmod', modeFirst],
    ['chown', ownersFirst],
    ['kill', kills],
    ['eval', evaluates],
    ['get getstore getprint LWP::Simple::get', requests(0, 'get')],
    ['IO::Socket::INET', carries(0, 'send', 'opens a connection')],
    ['Storable::thaw thaw', loads('unpacks data that may run code')],
    ['print say', shows],
  ),
  ruby: tableOf<Role>(
    [
      'system exec spawn Process.spawn IO.popen Open3.capture2 Open3.capture2e Open3.capture3 Open3.popen3 PTY.spawn',
      starts,
    ],
    ['`', commands(0)],
    [
      'File.delete File.unlink Dir.rmdir Dir.delete Dir.unlink FileUtils.rm FileUtils.rm_f FileUtils.rmdir',
      deletesAll(),
    ],
    [
      'FileUtils.rm_r FileUtils.rm_rf FileUtils.remove_dir FileUtils.remove_entry FileUtils.remove_entry_secure FileUtils.rmtree',
      deletes(0, true),
    ],
    ['File.write IO.write File.binwrite', writes(0, 'overwrite', 1)],
    ['File.open File.new open', opens],
    ['File.read IO.read File.readlines IO.readlines File.foreach', reads(0)],
    ['File.rename FileUtils.mv FileUtils.move', moves(0, 1)],
    ['FileUtils.cp FileUtils.cp_r FileUtils.copy', writes(1, 'overwrite')],
    ['File.truncate', writes(0, 'truncate')],
    ['File.chmod FileUtils.chmod FileUtils.chmod_R', modeFirst],
    ['File.chown FileUtils.chown FileUtils.chown_R', ownersFirst],
    ['Process.kill', kills],
    ['eval instance_eval class_eval Kernel.eval binding.eval', evaluates],
    ['Net::HTTP.get Net::HTTP.get_response URI.open OpenURI.open_uri', requests(0, 'get')],
    ['Net::HTTP.post Net::HTTP.post_form', requests(0, 'send')],
    ['TCPSocket.new TCPSocket.open', carries(0, 'send', 'opens a connection')],
    ['TCPServer.new', listens],
    ['Marshal.load YAML.unsafe_load', loads('unpacks data that may run code')],
    ['puts p print', shows],
  ),
  php: tableOf<Role>(
    ['system exec shell_exec passthru popen proc_open ` expect_popen', commands(0)],
    ['pcntl_exec', commandWords(0)],
    ['unlink rmdir', deletes(0)],
    ['file_put_contents', writes(0, 'overwrite', 1)],
    ['fopen', opens],
    ['file_get_contents file readfile', opens],
    ['rename', moves(0, 1)],
    ['copy move_uploaded_file', writes(1, 'overwrite')],
    ['chmod', modes(0, 1)],
    ['chown chgrp', owns(0)],
    ['posix_kill', kills],
    ['eval assert create_function', evaluates],
    ['unserialize', loads('unpacks data that may run code')],
    ['curl_init', requests(0, 'get')],
    ['fsockopen pfsockopen stream_socket_client', carries(0, 'send', 'opens a connection')],
    [
      'mail',
      always({
        type: 'reach',
        host: null,
        how: 'send',
        local: false,
        payload: 'unknown',
        what: 'sends mail',
      }),
    ],
    [
      'ini_set putenv',
      always({ type: 'system', part: 'config', change: 'read', what: 'changes a setting of this run' }),
    ],
    ['echo print print_r var_dump', shows],
  ),
  lua: tableOf<Role>(
    ['os.execute io.popen vim.fn.system vim.api.nvim_command', commands(0)],
    ['os.remove', deletes(0)],
    ['os.rename', moves(0, 1)],
    ['io.open io.output', opens],
    ['io.lines', reads(0)],
    ['load loadstring', evaluates],
    [
      'dofile loadfile package.loadlib',
      always({ type: 'run', program: 'lua', origin: 'project', what: 'runs another script' }),
    ],
    ['http.request', requests(0, 'get')],
    ['socket.connect socket.tcp', carries(0, 'send', 'opens a connection')],
    ['print', shows],
  ),
  applescript: tableOf<Role>(
    ['script', commands(0)],
    ['delete', always({ type: 'system', part: 'disk', change: 'change', what: 'lets the Finder delete' })],
    [
      'empty erase',
      always({ type: 'system', part: 'disk', change: 'destroy', what: 'empties the trash or a disk' }),
    ],
    ['administrator', privileges],
    [
      'keystroke',
      always({ type: 'system', part: 'process', change: 'change', what: 'types into another program' }),
    ],
    ['hidden', always({ type: 'credential', change: 'read', what: 'asks the person for a password' })],
    ['clipboard', always({ type: 'credential', change: 'read', what: 'reads the clipboard' })],
    ['curl', downloads(0, 1)],
    [
      'restart shutdown',
      always({ type: 'system', part: 'power', change: 'change', what: 'ends the machine' }),
    ],
  ),
};
