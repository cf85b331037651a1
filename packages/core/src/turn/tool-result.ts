import type { Item } from '@tandem/protocol';
import type { Draft } from '../session/log.ts';
import type { ToolOutcome } from '../tool/tool.ts';

type ResultInput = {
  readonly turn: string;
  readonly item: string;
  readonly name: string;
  readonly given: unknown;
  readonly outcome: ToolOutcome;
  readonly status: 'done' | 'interrupted';
};

/** The outcome for the model and the item for the person, in one append. */
export const outcomeDrafts = (input: ResultInput): readonly Draft[] => {
  const { turn, item: callId, outcome } = input;
  const { output, isError } = outcome;
  return [
    { type: 'tool.completed', turn, data: { callId, result: callId, output, isError } },
    { type: 'item.completed', turn, data: { item: itemOf(input) } },
  ];
};

const itemOf = (input: ResultInput): Item => {
  const { item: id, name, given, outcome } = input;
  const { output, isError, view } = outcome;
  const status = input.status === 'interrupted' ? 'interrupted' : isError ? 'failed' : 'completed';
  switch (view.type) {
    case 'command':
      return {
        id,
        type: 'command',
        callId: id,
        command: view.command,
        cwd: '.',
        output,
        exit: view.exit,
        status,
      };
    case 'file_change':
      return { id, type: 'file_change', callId: id, files: [...view.files], diff: view.diff, status };
    case 'plan':
      return { id, type: 'plan', steps: [...view.steps] };
    case 'tool_call':
      return { id, type: 'tool_call', callId: id, name, arguments: given, output, status };
  }
};
