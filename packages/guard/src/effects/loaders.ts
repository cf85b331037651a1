import type { Word } from '../shell/command.ts';
import type { Effect } from './effect.ts';

/** Variables by which other programs are made to run code, or to skip a check. */
const loaders: Readonly<Record<string, string>> = {
  LD_PRELOAD: 'loads a library into every program',
  LD_LIBRARY_PATH: 'changes where libraries are loaded from',
  LD_AUDIT: 'loads a library into every program',
  DYLD_INSERT_LIBRARIES: 'loads a library into every program',
  BASH_ENV: 'runs a file in every shell',
  ENV: 'runs a file in every shell',
  PROMPT_COMMAND: 'runs a command at every prompt',
  GIT_SSH_COMMAND: 'makes git run a command',
  GIT_SSH: 'makes git run a command',
  GIT_EXTERNAL_DIFF: 'makes git run a command',
  GIT_PROXY_COMMAND: 'makes git run a command',
  GIT_ASKPASS: 'makes git run a command',
  SSH_ASKPASS: 'makes ssh run a command',
  GIT_EDITOR: 'makes git run a command',
  GIT_SEQUENCE_EDITOR: 'makes git run a command',
  GIT_PAGER: 'makes git run a command',
  GIT_TEMPLATE_DIR: 'plants hooks in new repositories',
  GIT_CONFIG_GLOBAL: 'replaces the settings of git',
  GIT_CONFIG_COUNT: 'changes the settings of git',
  GIT_EXEC_PATH: 'changes the programs of git',
  PAGER: 'makes programs run a command',
  MANPAGER: 'makes man run a command',
  LESSOPEN: 'makes less run a command',
  EDITOR: 'makes programs run a command',
  VISUAL: 'makes programs run a command',
  BROWSER: 'makes programs run a command',
  PYTHONSTARTUP: 'runs a file in Python',
  PYTHONINSPECT: 'changes how Python ends',
  PYTHONHOME: 'changes the library of Python',
  PERL5OPT: 'loads code into Perl',
  PERL5LIB: 'changes the library of Perl',
  PERL5DB: 'runs code in Perl',
  RUBYOPT: 'loads code into Ruby',
  RUBYLIB: 'changes the library of Ruby',
  NODE_OPTIONS: 'changes how node starts',
  JAVA_TOOL_OPTIONS: 'loads code into Java',
  _JAVA_OPTIONS: 'loads code into Java',
  JDK_JAVA_OPTIONS: 'loads code into Java',
  MAVEN_OPTS: 'loads code into Maven',
  RUSTC_WRAPPER: 'makes cargo run a command',
  RUSTFLAGS: 'changes how Rust is built',
  GOFLAGS: 'changes how Go is built',
  MAKEFLAGS: 'changes what make does',
  npm_config_script_shell: 'changes the shell of npm',
  KUBECONFIG: 'changes the cluster',
  PHPRC: 'changes the settings of PHP',
  TERM_PROGRAM_COMMAND: 'runs a command',
};

/** Amounts, warnings, and modules of the workspace's own packages by name; a path could be any file. */
const nodeOption = String.raw`--(?:(?:import|loader|require|experimental-loader)[= ](?![./~])[@\w][\w@./-]*|max[-_]old[-_]space[-_]size[= ]\d+|[a-z][\w-]*(?:=[\w.]+)?)|-r (?![./~])[@\w][\w@./-]*`;
const nodeOptions = new RegExp(`^(?!.*--(?:eval|inspect|env-file))(?:\\s*(?:${nodeOption}))*\\s*$`);

