import type { Option } from './command.ts';

export const cwdOption: Option = {
  name: 'cwd',
  short: 'C',
  value: 'DIR',
  aliases: ['cd'],
  help: 'work in DIR instead of the current directory',
};

const modelOptions: readonly Option[] = [
  { name: 'model', short: 'm', value: 'ID', help: 'provider/name: local/…, openai/…, ollama/…, anthropic/…' },
  { name: 'offline', help: "open no socket but the model's own" },
];

const workOptions: readonly Option[] = [
  { name: 'verify', value: 'CMD', help: 'the command that says whether the result is good' },
  { name: 'attempts', value: 'N', number: 'whole', help: 'how many attempts may be made' },
  { name: 'files', value: 'a,b', list: true, help: 'files the request is about' },
  {
    name: 'without',
    value: 'a,b',
    list: true,
    help: 'leave out mechanisms of the pipeline, to measure what each earns',
  },
  { name: 'keep-attempts', value: 'DIR', help: 'write every attempt to DIR/attempts.json' },
  { name: 'keep', help: 'leave the changes in place even when verify fails' },
];

const permissionOptions: readonly Option[] = [
  {
    name: 'permission-mode',
    value: 'MODE',
    choices: ['default', 'acceptEdits', 'plan', 'auto', 'dontAsk', 'bypass'],
    help: 'what may be done without asking',
  },
  { name: 'full-auto', means: ['permission-mode', 'auto'], help: '--permission-mode auto' },
  {
    name: 'dangerously-skip-permissions',
    aliases: ['yolo', 'dangerously-bypass-approvals-and-sandbox'],
    means: ['permission-mode', 'bypass'],
    help: '--permission-mode bypass',
  },
  {
    name: 'sandbox',
    short: 's',
    value: 'PROFILE',
    choices: ['read-only', 'workspace-write', 'full'],
    help: 'confinement of commands; default full (none), in auto mode workspace-write',
  },
  { name: 'egress', value: 'a,b', list: true, help: 'hosts that confined commands may reach' },
];

const limitOptions: readonly Option[] = [
  { name: 'max-turns', value: 'N', number: 'whole', help: 'stop after N steps (exit 53)' },
  { name: 'max-seconds', value: 'S', number: 'positive', help: 'stop after S seconds (exit 53)' },
  {
    name: 'max-cost',
    value: 'USD',
    number: 'positive',
    aliases: ['max-budget-usd'],
    help: 'stop when it has cost USD (exit 53)',
  },
];

const outputOptions: readonly Option[] = [
  {
    name: 'output-format',
    value: 'FORMAT',
    choices: ['text', 'json', 'stream-json'],
    help: 'what goes to stdout',
  },
  { name: 'json', means: ['output-format', 'json'], help: '--output-format json' },
  {
    name: 'output',
    short: 'o',
    value: 'FILE',
    aliases: ['output-last-message'],
    help: 'write the answer to FILE too',
  },
  {
    name: 'output-schema',
    value: 'FILE',
    aliases: ['json-schema'],
    help: 'JSON Schema that the answer must follow',
  },
];

const sessionOptions: readonly Option[] = [
  { name: 'session', value: 'ID', aliases: ['session-id'], help: 'go on with this session' },
  { name: 'continue', short: 'c', help: 'go on with the newest session of this directory' },
  { name: 'ephemeral', aliases: ['no-session'], help: 'leave no session behind' },
];

export const trustOption: Option = {
  name: 'trust',
  help: 'for this run, what the workspace brings along may run: hooks, MCP servers, its config',
};

export const turnOptions: readonly Option[] = [
  cwdOption,
  trustOption,
  ...modelOptions,
  ...workOptions,
  ...permissionOptions,
  ...limitOptions,
  ...outputOptions,
];

export const acpOptions: readonly Option[] = [
  ...modelOptions,
  ...permissionOptions,
  ...limitOptions,
  { name: 'verify', value: 'CMD', help: 'the command that says whether a result is good' },
  { ...trustOption, help: 'what workspaces bring along may run: hooks, MCP servers, their config' },
];

export const execOptions: readonly Option[] = [
  ...turnOptions,
  ...sessionOptions,
  { name: 'print', short: 'p', help: 'the same as exec, where no command is named' },
];

export const remoteOptions: readonly Option[] = [
  { name: 'remote', help: "on your team's server, with all that is here; the change comes into your files" },
  { name: 'repository', short: 'r', value: 'NAME', help: 'with --remote: what the server calls it' },
  {
    name: 'host',
    value: 'URL',
    help: 'with --remote: the server; else TANDEM_HOST, else http://127.0.0.1:4747',
  },
];

export const screenReaderOption: Option = {
  name: 'screen-reader',
  help: 'plain lines instead of a screen (also TANDEM_SCREEN_READER=1)',
};

export const hostOptions: readonly Option[] = [
  { name: 'host', value: 'USER@MACHINE', help: 'work there, over ssh, with the screen here' },
  { name: 'host-program', value: 'PATH', help: 'what tandem is called there, where it is not on the PATH' },
];

export const attemptsOptions: readonly Option[] = [
  {
    name: 'attempts',
    short: 'n',
    value: 'N',
    number: 'whole',
    help: 'how many (3, or as many as are named)',
  },
  {
    name: 'verify',
    value: 'CMD',
    help: "the command that says which are good; else the workspace's own tests",
  },
  { name: 'verify-timeout', value: 'S', number: 'positive', help: 'one run of it may take S seconds (600)' },
  { name: 'try', value: 'WORDS', many: true, help: 'a way to do it; once for each, one an attempt' },
  { name: 'model', short: 'm', value: 'ID', many: true, help: 'a model; once for each, one an attempt' },
  {
    name: 'seed',
    value: 'N',
    number: 'whole',
    help: 'of the first attempt (1); each further one has the next',
  },
  {
    name: 'max-parallel',
    value: 'K',
    number: 'whole',
    help: 'at most K at a time; fewer where memory is short',
  },
  { name: 'all', help: 'make all of them, also when two pass and do the same' },
  { name: 'accept', help: 'bring the chosen one into your files at once' },
  {
    name: 'despite',
    value: 'a,b',
    list: true,
    help: 'with discard: kinds of holds that do not matter, such as submodule',
  },
  { name: 'files', value: 'a,b', list: true, help: 'files the request is about' },
  cwdOption,
  trustOption,
  { name: 'offline', help: "open no socket but the model's own" },
  ...permissionOptions.map((option) =>
    option.name === 'sandbox'
      ? { ...option, help: 'confinement of commands; default workspace-write where it holds' }
      : option,
  ),
  ...limitOptions,
  { name: 'json', help: 'the report as JSON, on stdout' },
  { name: 'output', short: 'o', value: 'FILE', help: 'write the JSON report to FILE too' },
];
