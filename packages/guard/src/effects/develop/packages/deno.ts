import { literal } from '../../../shell/command.ts';
import type { Effect } from '../../effect.ts';
import { valuesOf } from '../arguments.ts';
import type { DevelopTable } from '../develop.ts';
import { outcomeEffect } from '../outcome.ts';
import { runFile } from '../scripts/file.ts';
import { scriptEffect } from '../scripts/script-name.ts';
import { type Special, type Tool, toolOf } from '../tool.ts';
import { installEffects, named, sourceEffects } from './source.ts';

/** Code from elsewhere than the workspace: an address, or a registry's name with a version. */
const remote = /^(?:https?:|npm:|jsr:)/;

const run: Special = ({ operands, subject, command, context }) => {
  const target = operands[0];
  if (!target) return [outcomeEffect('read', subject)];
  if (remote.test(target.text))
    return [outcomeEffect('exec', named(subject, [target])), ...sourceEffects(target)];
  return [
    /[/\\.]/.test(target.text)
      ? runFile(target, 'deno', command, context)
      : scriptEffect(target.text, subject),
  ];
};

const evaluate: Special = ({ operands, command, context }) =>
  operands.slice(0, 1).flatMap((text): readonly Effect[] => context.code('node', text, command));

const install: Special = (use) =>
  valuesOf(use.parsed, '-n', '--name', '--root').length > 0 ||
  use.parsed.flags.some(({ name }) => name === '-g' || name === '--global')
    ? [
        outcomeEffect('install.user', named(use.subject, use.operands)),
        ...use.operands.flatMap(sourceEffects),
      ]
    : installEffects(use);

const deno: Tool = {
  options:
    '-c= -o= -n= -L= -e= -p= --config= --import-map= --lock= --cert= --output= --target= --name= --root= --ext= --location= --seed= --log-level= --port= --host= --preload= --require= --env-file= --cwd= --filter= --reporter= --junit-path=',
  dry: ['--dry-run'],
  subcommands: `
    read: info doc types version completions help outdated why lsp
    project: bench bundle cache check compile coverage fmt init lint test vendor clean create jupyter
    install: upgrade update
    uninstall: uninstall remove
    publish: publish deploy`,
  special: {
    run,
    serve: run,
    task: ({ operands, subject }) => [
      operands[0] ? scriptEffect(operands[0].text, subject) : outcomeEffect('read', subject),
    ],
    eval: evaluate,
    install,
    add: installEffects,
    x: ({ operands, subject }) => [outcomeEffect('exec', named(subject, operands))],
    '*': ({ path, args, subject, command, context }) => {
      if (path === '') return null;
      const target = args.find(({ text }) => text === path) ?? literal(path);
      return run({
        path,
        operands: [target],
        parsed: { flags: [], operands: [], beforeDashes: null },
        args,
        subject,
        dry: false,
        command,
        context,
      });
    },
  },
};

export const denoTable: DevelopTable = {
  deno: toolOf('deno', deno),
};
