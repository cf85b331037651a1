import { lstatSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { AppError } from '@tandem/protocol/error';
import type { Hands } from './actions.ts';
import { picking } from './run-command.ts';
import { say } from './say.ts';

const fileName = 'AGENTS.md';
/** Files that are looked at for a draft: more would tell nothing new of the layout. */
const filesLimit = 20_000;

/** `/init`: AGENTS.md from what the files say. One that is there is asked about. */
export const init = async (hands: Hands): Promise<void> => {
  const { elsewhere } = hands.machine;
  if (elsewhere !== null)
    throw new AppError('usage', `/init is not there over --host: run tandem on ${elsewhere.name} for it`);
  const { cwd } = hands.screen().place;
  if (lstatSync(join(cwd, fileName), { throwIfNoEntry: false }) === undefined)
    return write(hands, { cwd, text: await draft(hands, cwd), flag: 'wx' });
  const choices = [
    { label: 'keep', note: 'as it is', value: 'keep' },
    { label: 'look', note: 'at what would be written', value: 'look' },
    { label: 'replace', note: 'it by the draft', value: 'replace' },
  ];
  hands.change((screen) =>
    picking(screen, { title: `${fileName} is there already`, purpose: 'instructions', choices }),
  );
};

export const answerInit = async (hands: Hands, answer: string): Promise<void> => {
  const { cwd } = hands.screen().place;
  if (answer === 'keep') return say(hands, `${fileName} stays as it is`);
  const text = await draft(hands, cwd);
  if (answer === 'look') return hands.page(`A draft of ${fileName}`, { text });
  if (lstatSync(join(cwd, fileName)).isSymbolicLink())
    throw new AppError('conflict', `${fileName} is a link: replace what it leads to by yourself`);
  write(hands, { cwd, text, flag: 'w' });
};

const draft = async (hands: Hands, cwd: string): Promise<string> => {
  const { client } = await hands.door();
  return await hands.machine.draftInstructions(cwd, await client.files(cwd, filesLimit));
};

const write = (
  hands: Hands,
  { cwd, text, flag }: { readonly cwd: string; readonly text: string; readonly flag: 'w' | 'wx' },
): void => {
  try {
    writeFileSync(join(cwd, fileName), text, { flag });
  } catch (cause) {
    throw new AppError('disk', `${fileName} cannot be written: ${(cause as Error).message}`, { cause });
  }
  const lines = text.split('\n').length - 1;
  say(
    hands,
    `${fileName} is written (${lines} lines), from the files alone: look through it, it is read from the next turn on`,
  );
};
