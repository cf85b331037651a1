import type { Word } from '../../../shell/command.ts';
import type { Effect } from '../../effect.ts';
import { reaches } from '../git/address.ts';
import { outcomeEffect, type Subject } from '../outcome.ts';
import type { ToolUse } from '../tool.ts';

/** A package that is a folder or an archive of this machine. */
const isPath = ({ text }: Word): boolean =>
  /^(?:\.{1,2}(?:[/\\[]|$)|\/|~|file:|link:|portal:|workspace:)|\.(?:whl|tgz|tar\.gz|gem|nupkg|deb|rpm|jar|zip)$/.test(
    text,
  ) && !/^[a-z+]+:\/\//.test(text.replace(/^file:\/\//, ''));

/** The host of an address that is written out; nothing else than such a word reaches beyond the usual registry. */
export const addressEffects = (word: Word): readonly Effect[] => {
  const address = /(?:^|[@ ]|git\+)((?:https?|ssh|git|ftp|svn|hg|bzr)(?:\+\w+)?:\/\/.*|git@.*)$/.exec(
    word.text,
  )?.[1];
  return address ? reaches({ ...word, text: address }, 'fetch') : [];
};

/** Where a named package comes from: an address, or a forge's short form (`owner/name`, `github:owner/name`). */
export const sourceEffects = (word: Word): readonly Effect[] => {
  const address = addressEffects(word);
  if (address.length > 0) return address;
  const forge = /^(github|gitlab|bitbucket):/.exec(word.text)?.[1];
  return forge || /^[\w-]+\/[\w.-]+(?:#.*)?$/.test(word.text)
    ? reaches({ ...word, text: `https://${forge ?? 'github'}.com/` }, 'fetch')
    : [];
};

/** An installation of named packages: restored if all of them are folders of the workspace. */
export const installEffects = (
  { operands, subject, dry, command, context }: ToolUse,
  from: (word: Word) => readonly Effect[] = sourceEffects,
): readonly Effect[] => {
  if (dry) return [outcomeEffect('query', subject)];
  if (operands.length === 0) return [outcomeEffect('restore', subject)];
  const ours = operands.every(
    (word) =>
      isPath(word) && ['workspace', 'workspaceRoot'].includes(context.path(pathOf(word), command).place),
  );
  return [outcomeEffect(ours ? 'restore' : 'install', named(subject, operands)), ...operands.flatMap(from)];
};

/** `.[dev]` names the folder `.`. */
const pathOf = (word: Word): Word => ({
  ...word,
  text: word.text.replace(/\[[\w,-]*\]$/, '').replace(/^(?:file|link|portal):/, ''),
});

export const named = (subject: Subject, operands: readonly Word[]): Subject => ({
  ...subject,
  what: `${subject.what} ${operands.map(({ text }) => text).join(' ')}`.trim(),
});
