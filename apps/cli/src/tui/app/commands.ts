/** What `/` offers. `takes`: words that may follow. */
export type SlashCommand = { readonly name: string; readonly takes?: string; readonly help: string };

export const slashCommands: readonly SlashCommand[] = [
  { name: 'help', help: 'keys and commands' },
  { name: 'model', takes: '[provider/name]', help: 'which model thinks' },
  {
    name: 'mode',
    takes: '[default|acceptEdits|plan|auto|dontAsk|bypass]',
    help: 'what may happen without asking',
  },
  { name: 'plan', help: 'only look and plan; /plan again goes back' },
  { name: 'diff', help: 'what the last turn changed' },
  { name: 'undo', takes: '[n]', help: 'files as before the last n turns' },
  { name: 'redo', takes: '[n]', help: 'take an undo or a rewind back' },
  { name: 'rewind', help: 'go back to an earlier prompt: code, conversation or both' },
  { name: 'resume', takes: '[id]', help: 'open another session' },
  { name: 'sessions', help: 'the same, as a list to choose from' },
  { name: 'new', help: 'a new session here' },
  { name: 'fork', help: 'go on in a copy of this session' },
  {
    name: 'attempts',
    takes: '[how many] [goal]',
    help: 'several tries at one goal; alone: those of this session',
  },
  { name: 'worktree', takes: '[new|diff|merge|discard NAME]', help: 'worktrees, and a session in one' },
  { name: 'merge', takes: '[ref] [options]', help: 'merge a branch; what is open is asked hunk by hunk' },
  { name: 'compact', takes: '[what to keep]', help: 'sum up the conversation, so that less is read' },
  { name: 'init', help: 'write AGENTS.md from what the files say' },
  { name: 'transcript', help: 'the whole conversation, with all output' },
  { name: 'context', help: 'how much the model reads, and what fills it' },
  { name: 'cost', help: 'tokens and money so far' },
  { name: 'permissions', help: 'what the guard asked and what was answered' },
  { name: 'hooks', help: 'programs of your own that are asked and told' },
  { name: 'mcp', help: 'programs that serve tools, and which of them do not run' },
  { name: 'skills', help: 'instructions for kinds of work, called by their names' },
  { name: 'agents', help: 'to whom a model may give a part of its work' },
  { name: 'doctor', help: 'what works on this machine' },
  { name: 'export', takes: '[file]', help: 'the session as Markdown' },
  { name: 'theme', takes: '[terminal|dark|light|plain]', help: 'colours' },
  { name: 'quit', help: 'leave; the session stays' },
];

/** Commands whose name begins as typed, else holds it; those that were `added` after our own. */
export const commandsLike = (typed: string, added: readonly SlashCommand[]): readonly SlashCommand[] => {
  const all = [...slashCommands, ...added];
  const begins = all.filter(({ name }) => name.startsWith(typed));
  return begins.length > 0 ? begins : all.filter(({ name }) => name.includes(typed));
};
