import type { Command } from './command.ts';
import { cwdOption } from './exec-options.ts';

/** `tandem task`: the tasks of a team's server, from a terminal. */
export const task: Command = {
  name: 'task',
  usage:
    'tandem task create PROMPT --repository NAME [options]\n       tandem task list|watch ID|answer ID|cancel ID|apply ID [options]',
  summary: 'work asked of a team server',
  positionals: { least: 1, most: 2 },
  options: [
    { name: 'repository', short: 'r', value: 'NAME', help: 'create: the repository, as the server calls it' },
    { name: 'model', short: 'm', value: 'ID', help: 'create: who works on it; else TANDEM_MODEL' },
    {
      name: 'permission-mode',
      value: 'MODE',
      choices: ['default', 'acceptEdits', 'plan', 'auto', 'dontAsk'],
      help: 'create: what the agent may do unasked (auto)',
    },
    { name: 'verify', value: 'CMD', help: 'create: must succeed on the result before it is published' },
    { name: 'base', value: 'REF', help: 'create: the branch or commit it begins with' },
    { name: 'no-approval', help: 'create: publish without a person' },
    { name: 'watch', help: 'create: and watch it' },
    { name: 'deny', help: 'answer: no; without it yes' },
    { name: 'note', value: 'TEXT', help: 'answer: with these words' },
    { name: 'reverse', help: 'apply: takes the change out of your files again' },
    { name: 'state', value: 'STATE', help: 'list: only those in it' },
    { name: 'limit', short: 'n', value: 'N', number: 'whole', help: 'list: at most N (20)' },
    { name: 'host', value: 'URL', help: 'the server; else TANDEM_HOST, else http://127.0.0.1:4747' },
    cwdOption,
    { name: 'json', help: 'machine-readable, on stdout' },
  ],
  notes: [
    'create  queues work and prints its id; the server does not lose it\nlist    newest first\nwatch   what happens to it, until it is over\nanswer  yes or no to the question or the change that waits for a person\ncancel  it ends within a second\napply   its change into your files, as git apply does',
    'The key of your organisation is TANDEM_API_KEY, or the file api-key beside config.toml, which only you may read.',
    'Exit codes of watch: 0 completed, 1 failed or cancelled, 4 verify fails.',
  ],
};
