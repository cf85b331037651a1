import { firstWords, hole, literal, unknownWord, type Word } from '../command.ts';
import { firstOperand, type Inner, optionValue, script, setOf, type Unwrap, words } from './inner.ts';

/** Programs that run a command once for each of many inputs, or elsewhere. */
const xargsOptions = setOf(
  '-I -L -n -P -s -d -a -E --max-args --max-procs --max-lines --max-chars --delimiter --arg-file',
);

const xargs: Unwrap = ({ args }, input) => {
  const at = firstOperand(args, xargsOptions);
  const inner = args.slice(at);
  if (inner.length === 0) return [];
  const mark = replaceMark(args.slice(0, at));
  const program = inner.filter((word) => word.text !== mark);
  const file = optionValue(args.slice(0, at), '-a', '--arg-file');
  const given = isShellText(program) ? [unknownWord] : file === null ? splitInput(input()) : linesOf(file);
  if (mark === null) return [{ wrapper: 'xargs', body: words([...inner, ...given]), detached: true }];
  return given.map((one) => ({
    wrapper: 'xargs',
    body: words(inner.map((word) => substitute(word, mark, one))),
    detached: true,
  }));
};

/** What stands in a file is not known, other than that nothing stands in this one. */
const linesOf = (file: Word): readonly Word[] => (file.text === '/dev/null' ? [] : [unknownWord]);

/** `xargs sh -c`: the input is the text of a program, whatever it is this time. */
const isShellText = (inner: readonly Word[]): boolean =>
  /(?:^|\/)(?:ba|z|da|k)?sh$/.test(inner[0]?.text ?? '') && /^-\w*c$/.test(inner.at(-1)?.text ?? '');

const replaceMark = (options: readonly Word[]): string | null => {
  for (const [index, { text }] of options.entries()) {
    if (text === '-I') return options[index + 1]?.text ?? '{}';
    if (text.startsWith('-I') && text.length > 2) return text.slice(2);
    if (text === '-i' || text === '--replace') return '{}';
    if (text.startsWith('-i')) return text.slice(2);
    if (text.startsWith('--replace=')) return text.slice('--replace='.length);
  }
  return null;
};

const maxInputs = 40;

/** The lines of known input; one unknown argument otherwise. */
const splitInput = (input: Word): readonly Word[] => {
  if (!input.known) return [input];
  const pieces = input.text.split(/\s+/).filter((piece) => piece !== '');
  return firstWords(pieces.map(literal), maxInputs);
};

const substitute = (word: Word, mark: string, value: Word): Word => {
  if (!word.text.includes(mark)) return word;
  const text = word.text.replaceAll(mark, () => value.text);
  return { text, known: !text.includes(hole), glob: word.glob || value.glob, quoted: word.quoted };
};

const parallelOptions = setOf(
  '-j -P -n -N -S -a -I --jobs --max-args --colsep --results --joblog --sshlogin --arg-file',
);

const parallel: Unwrap = ({ args }, input) => {
  const marker = args.findIndex((word) => /^:::[:+]*$/.test(word.text));
  const before = marker === -1 ? args : args.slice(0, marker);
  const given =
    marker === -1 ? splitInput(input()) : args.slice(marker + 1).filter((word) => !/^:::/.test(word.text));
  const inner = before.slice(firstOperand(before, parallelOptions));
  if (inner.length === 0) return given.map((text) => ({ wrapper: 'parallel', body: script(text) }));
  if (isShellText(inner.filter((word) => word.text !== '{}')))
    return [{ wrapper: 'parallel', body: script(unknownWord) }];
  const marked = inner.some((word) => word.text.includes('{'));
  return firstWords(given.length === 0 ? [unknownWord] : given, maxInputs).map((one) => {
    const list = marked ? inner.map((word) => fill(word, one)) : [...inner, one];
    return { wrapper: 'parallel', body: scriptOf(list), detached: true };
  });
};

const fill = (word: Word, one: Word): Word =>
  ['{}', '{.}', '{/}', '{//}', '{/.}', '{1}'].reduce((result, mark) => substitute(result, mark, one), word);

/** One string is text for a shell; several are words. */
const scriptOf = (list: readonly Word[]): Inner['body'] =>
  list.length === 1 && /\s/.test(list[0]!.text) ? script(list[0]!) : words(list);

const findExec = new Set(['-exec', '-execdir', '-ok', '-okdir']);

const find: Unwrap = ({ args }) => {
  const inners: Inner[] = [];
  const starts = startsOf(args);
  for (let at = 0; at < args.length; at += 1) {
    if (!findExec.has(args[at]!.text)) continue;
    const end = endOfExec(args, at + 1);
    const inner = args.slice(at + 1, end);
    if (inner.length === 0) continue;
    for (const found of starts) {
      inners.push({
        wrapper: 'find -exec',
        body: words(inner.map((word) => substitute(word, '{}', found))),
        keep: true,
      });
    }
    at = end;
  }
  return inners;
};

