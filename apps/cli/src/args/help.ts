import type { Command, Option } from './command.ts';
import { bare, commands, laterCommands } from './commands.ts';

/** Column where the explanation begins; a longer left side gets a line of its own. */
const column = 32;

export const commandHelp = (command: Command): string =>
  [
    `${capital(command.summary)}.`,
    `Usage: ${command.usage}`,
    ...(command.options.length === 0 ? [] : [`Options:\n${command.options.map(optionLine).join('\n')}`]),
    ...(command.notes ?? []),
  ]
    .join('\n\n')
    .concat('\n');

export const mainHelp = (): string =>
  [
    'Tandem: a coding assistant that works with a small model on this machine, or with a large one elsewhere.',
    [
      'Usage:',
      row(bare.usage, 'the terminal screen; a prompt is sent at once'),
      row('tandem -p PROMPT', 'the same as tandem exec PROMPT'),
      row('tandem --host USER@MACHINE', 'the same screen here, the work there, over ssh'),
      row('tandem COMMAND --help', 'options of a command'),
    ].join('\n'),
    ['Commands:', ...commands.map(({ name, summary }) => row(name, summary))].join('\n'),
    `Not in this version yet: ${laterCommands.join(', ')}.`,
    'Options of tandem [PROMPT] are those of tandem exec. Also: --screen-reader, --version, --help.',
  ]
    .join('\n\n')
    .concat('\n');

const optionLine = ({ name, short, value, choices, help }: Option): string => {
  const left = `${short === undefined ? '    ' : `-${short}, `}--${name}${value === undefined ? '' : ` ${value}`}`;
  return row(left, choices === undefined ? help : `${help}:\n${choices.join('|')}`);
};

const row = (left: string, right: string): string => {
  const indent = ' '.repeat(column);
  const start = `  ${left}`;
  const head = start.length + 2 > column ? `${start}\n${indent}` : start.padEnd(column);
  return head + right.replaceAll('\n', `\n${indent}`);
};

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
