import type { Command, Option } from './command.ts';
import {
  acpOptions,
  attemptsOptions,
  cwdOption,
  execOptions,
  hostOptions,
  remoteOptions,
  screenReaderOption,
  turnOptions,
} from './exec-options.ts';
import { serve } from './serve-command.ts';
import { task } from './task-command.ts';

const json: Option = { name: 'json', help: 'machine-readable, on stdout' };
const last: Option = { name: 'last', help: 'the newest session of this directory' };
const none = { least: 0, most: 0 };

const exec: Command = {
  name: 'exec',
  usage: 'tandem exec [PROMPT|-] [options]',
  summary: 'one turn without a screen; the answer on stdout',
  positionals: { least: 0, most: 1 },
  options: [...execOptions, ...remoteOptions],
  notes: [
    'Without a prompt, or with -, the prompt is read from stdin. Piped stdin beside a prompt is appended to it as a\n<stdin> block. Progress goes to stderr; stdout holds only the answer, or only JSON.',
    'Without --model: TANDEM_MODEL, else what tandem model use chose, else the default local model.',
    'With --remote a task of the team server begins with HEAD, and what is not committed on top of it, untracked files too.\nCtrl-C leaves it running. Where you changed the same files meanwhile, nothing is done to them (exit 1). --json: the task.',
    'Exit codes: 0 done, 1 failed, 2 usage or configuration, 3 an approval is needed and nobody can answer,\n4 verify still fails, 53 a limit was reached, 130 interrupted, 143 terminated.',
  ],
};

const attempts: Command = {
  name: 'attempts',
  usage:
    'tandem attempts PROMPT [options]\n       tandem attempts list|show ID [N]|accept ID [N]|discard ID [N]|resume ID',
  summary: 'several tries at one goal, each in a worktree of its own',
  positionals: { least: 1, most: 3 },
  options: attemptsOptions,
  notes: [
    'Each attempt is a session of its own, in its own worktree of the workspace as it is now. They are ranked by verify,\nthen by tests that passed before and must not fail now, then by checks made from examples, by agreement, by size.\nYour files are untouched until accept. Without --all no more are made once two pass and do the same.',
    'list     goals that attempts were made at, in this directory\nshow     the table again; with a number, its diff\naccept   brings the chosen attempt, or number N, into your files; tandem undo takes it back\ndiscard  moves the worktrees to the trash\nresume   goes on after Ctrl-C or a crash; what is done is not done again',
    'Exit codes: 0 one is chosen, 4 none passes verify, otherwise those of tandem exec.',
  ],
};

const moveOptions: readonly Option[] = [
  { name: 'session', value: 'ID', help: 'not the newest session of this directory' },
  { name: 'force', help: 'also over what somebody else changed since' },
  cwdOption,
];
const moveNote =
  'Only what the agent changed is put back, byte for byte. Where somebody else changed it since, the difference is\nshown and nothing is done (exit 1). With --force it goes back all the same; redo then brings it back.';