/** Where the `;` or `{} +` stands that ends a command begun before `from`. */
const endOfExec = (args: readonly Word[], from: number): number => {
  let at = from;
  while (
    at < args.length &&
    args[at]!.text !== ';' &&
    !(args[at]!.text === '+' && args[at - 1]!.text === '{}')
  )
    at += 1;
  return at;
};

/** What `{}` stands for: names below each folder that is searched. */
const startsOf = (args: readonly Word[]): readonly Word[] => {
  let from = 0;
  while (/^-(?:[HLP]|O\d*)$/.test(args[from]?.text ?? '')) from += 1;
  const end = args.findIndex((word, index) => index >= from && /^[-(!]/.test(word.text));
  const folders = args.slice(from, end === -1 ? args.length : end);
  const list = folders.length === 0 ? [literal('.')] : folders;
  return firstWords(list, maxInputs).map((folder) => ({
    text: `${folder.text.replace(/\/+$/, '')}/${hole}`,
    known: false,
    glob: true,
    quoted: false,
  }));
};

const fd: Unwrap = ({ args }) => {
  const at = args.findIndex((word) => ['-x', '-X', '--exec', '--exec-batch'].includes(word.text));
  if (at === -1) return [];
  const found: Word = { text: `./${hole}`, known: false, glob: true, quoted: false };
  const inner = args.slice(at + 1).filter((word) => word.text !== ';');
  if (inner.length === 0) return [];
  const marked = inner.some((word) => word.text.includes('{'));
  const list = marked ? inner.map((word) => fill(word, found)) : [...inner, found];
  return [{ wrapper: 'fd -x', body: words(list), keep: true }];
};

const sshOptions = setOf('-b -c -D -E -e -F -I -i -J -L -l -m -O -o -p -Q -R -S -W -w -B');

const ssh: Unwrap = ({ args }) => {
  const at = firstOperand(args, sshOptions);
  const host = args[at];
  const after = firstOperand(args, sshOptions, at + 1);
  if (host === undefined || after >= args.length) return [];
  return [{ wrapper: 'ssh', body: script(joined(args.slice(after))), keep: true, elsewhere: host.text }];
};

const joined = (list: readonly Word[]): Word => ({
  text: list.map((word) => word.text).join(' '),
  known: list.every((word) => word.known),
  glob: false,
  quoted: true,
});

const dockerExec = setOf('-e -u -w --env --user --workdir --env-file --detach-keys');
const dockerRun = setOf(
  '-a -c -e -h -l -m -p -u -v -w --name --network --net --env --env-file --volume --mount --user --workdir --entrypoint --publish --label --memory --cpus --platform --pull --restart --hostname --add-host --device --gpus --ip --pid --ipc --shm-size --tmpfs --ulimit --security-opt --cap-add --cap-drop --log-driver --log-opt --link --dns --expose --group-add --runtime --volumes-from --userns --uts --sysctl --stop-signal --cidfile',
);

const container: Unwrap = ({ name, args }) => {
  const compose = args[0]?.text === 'compose';
  const list = compose
    ? args.slice(firstOperand(args, setOf('-f -p --file --project-name --profile --env-file'), 1))
    : args;
  const sub = ['container'].includes(list[0]?.text ?? '') ? list.slice(1) : list;
  const verb = sub[0]?.text;
  if (verb !== 'exec' && verb !== 'run') return [];
  const at = firstOperand(sub, verb === 'exec' ? dockerExec : dockerRun, 1);
  const inner = sub.slice(at + 1);
  const target = sub[at];
  const entry = optionValue(sub.slice(0, at), '--entrypoint');
  if (target === undefined || (inner.length === 0 && entry === null)) return [];
  const list_ = entry === null ? inner : [entry, ...inner];
  return [
    {
      wrapper: `${name} ${compose ? 'compose ' : ''}${verb}`,
      body: words(list_),
      keep: true,
      elsewhere: target.text,
    },
  ];
};

const kubectl: Unwrap = ({ name, args }) => {
  const verb = args.findIndex((word) => word.text === 'exec' || word.text === 'run' || word.text === 'rsh');
  const dashes = args.findIndex((word) => word.text === '--');
  if (verb === -1 || dashes === -1 || dashes + 1 >= args.length) return [];
  const inner = args.slice(dashes + 1).filter((word) => word.text !== '');
  return [
    { wrapper: `${name} exec`, body: words(inner), keep: true, elsewhere: args[verb + 1]?.text ?? hole },
  ];
};

const adb: Unwrap = ({ args }) => {
  const at = args.findIndex((word) => word.text === 'shell');
  if (at === -1 || at + 1 >= args.length) return [];
  return [
    { wrapper: 'adb shell', body: script(joined(args.slice(at + 1))), keep: true, elsewhere: 'device' },
  ];
};

/** `tool … --command TEXT` on another machine. */
const remoteText =
  (...flags: readonly string[]): Unwrap =>
  ({ name, args }) => {
    const text = optionValue(args, ...flags);
    return text === null ? [] : [{ wrapper: name ?? '', body: script(text), keep: true, elsewhere: hole }];
  };

/** `tool -c TEXT`, or the words behind an operand. */
const localText =
  (flags: readonly string[], options: ReadonlySet<string>, operands = 0): Unwrap =>
  ({ name, args }) => {
    const text = optionValue(args, ...flags);
    if (text !== null) return [{ wrapper: name ?? '', body: script(text) }];
    const at = firstOperand(args, options) + operands;
    return at >= args.length ? [] : [{ wrapper: name ?? '', body: scriptOf(args.slice(at)) }];
  };

const onlyText =
  (...flags: readonly string[]): Unwrap =>
  ({ name, args }) => {
    const text = optionValue(args, ...flags);
    return text === null ? [] : [{ wrapper: name ?? '', body: script(text), keep: true }];
  };

/** Every operand is text for a shell: `hyperfine 'a' 'b'`, `concurrently "a" "b"`. */
const texts =
  (options: ReadonlySet<string>): Unwrap =>
  ({ name, args }) =>
    firstWords(operandsOf(args, options), maxInputs).map((text) => ({
      wrapper: name ?? '',
      body: script(text),
    }));

const operandsOf = (args: readonly Word[], options: ReadonlySet<string>): readonly Word[] => {
  const found: Word[] = [];
  for (let at = firstOperand(args, options); at < args.length; at = firstOperand(args, options, at + 1))
    found.push(args[at]!);
  return found;
};

/** `git rebase -x`, `git submodule foreach`, `git bisect run`: git itself still counts. */
const git: Unwrap = ({ args }) => {
  const list = args.slice(
    firstOperand(args, setOf('-C -c --git-dir --work-tree --namespace --exec-path --config-env')),
  );
  const [sub, second] = list.map((word) => word.text);
  if (sub === 'rebase')
    return executed(list).map((text) => ({ wrapper: 'git rebase -x', body: script(text), keep: true }));
  const rest = list.slice(firstOperand(list, new Set(), 2));
  if (rest.length === 0) return [];
  if (sub === 'submodule' && second === 'foreach')
    return [{ wrapper: 'git submodule foreach', body: scriptOf(rest), keep: true }];
  if (sub === 'bisect' && second === 'run')
    return [{ wrapper: 'git bisect run', body: words(rest), keep: true }];
  return [];
};

/** Every `-x a`, `-xa`, `--exec a` and `--exec=a`. */
const executed = (args: readonly Word[]): readonly Word[] =>
  args.flatMap((word, index) => {
    if (word.text === '-x' || word.text === '--exec') return args[index + 1] ?? [];
    const joined = /^(?:-x|--exec=)([\s\S]+)$/.exec(word.text)?.[1];
    return joined === undefined ? [] : [{ ...word, text: joined }];
  });

const tmux: Unwrap = ({ args }) => {
  const sub = args.findIndex((word) =>
    /^(?:new|new-session|neww|new-window|split-window|splitw|run-shell|run|respawn-pane|popup)$/.test(
      word.text,
    ),
  );
  if (sub === -1) return [];
  const at = firstOperand(args, setOf('-s -n -t -c -x -y -F -e -l -w -h'), sub + 1);
  return at >= args.length ? [] : [{ wrapper: 'tmux', body: scriptOf(args.slice(at)), keep: true }];
};

const screen: Unwrap = ({ args }) => {
  const at = firstOperand(args, setOf('-S -t -h -c -e -L -p -s -T'));
  if (at >= args.length || args.some((word) => ['-X', '-ls', '-r', '-x'].includes(word.text))) return [];
  return [{ wrapper: 'screen', body: words(args.slice(at)), keep: true }];
};

export const executorTable: Readonly<Record<string, Unwrap>> = {
  xargs,
  gxargs: xargs,
  parallel,
  find,
  gfind: find,
  fd,
  fdfind: fd,
  ssh,
  autossh: ssh,
  mosh: ssh,
  docker: container,
  podman: container,
  nerdctl: container,
  'docker-compose': container,
  'podman-compose': container,
  kubectl,
  oc: kubectl,
  adb,
  vagrant: remoteText('-c', '--command'),
  gcloud: remoteText('--command'),
  watch: localText([], setOf('-n -d --interval')),
  script: onlyText('-c', '--command'),
  flock: localText(['-c', '--command'], setOf('-w -E --wait --timeout'), 1),
  'nix-shell': onlyText('--run', '--command'),
  hyperfine: texts(
    setOf(
      '-w -r -m -M -p -c -P -n --warmup --runs --prepare --setup --cleanup --export-json --export-markdown --shell --style',
    ),
  ),
  concurrently: texts(setOf('-n -c -p --names --prefix-colors --prefix -l --max-processes')),
  entr: localText([], new Set()),
  watchexec: localText([], setOf('-e -w -i -f --exts --watch --ignore')),
  nodemon: onlyText('-x', '--exec'),
  git,
  tmux,
  screen,
};
