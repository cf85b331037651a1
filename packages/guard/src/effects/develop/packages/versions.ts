import { literal } from '../../../shell/command.ts';
import type { DevelopTable } from '../develop.ts';
import { outcomeEffect } from '../outcome.ts';
import { type Special, type Tool, toolOf } from '../tool.ts';
import { after } from './javascript.ts';
import { named } from './source.ts';

/** `nvm exec 18 node x.js`, `mise x node@20 -- node x.js`: the versions come first. */
const underVersion: Special = ({ operands, args, command, context, subject }) => {
  const start = operands.find(({ text }) => !/^v?\d|@|^lts/.test(text));
  return start ? context.inner(after(args, start.text, 0), command) : [outcomeEffect('read', subject)];
};

const versionManager: Tool = {
  scope: 'user',
  options:
    '-v= --lts= --default-toolchain= --profile= --component= -c= --target= --toolchain= -t= --path= --jobs= -j= -C=',
  subcommands: `
    read: list ls list-remote ls-remote current which where version versions show whence root info doctor help alias env plugin/list plugin-list settings/get toolchain/list component/list target/list list-all latest check bin-paths commands completions hooks init ls-all outdated tasks/ls tasks shims home man doc activate deactivate rehash reshim version-name version-file version-origin prefix reshim cache toolchain target component plugin settings override override/list
    project: use local shell pin fmt set-default
    install: install i upgrade update global default plugin/add plugin-add plugin/install plugin/update plugin-update self-update self/update toolchain/install,link,update target/add component/add up sync migrate selfupdate
    uninstall: uninstall remove rm plugin/remove plugin-remove toolchain/uninstall,remove target/remove component/remove self/uninstall self-uninstall implode prune flush unalias
    settings: set set/profile set/default-host set/auto-self-update settings/set settings/add override/set override/unset unset config/set trust alias/set broadcast offline
    install: latest/use`,
  special: {
    exec: underVersion,
    x: underVersion,
    run: (use) => {
      const { subject, operands } = use;
      if (subject.program === 'mise' || subject.program === 'rtx')
        return [outcomeEffect('project', named(subject, operands))];
      return subject.program === 'nvm' || subject.program === 'n'
        ? use.context.inner([literal('node'), ...operands.slice(1)], use.command)
        : underVersion(use);
    },
  },
};

const names =
  'asdf mise rtx nvm fnm volta n rustup pyenv rbenv nodenv goenv jenv tfenv sdk rvm chruby ghcup juliaup elan';

/** Managers of the versions of languages and tools. */
export const versionManagerTable: DevelopTable = Object.fromEntries(
  names.split(' ').map((name) => [name, toolOf(name, versionManager)]),
);
