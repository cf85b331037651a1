import type { Command, Option } from './command.ts';
import { cwdOption, execOptions, turnOptions } from './exec-options.ts';

const json: Option = { name: 'json', help: 'machine-readable, on stdout' };
const last: Option = { name: 'last', help: 'the newest session of this directory' };
const none = { least: 0, most: 0 };

const exec: Command = {
  name: 'exec',
  usage: 'tandem exec [PROMPT|-] [options]',
  summary: 'one turn without a screen; the answer on stdout',
  positionals: { least: 0, most: 1 },
  options: execOptions,
  notes: [
    'Without a prompt, or with -, the prompt is read from stdin. Piped stdin beside a prompt is appended to it as a\n<stdin> block. Progress goes to stderr; stdout holds only the answer, or only JSON.',
    'Without --model: TANDEM_MODEL, else what tandem model use chose, else the default local model.',
    'Exit codes: 0 done, 1 failed, 2 usage or configuration, 3 an approval is needed and nobody can answer,\n4 verify still fails, 53 a limit was reached, 130 interrupted, 143 terminated.',
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
    options: [last, ...turnOptions],
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

/** In the order of the help page. */
export const commands: readonly Command[] = [
  exec,
  ...sessionCommands,
  trash,
  ...guardCommands,
  model,
  doctor,
];

/** `tandem [prompt]`: what is typed without a command. */
export const bare: Command = {
  name: '',
  usage: 'tandem [PROMPT] [options]',
  summary: '',
  positionals: { least: 0, most: 1 },
  options: execOptions,
};

/** Commands that this product will have; until then they are refused by name instead of being taken for a prompt. */
export const laterCommands: readonly string[] = [
  'scan',
  'review',
  'merge',
  'worktree',
  'serve',
  'server',
  'task',
  'acp',
  'mcp',
];