const sessionCommands: readonly Command[] = [
  {
    name: 'sessions',
    usage: 'tandem sessions [--json]',
    summary: 'list sessions, newest first',
    positionals: none,
    options: [json, { name: 'limit', short: 'n', value: 'N', number: 'whole', help: 'at most N (20)' }],
  },
  {
    name: 'resume',
    usage: 'tandem resume [ID|--last] [PROMPT] [options]',
    summary: 'go on with a session; without a prompt, show it',
    positionals: { least: 0, most: 2 },
    options: [last, ...turnOptions, screenReaderOption],
    notes: ['An ID may be cut short as long as it is unique. Work that a kill left open is taken up first.'],
  },
  {
    name: 'fork',
    usage: 'tandem fork ID [--seq N]',
    summary: 'a new session with the log of another; prints its id',
    positionals: { least: 1, most: 1 },
    options: [{ name: 'seq', value: 'N', number: 'whole', help: 'only events up to number N' }],
  },
  {
    name: 'undo',
    usage: 'tandem undo [N] [--session ID]',
    summary: 'put files back as before the last N turns (1)',
    positionals: { least: 0, most: 1 },
    options: moveOptions,
    notes: [moveNote],
  },
  {
    name: 'redo',
    usage: 'tandem redo [N] [--session ID]',
    summary: 'take back the last N undos or rewinds (1)',
    positionals: { least: 0, most: 1 },
    options: moveOptions,
    notes: [moveNote],
  },
  {
    name: 'rewind',
    usage: 'tandem rewind TURN|SNAPSHOT [--code|--conversation|--both]',
    summary: 'go back to a turn or a snapshot',
    positionals: { least: 1, most: 1 },
    options: [
      { name: 'code', means: ['scope', 'code'], help: 'only files, refs, index and stash' },
      { name: 'conversation', means: ['scope', 'conversation'], help: 'only what was said' },
      { name: 'both', means: ['scope', 'both'], help: 'files and conversation (the default)' },
      ...moveOptions,
    ],
    notes: [
      'TURN is the number of a turn that stands, counted from 1, or its id; SNAPSHOT is an id. The ids are in\ntandem export --json. The log keeps what was gone back over; tandem redo brings it back.',
      moveNote,
    ],
  },
  {
    name: 'export',
    usage: 'tandem export [ID|--last] [--json] [-o FILE]',
    summary: 'a session as Markdown, or as JSON',
    positionals: { least: 0, most: 1 },
    options: [last, json, { name: 'output', short: 'o', value: 'FILE', help: 'to FILE instead of stdout' }],
  },
];

const model: Command = {
  name: 'model',
  usage: 'tandem model list|pull [ID]|use ID|engine|doctor [ID] [options]',
  summary: 'local weights and which model is used',
  positionals: { least: 1, most: 2 },
  options: [json, { name: 'gpu', help: 'with engine: fetch the packages for a graphics card' }],
  notes: [
    'list    models of the catalogue, and which are on disk\npull    fetch weights, resumed where it stopped and checked against their hash\nuse     the model that is used when none is named\nengine  which inference engine runs here\ndoctor  load a model and measure it',
  ],
};

const doctor: Command = {
  name: 'doctor',
  usage: 'tandem doctor',
  summary: 'what works on this machine; exit 1 if unusable',
  positionals: none,
  options: [],
};

const trash: Command = {
  name: 'trash',
  usage: 'tandem trash [list|restore ID [TO]]',
  summary: 'what commands deleted outside the workspace',
  positionals: { least: 0, most: 3 },
  options: [json],
  notes: ['restore puts it back where it was, or to TO, and never over something that is there.'],
};

const merge: Command = {
  name: 'merge',
  usage:
    'tandem merge [REF] [options]\n       tandem merge --continue|--abort\n       tandem merge --driver %O %A %B %L %P',
  summary: 'merge a branch; nothing is guessed, nothing is dropped unsaid',
  positionals: { least: 0, most: 5 },
  options: [
    { name: 'verify', value: 'CMD', help: 'must succeed on the merge, in a scratch, before it is committed' },
    { name: 'verify-timeout', value: 'S', number: 'positive', help: 'it may take S seconds (1800)' },
    { name: 'continue', help: 'go on with the merge that is open here' },
    { name: 'abort', help: 'take it back' },
    { name: 'ours', value: 'PATH', many: true, help: 'take our side of PATH in what is open; once for each' },
    { name: 'theirs', value: 'PATH', many: true, help: 'take their side of it' },
    {
      name: 'both',
      value: 'PATH',
      many: true,
      help: 'keep both, as git lays them out, where that is offered',
    },
    {
      name: 'model',
      short: 'm',
      value: 'ID',
      help: 'ask this model about hunks that no rule settles (default: none)',
    },
    { name: 'no-model', help: 'ask none, whatever the settings say' },
    { name: 'offline', help: "open no socket but the model's own" },
    {
      name: 'sandbox',
      short: 's',
      value: 'PROFILE',
      choices: ['read-only', 'workspace-write', 'full'],
      help: 'confinement of verify; default full (none)',
    },
    cwdOption,
    json,
    { name: 'install-driver', help: 'make git merge in this repository use the same rules' },
    { name: 'uninstall-driver', help: 'take that out' },
    { name: 'driver', help: 'as git calls it: the merged text goes to %A; exit 1 with conflicts' },
  ],
  notes: [
    'Without REF: what the branch follows. What git cannot merge is settled by what it remembers (rerere), then by the\nsyntax of the text, then by the model if one is named, else by you: hunk by hunk in a terminal, or in files that are\nnamed. Files, index and branch change once, at the end; the commit says in its trailers who settled what.',
    'Exit codes: 0 merged or up to date, 1 conflicts are open or refused, 2 usage, 4 verify fails.',
  ],
};

