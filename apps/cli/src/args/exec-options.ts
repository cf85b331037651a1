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
    help: 'confinement of commands; default full (none)',
  },
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

export const turnOptions: readonly Option[] = [
  cwdOption,
  ...modelOptions,
  ...workOptions,
  ...permissionOptions,
  ...limitOptions,
  ...outputOptions,
];

export const execOptions: readonly Option[] = [
  ...turnOptions,
  ...sessionOptions,
  { name: 'print', short: 'p', help: 'the same as exec, where no command is named' },
];