/** A value that only sets an amount or an output format runs nothing. */
const harmless: Readonly<Record<string, RegExp>> = {
  NODE_OPTIONS: nodeOptions,
  JAVA_TOOL_OPTIONS: /^(?:\s*-(?:X[a-z]+\d+[kmgKMG]?|XX:[\w+=-]+|D[\w.]+=[\w./-]*|ea))*\s*$/,
  _JAVA_OPTIONS: /^(?:\s*-(?:X[a-z]+\d+[kmgKMG]?|XX:[\w+=-]+|D[\w.]+=[\w./-]*))*\s*$/,
  MAVEN_OPTS: /^(?:\s*-(?:X[a-z]+\d+[kmgKMG]?|XX:[\w+=-]+|D[\w.]+=[\w./-]*))*\s*$/,
  RUSTFLAGS: /^(?!.*(?:linker|-Clink-arg|plugin)).*$/,
  GOFLAGS: /^(?!.*(?:toolexec|exec)).*$/,
  MAKEFLAGS: /^-?-?(?:j|jobs)?=?\s*\d*$/,
  PAGER: /^(?:cat|less|more|most|bat|delta)?(?:\s+-\w+)*$/,
  GIT_PAGER: /^(?:cat|less|more|most|bat|delta)?(?:\s+-\w+)*$/,
  MANPAGER: /^(?:cat|less|more|most|bat)?(?:\s+-\w+)*$/,
  EDITOR: /^(?:true|:|cat|vim?|nano|emacs|code)?(?:\s+--?\w+)*$/,
  VISUAL: /^(?:true|:|cat|vim?|nano|emacs|code)?(?:\s+--?\w+)*$/,
  GIT_EDITOR: /^(?:true|:|cat|vim?|nano|emacs|code)?(?:\s+--?\w+)*$/,
  GIT_SEQUENCE_EDITOR: /^(?:true|:|cat)?$/,
  GIT_SSH_COMMAND:
    /^ssh(?:\s+-(?:[vq4C6T]+|i\s+[\w./~-]+|p\s+\d+|o\s+(?!ProxyCommand|LocalCommand|PermitLocal)\w+=\w+))*$/,
  GIT_CONFIG_GLOBAL: /^\/dev\/null$/,
  GIT_ASKPASS: /^(?:true|echo|\/bin\/true|\/bin\/echo)?$/,
  SSH_ASKPASS: /^(?:true|\/bin\/true)?$/,
  BROWSER: /^(?:none|true|echo)?$/,
  KUBECONFIG: /^[\w./~-]*$/,
  LD_LIBRARY_PATH: /^(?:\/usr[\w./-]*|\/opt[\w./-]*|[:])*$/,
  ENV: /^\w*$/,
  BASH_ENV: /^$/,
  PYTHONINSPECT: /^\d?$/,
};

/** A program's own name for the same: `AWS_PAGER`, `SUDO_EDITOR`, `RESTIC_PASSWORD_COMMAND`. */
const namedForPrograms =
  /_(?:PAGER|EDITOR|BROWSER|ASKPASS|PASSCOMMAND|(?:PASSWORD|PASSPHRASE|SSH|PROXY|PRELOAD)_COMMAND)$|^CRASHPAGER$/;
const knownViewer = /^(?:true|:|echo|none|cat|less|more|bat|delta|vim?|nvim|nano|emacs|code)?(?:\s+--?\w+)*$/;

const bypasses: readonly (readonly [RegExp, RegExp, string])[] = [
  [/^HUSKY$/, /^0$/, 'switches the git hooks off'],
  [/^HUSKY_SKIP_HOOKS$/, /./, 'switches the git hooks off'],
  [/^(?:PRE_COMMIT_ALLOW_NO_CONFIG|SKIP)$/, /./, 'skips checks of pre-commit'],
  [/^LEFTHOOK$/, /^(?:0|false)$/, 'switches the git hooks off'],
  [/^NODE_TLS_REJECT_UNAUTHORIZED$/, /^0$/, 'switches the check of certificates off'],
  [/^GIT_SSL_NO_VERIFY$/, /^(?:1|true)$/, 'switches the check of certificates off'],
  [/^PYTHONHTTPSVERIFY$/, /^0$/, 'switches the check of certificates off'],
  [/^(?:HISTFILE|HISTSIZE|HISTFILESIZE)$/, /^(?:\/dev\/null|0|)$/, 'keeps no history of commands'],
];

/** What the variables set for a command mean for it. */
export const loaderEffects = (env: Readonly<Record<string, Word>>): readonly Effect[] =>
  Object.entries(env).flatMap(([name, value]): readonly Effect[] => {
    const bypass = bypasses.find(([names, values]) => names.test(name) && values.test(value.text));
    if (bypass !== undefined) return [{ type: 'bypass', what: `${bypass[2]} (${name})` }];
    if (name === 'PATH') return pathEffects(value);
    if (!Object.hasOwn(loaders, name))
      return namedForPrograms.test(name) && !knownViewer.test(value.text)
        ? [{ type: 'loader', variable: name, what: 'makes programs run a command' }]
        : [];
    const plain = Object.hasOwn(harmless, name) ? harmless[name] : undefined;
    if (plain?.test(value.text) === true) return [];
    return [{ type: 'loader', variable: name, what: loaders[name]! }];
  });

/** A path list that starts with a folder of the workspace or the temporary one hides the system's programs. */
const pathEffects = (value: Word): readonly Effect[] => {
  const first = value.text.split(':')[0] ?? '';
  return /^(?:\/tmp|\/var\/tmp|\/dev\/shm|\.)(?:\/|$)/.test(first) && !/\/bin$/.test(first)
    ? [{ type: 'loader', variable: 'PATH', what: `runs programs from ${first} first` }]
    : [];
};