const worktree: Command = {
  name: 'worktree',
  usage:
    'tandem worktree list|new [NAME]|diff NAME|merge NAME|discard NAME [options]\n       tandem worktree trash|restore ID|purge ID',
  summary: 'worktrees: made with the work that is here, never lost with work in them',
  positionals: { least: 0, most: 2 },
  options: [
    {
      name: 'from',
      value: 'REF',
      help: 'new begins with this commit; without it with your files as they are',
    },
    {
      name: 'despite',
      value: 'KIND,…',
      list: true,
      help: 'discard all the same: commits, changes, untracked, ignored,\nsubmodule, missing',
    },
    json,
    cwdOption,
  ],
  notes: [
    'list     each with its own work, its ports, and what keeps it from being discarded\nnew      prints its folder: staged, unstaged and untracked files as they are here, packages shared\ndiff     its own work, committed or not, as a patch\nmerge    brings its own work into your files; where these changed meanwhile, commits it on its branch and merges\ndiscard  moves it to the trash; refuses, by name, what is nowhere else\ntrash    what was discarded; nothing leaves it by itself\nrestore  brings it back byte for byte\npurge    removes it from the trash for good',
  ],
};

const guardCommands: readonly Command[] = [
  {
    name: 'judge',
    usage: "tandem judge ['COMMAND'|--json|--staged|--hook claude|codex]",
    summary: 'the guard alone: may this action run, and why',
    positionals: { least: 0, most: 1 },
    options: [
      { name: 'json', help: 'read actions from stdin and print decisions, one JSON object a line' },
      { name: 'staged', help: 'judge what is staged in git; exit 1 unless it is allowed' },
      cwdOption,
      {
        name: 'hook',
        value: 'AGENT',
        choices: ['claude', 'codex'],
        help: 'answer as a hook inside another assistant',
      },
    ],
    notes: [
      'A line of --json holds id, kind (bash, git, sql, python, node, edit), input, and cwd and workspace where they are\nknown; of an edit, input is a unified diff. A line that cannot be read is asked about, never allowed.',
      'Exit codes with a COMMAND: 0 allow, 3 ask, 1 deny.',
    ],
  },
  {
    name: 'hook',
    usage: 'tandem hook install|remove pre-commit|claude|codex [--cwd DIR]',
    summary: 'put the guard into git or another assistant',
    positionals: { least: 2, most: 2 },
    options: [cwdOption],
    notes: [
      "claude and codex: the workspace's own settings get one entry before every use of a tool; what is there stays.\npre-commit: what is staged passes the diff gate; a hook that is there already runs after it.",
    ],
  },
];

