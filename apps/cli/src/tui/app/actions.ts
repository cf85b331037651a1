import { writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { SessionInfo } from '@tandem/protocol';
import { AppError, isAppError } from '@tandem/protocol/error';
import type { Client, Moved } from '@tandem/sdk';
import { edit, emptyEditor, wholeText } from '../editor/editor.ts';
import { widthOf } from '../screen/frame.ts';
import { findingLines } from '../screen/welcome.ts';
import { attempts, choseAttempt, withAttempt } from './attempts.ts';
import type { Conversation } from './conversation.ts';
import { writeInEditor } from './external-editor.ts';
import { appendHistory } from './history-file.ts';
import { answerInit, init } from './instructions.ts';
import type { Door, Machine, Settings } from './machine.ts';
import type { Paged } from './pager.ts';
import { picking, reading } from './run-command.ts';
import { say } from './say.ts';
import { type Ask, modelOf, modeOf, type Screen } from './screen.ts';
import type { ShellLines } from './shell-lines.ts';
import { answerTrust, list } from './trust.ts';
import { wordsIn } from './words.ts';
import { choseWorktree, withWorktree, worktree } from './worktrees.ts';

/** What an action may use: the screen as it is when it looks, and a way to change it. */
export type Hands = {
  readonly machine: Machine;
  readonly door: () => Promise<Door>;
  readonly conversation: () => Promise<Conversation>;
  readonly screen: () => Screen;
  readonly change: (change: (screen: Screen) => Screen) => void;
  /** Another session, or none. */
  readonly open: (session: string | null) => Promise<void>;
  /** Another directory is worked in, or its branch may be another one. */
  readonly goTo: (cwd: string) => Promise<void>;
  /** A diff or a text on a screen of its own. */
  readonly page: (title: string, of: Paged) => void;
  readonly shells: ShellLines;
  readonly lend: <T>(work: () => Promise<T>) => Promise<T>;
  readonly suspend: () => Promise<void>;
  /** Ends with Escape, and with the screen. */
  readonly stop: () => AbortSignal;
};

/** What this turn alone is asked with, beside what flags and config say of every turn. */
type OfTurn = Settings['options'];

/** The prompt goes to the session, which is made when there is none yet. */
export const send = async (hands: Hands, typed: string, ofTurn: OfTurn = {}): Promise<void> => {
  const { machine } = hands;
  appendHistory(machine.historyFile, typed);
  const { shell, files } = hands.screen();
  hands.change((screen) => ({
    ...screen,
    shell: [],
    running: { ...screen.running, work: 'starting' },
    tick: 0,
  }));
  try {
    const conversation = await hands.conversation();
    const { client, expand } = await hands.door();
    const { text: meant, notes } = await expand(typed, hands.stop());
    if (notes.length > 0) say(hands, notes.join('; '), true);
    const text = [meant, ...shell].join('\n\n');
    const model = modelOf(hands.screen());
    const work = (said: string): void =>
      hands.change((screen) => ({ ...screen, running: { ...screen.running, work: said } }));
    if (hands.screen().view.status === 'idle')
      await machine.readyModel(model, { say: work, signal: hands.stop() });
    if (conversation.session === null) {
      const { cwd } = hands.screen().place;
      const settings = { model, cwd, permissionMode: modeOf(hands.screen()) };
      const { session } = await client.createSession({ settings, title: titleOf(typed) });
      await conversation.open(session);
    }
    const mentioned = mentions(typed, files ?? []);
    const { options: given } = await machine.settings;
    const options = { ...given, ...(mentioned.length === 0 ? {} : { files: [...mentioned] }), ...ofTurn };
    await client.startTurn(conversation.session!, { text, options });
  } catch (error) {
    // What could not be sent is not lost.
    hands.change((screen) =>
      screen.editor.text === ''
        ? { ...screen, shell, editor: edit(emptyEditor, { type: 'set', text: typed }) }
        : screen,
    );
    throw error;
  } finally {
    hands.change((screen) => ({ ...screen, running: { ...screen.running, work: null } }));
  }
};

const titleOf = (text: string): string => (text.trim().split('\n')[0] ?? '').slice(0, 80);

const mentions = (text: string, files: readonly string[]): readonly string[] => {
  const known = new Set(files);
  return [...text.matchAll(/(?:^|\s)@(\S+)/g)].map((match) => match[1]!).filter((path) => known.has(path));
};

export const interrupt = async (hands: Hands): Promise<void> => {
  const { session } = await hands.conversation();
  if (session !== null) await (await hands.door()).client.interrupt(session);
};

export const answer = async (hands: Hands, ask: Extract<Ask, { readonly type: 'answer' }>): Promise<void> => {
  const { view } = hands.screen();
  const asked = view.approvals[0];
  const { session } = await hands.conversation();
  if (asked === undefined || session === null) return;
  const { client, policyChanged } = await hands.door();
  if (ask.kind === true && asked.offer !== null) {
    await hands.machine.allowKind(asked.offer.rule);
    policyChanged();
  }
  const { decision, note, values } = ask;
  const said = {
    ...(note === undefined ? {} : { note }),
    ...(values === undefined ? {} : { values: { ...values } }),
  };
  await client.resolveApproval(session, asked.approval, { decision, ...said });
};

export const configure = async (
  hands: Hands,
  ask: Extract<Ask, { readonly type: 'configure' }>,
): Promise<void> => {
  const { model, mode } = ask;
  hands.change((screen) => ({
    ...screen,
    settings: { model: model ?? screen.settings.model, mode: mode ?? screen.settings.mode },
    notice: screen.view.status === 'idle' ? screen.notice : { text: 'from the next turn on', bad: false },
  }));
  const { session } = await hands.conversation();
  if (session === null) return;
  const change = {
    ...(model === undefined ? {} : { model }),
    ...(mode === undefined ? {} : { permissionMode: mode }),
  };
  await (await hands.door()).client.configure(session, change);
};

export const chosen = async (hands: Hands, ask: Extract<Ask, { readonly type: 'chosen' }>): Promise<void> => {
  const { value, about } = ask;
  switch (ask.purpose) {
    case 'resume':
      return await hands.open(value);
    case 'trust':
      return await answerTrust(hands, about, value === 'trusted');
    case 'worktree':
      return await choseWorktree(hands, value);
    case 'with worktree':
      return await withWorktree(hands, about, value);
    case 'attempt':
      return await choseAttempt(hands, value);
    case 'with attempt':
      return await withAttempt(hands, about, value);
    case 'instructions':
      return await answerInit(hands, value);
    case 'rewind':
      return await rewind(hands, about, value as 'both' | 'code' | 'conversation');
  }
};

const rewind = async (hands: Hands, to: string, scope: 'both' | 'code' | 'conversation'): Promise<void> => {
  const turn = hands.screen().view.turns.find(({ id }) => id === to);
  await move(hands, (client, session) => client.rewind(session, { to, scope }));
  if (scope === 'code' || turn === undefined) return;
  hands.change((screen) => ({ ...screen, editor: edit(emptyEditor, { type: 'set', text: turn.text }) }));
};

const move = async (
  hands: Hands,
  work: (client: Client, session: string) => Promise<Moved>,
): Promise<void> => {
  const { session } = await hands.conversation();
  if (session === null) throw new AppError('conflict', 'nothing was done yet that could be moved');
  const { files, refs } = await work((await hands.door()).client, session);
  const what = [...files, ...refs];
  say(
    hands,
    what.length === 0
      ? 'no file had to be put back'
      : `put back: ${what.slice(0, 5).join(', ')}${what.length > 5 ? ` and ${what.length - 5} more` : ''}`,
  );
};

/** Slash commands that need the door or the machine. */
export const run = async (hands: Hands, command: string, words: string): Promise<void> => {
  const { machine } = hands;
  switch (command) {
    case 'undo':
      return move(hands, (client, session) => client.undo(session, { turns: countOf(words) }));
    case 'redo':
      return move(hands, (client, session) => client.redo(session, { times: countOf(words) }));
    case 'new':
      return hands.open(null);
    case 'resume':
    case 'sessions':
      return words === '' ? listSessions(hands) : hands.open((await sessionLike(hands, words)).id);
    case 'fork': {
      const { session } = await hands.conversation();
      if (session === null) throw new AppError('conflict', 'there is nothing to fork yet');
      const forked = await (await hands.door()).client.fork(session);
      await hands.open(forked.session);
      return say(hands, `this is ${forked.session} now; ${session} stays as it is`);
    }
    case 'model': {
      const models = await machine.models();
      const choices = models.map(({ id, note }) => ({ label: id, note, value: id }));
      return hands.change((screen) =>
        picking(screen, { title: 'Model, or type /model provider/name', purpose: 'model', choices }),
      );
    }
    case 'doctor': {
      const findings = await machine.doctor(hands.stop());
      return hands.change((screen) =>
        reading(screen, 'This machine', findingLines(findings, widthOf(screen))),
      );
    }
    case 'hooks':
    case 'skills':
    case 'agents':
    case 'mcp':
      return list(hands, command);
    case 'attempts':
      return attempts(hands, words);
    case 'worktree':
      return worktree(hands, words);
    case 'init':
      return init(hands);
    case 'compact':
      return compact(hands, words);
    case 'merge':
      return merge(hands, words);
    case 'export': {
      const { view } = hands.screen();
      if (view.session === '') throw new AppError('conflict', 'there is nothing to export yet');
      const folder = machine.elsewhere?.folder ?? hands.screen().place.cwd;
      const file = resolve(folder, words === '' ? `${view.session}.md` : words);
      writeFileSync(file, await machine.markdownOf(view));
      return say(hands, `written to ${file}`);
    }
  }
};

const compact = async (hands: Hands, focus: string): Promise<void> => {
  const { session } = await hands.conversation();
  if (session === null) throw new AppError('conflict', 'there is nothing to sum up yet');
  const text = focus === '' ? '/compact' : `/compact ${focus}`;
  await (await hands.door()).client.startTurn(session, { text, options: { compact: { focus } } });
};

/** Hunks are asked about one by one: the merge has the terminal meanwhile. */
const merge = async (hands: Hands, words: string): Promise<void> => {
  const { cwd } = hands.screen().place;
  const exit = await hands.lend(() => hands.machine.runTandem(['merge', ...wordsIn(words)], cwd));
  await hands.goTo(cwd);
  say(hands, exit === 0 ? 'merged, or nothing to merge' : `not merged (exit ${exit})`, exit !== 0);
};

const countOf = (words: string): number => {
  const count = Number(words === '' ? '1' : words);
  if (Number.isSafeInteger(count) && count >= 1) return count;
  throw new AppError('usage', `a whole number from 1, not ${words}`);
};

const sessionLike = async (hands: Hands, typed: string): Promise<SessionInfo> => {
  const sessions = await (await hands.door()).client.sessions();
  const matches = sessions.filter(({ id }) => id.startsWith(typed) || id.startsWith(`ses_${typed}`));
  if (matches.length === 1) return matches[0]!;
  throw new AppError(
    'not_found',
    `${matches.length === 0 ? 'no session begins' : 'several sessions begin'} with ${typed}; /sessions lists them`,
  );
};

const listSessions = async (hands: Hands): Promise<void> => {
  const { cwd } = hands.screen().place;
  const all = await (await hands.door()).client.sessions();
  // Attempts and agents belong to the session that they were made from.
  const sessions = all.filter(({ parent }) => parent === undefined).slice(0, 500);
  const here = [...sessions.filter((one) => one.cwd === cwd), ...sessions.filter((one) => one.cwd !== cwd)];
  const choices = here.map(({ id, title, cwd: place, updatedAt }) => ({
    label: title.split('\n')[0] || id,
    note: `${updatedAt.slice(0, 16).replace('T', ' ')}${place === cwd ? '' : `  ${place}`}`,
    value: id,
  }));
  hands.change((screen) => picking(screen, { title: 'Sessions', purpose: 'resume', choices }));
};

export const listFiles = async (hands: Hands): Promise<void> => {
  const files = await (await hands.door()).client.files(hands.screen().place.cwd);
  hands.change((screen) => ({ ...screen, files }));
};

export const externalEditor = async (hands: Hands): Promise<void> => {
  const text = await hands.lend(() =>
    writeInEditor(wholeText(hands.screen().editor), hands.machine.environment),
  );
  hands.change((screen) => ({
    ...screen,
    editor: edit({ ...screen.editor, pastes: [] }, { type: 'set', text }),
  }));
};

/** A refusal in one line; a bug as well, for the screen must go on. */
export const wordsOf = (error: unknown): string => {
  if (isAppError(error)) return error.message;
  return `this is a bug: ${error instanceof Error ? error.message : String(error)}`;
};