const extendCommands: readonly Command[] = [
  {
    name: 'hooks',
    usage: 'tandem hooks [--json]',
    summary: 'programs of your own that are asked and told while a session works',
    positionals: none,
    options: [json, cwdOption],
    notes: [
      'They are in ~/.config/tandem/config.toml, and in .tandem/config.toml or .claude/settings.json of a workspace that is\ntrusted. What they get on stdin and may answer is what hooks of Claude Code do; exit 2 refuses.',
    ],
  },
  {
    name: 'skills',
    usage: 'tandem skills [--json]',
    summary: 'instructions for kinds of work: SKILL.md folders',
    positionals: none,
    options: [json, cwdOption],
    notes: ['From .agents/skills and .claude/skills of the workspace and of your home.'],
  },
  {
    name: 'mcp',
    usage:
      'tandem mcp [options]\n       tandem mcp list|tools [--json]\n       tandem mcp add NAME [options] -- COMMAND [WORDS…]\n       tandem mcp add NAME --url URL [options]\n       tandem mcp remove|login|logout|approve NAME',
    summary: 'a server for other programs; programs that serve tools (Model Context Protocol)',
    positionals: { least: 0, most: 99 },
    options: [
      { name: 'url', value: 'URL', help: 'reach it by streamable HTTP instead of starting it' },
      { name: 'env', value: 'NAME=VALUE', many: true, help: 'a variable for it; once for each' },
      {
        name: 'header',
        value: 'NAME=VALUE',
        many: true,
        help: 'sent with each request to it; once for each',
      },
      { name: 'workspace', help: "add to the workspace's .mcp.json instead of your own config" },
      { name: 'revoke', help: 'with approve: take it back' },
      ...acpOptions,
      json,
      cwdOption,
    ],
    notes: [
      'Without a verb it serves: a client starts it, and finds task (one turn as tandem exec does it, in this folder or one\nbelow), judge, read, grep and glob. A client may choose a narrower --permission-mode, not a wider one (acceptEdits).',
      'list     those of your config and of .mcp.json, and which do not run\ntools    starts them and shows what they serve\nlogin    signs you in (OAuth) at a server that is reached by a url\napprove  one server of a workspace that is not trusted, as it is defined now',
      'Each call of a tool is asked about, unless your config allows it by name: allow = ["echo", "get-*"] under\n[mcp_servers.NAME].',
    ],
  },
  {
    name: 'trust',
    usage: 'tandem trust [DIR] [--revoke]\n       tandem trust --list',
    summary: 'let run what a workspace brings along',
    positionals: { least: 0, most: 1 },
    options: [
      { name: 'revoke', help: 'no longer' },
      { name: 'list', help: 'which workspaces are trusted' },
    ],
    notes: [
      'Without it hooks, MCP servers and shell lines of commands that come with a workspace do not run, and its config can\nonly make things stricter. The answer is for one repository; trusted = ["/folder"] in your config is for all in a folder.',
    ],
  },
];

const acp: Command = {
  name: 'acp',
  usage: 'tandem acp [options]',
  summary: 'an agent for editors (Agent Client Protocol, over stdin and stdout)',
  positionals: none,
  options: acpOptions,
  notes: [
    'An editor starts it; docs/acp.md says how. stdout carries the protocol alone. The modes of a session are the permission\nmodes; without --permission-mode it begins in default, which asks.',
  ],
};

/** Run by the launcher, as a program of its own (apps/server); here for the help page. */
const server: Command = {
  name: 'server',
  usage: 'tandem server start|stop|status|organisation|key|repository|migrate|doctor|backup|restore',
  summary: 'the team server',
  positionals: { least: 0, most: 9 },
  options: [],
};

/** In the order of the help page. */
export const commands: readonly Command[] = [
  exec,
  attempts,
  ...sessionCommands,
  merge,
  worktree,
  trash,
  ...guardCommands,
  ...extendCommands,
  acp,
  serve,
  model,
  doctor,
  server,
  task,
];

/** `tandem [prompt]`: what is typed without a command. */
export const bare: Command = {
  name: '',
  usage: 'tandem [PROMPT] [options]',
  summary: '',
  positionals: { least: 0, most: 1 },
  options: [...execOptions, screenReaderOption, ...hostOptions],
};

/** Commands that this product will have; until then they are refused by name instead of being taken for a prompt. */
export const laterCommands: readonly string[] = ['scan', 'review'];
