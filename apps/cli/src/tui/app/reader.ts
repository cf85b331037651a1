import { createInterface } from 'node:readline/promises';
import { setTimeout } from 'node:timers/promises';
import type { View, ViewApproval } from '@tandem/protocol';
import { fieldProblem } from '@tandem/protocol/field';
import { bodyOf } from '../screen/approval-lines.ts';
import { Transcript } from '../screen/transcript.ts';
import { type Line, line, textOf } from '../text/line.ts';
import { wordsOf } from './actions.ts';
import { Conversation } from './conversation.ts';
import type { Door, Machine } from './machine.ts';
import type { Streams } from './tui.ts';

/**
 * The screen for a person who has lines read out: nothing is drawn twice, nothing moves, and each question is a line. Also for
 * terminals that can do no more.
 */
export const runReader = async (
  machine: Machine,
  streams: Streams,
  signal: AbortSignal,
): Promise<string | null> => {
  const { input, output } = streams;
  const lines = createInterface({ input, output, terminal: false });
  const write = (text: string): void => void output.write(`${text}\n`);
  const door = await machine.door();
  let transcript = new Transcript();
  let changed = (): void => {};
  const conversation = new Conversation(door.client, {
    changed: (view) => {
      say(write, transcript.advance(view, lineWidth).commit);
      changed();
    },
    failed: (error) => write(wordsOf(error)),
  });
  const quiet = (view: View): boolean => view.status === 'idle' || view.approvals.length > 0;
  const rest = (): Promise<void> =>
    new Promise((resolve) => {
      changed = () => {
        if (quiet(conversation.view) || signal.aborted) resolve();
      };
      signal.addEventListener('abort', () => resolve(), { once: true });
      changed();
    });
  try {
    if (machine.open !== null) {
      const { id } = await machine.open(door.client);
      await door.client.recover(id);
      await conversation.open(id);
      transcript = new Transcript();
      say(write, transcript.begin(conversation.view, lineWidth));
      say(write, transcript.advance(conversation.view, lineWidth).commit);
    }
    for (const { line: text } of await machine.findings(signal)) write(text);
    await askTrust({ machine, door, write, ask: (text) => question(lines, text, signal) });
    let next: string | null = machine.prompt;
    while (!signal.aborted) {
      await rest();
      if (
        await answerOne({
          conversation,
          door,
          machine,
          write,
          signal,
          ask: (text) => question(lines, text, signal),
        })
      )
        continue;
      next ??= await question(lines, 'Your prompt, or /quit: ', signal);
      if (next === null || /^\/(?:quit|exit)\s*$/.test(next)) break;
      await sendLine({ conversation, door, machine, text: next, write, signal });
      next = null;
    }
    return conversation.session;
  } finally {
    lines.close();
    conversation.close();
    await door.close();
  }
};

/** Wide enough that a sentence is one line: whoever reads it out breaks it. */
const lineWidth = 10_000;

const say = (write: (text: string) => void, lines: readonly Line[]): void => {
  for (const one of lines) write(textOf(one).trimEnd());
};

/** Null when the person has gone. */
const question = async (
  lines: ReturnType<typeof createInterface>,
  text: string,
  signal: AbortSignal,
): Promise<string | null> => {
  const gone = new Promise<null>((resolve) => lines.once('close', () => resolve(null)));
  try {
    return await Promise.race([lines.question(text, { signal }), gone]);
  } catch {
    return null;
  }
};

const askTrust = async (given: {
  readonly machine: Machine;
  readonly door: Door;
  readonly write: (text: string) => void;
  readonly ask: (text: string) => Promise<string | null>;
}): Promise<void> => {
  const { machine, door, write, ask } = given;
  const asked = await machine.trustQuestion();
  if (asked === null) return;
  write(`This workspace brings along what would run here: ${asked.what}.`);
  const typed = await ask(`Type trust to let it, or anything else not to (${asked.root}): `);
  if (typed === null) return;
  const trusts = /^trust$/i.test(typed.trim());
  await machine.answerTrust(asked.root, trusts ? 'trusted' : 'refused');
  if (trusts) door.trustWorkspace();
};

type Turn = {
  readonly conversation: Conversation;
  readonly door: Door;
  readonly machine: Machine;
  readonly write: (text: string) => void;
  readonly signal: AbortSignal;
};

const sendLine = async (given: Turn & { readonly text: string }): Promise<void> => {
  const { conversation, door, machine, text, write, signal } = given;
  if (text.trim() === '') return;
  try {
    const { model, mode, options } = await machine.settings;
    await machine.readyModel(model, { say: write, signal });
    if (conversation.session === null) {
      const settings = { model, cwd: machine.cwd, permissionMode: mode };
      await conversation.open(
        (await door.client.createSession({ settings, title: text.slice(0, 80) })).session,
      );
    }
    const before = conversation.view.turns.length;
    const { text: meant, notes } = await door.expand(text, signal);
    for (const note of notes) write(note);
    await door.client.startTurn(conversation.session!, { text: meant, options });
    write('working');
    await shown(given, ({ turns, status }) => turns.length > before || status !== 'idle');
  } catch (error) {
    write(wordsOf(error));
  }
};

/** A program wants to know something: each field is a line, and an empty first word says no. */
const answerFields = async (
  given: Turn & {
    readonly ask: (text: string) => Promise<string | null>;
    readonly session: string;
    readonly asked: ViewApproval;
  },
): Promise<true> => {
  const { door, write, ask, session, asked } = given;
  const { approval, fields = [] } = asked;
  const first = (await ask('Type a to answer, or anything else to say no: ')) ?? '';
  const allows = /^a(?:nswer)?$/i.test(first.trim());
  const values: Record<string, string> = {};
  for (const field of allows ? fields : []) {
    const usual = field.initial === undefined ? '' : `, usually ${field.initial}`;
    let problem: string | null = '';
    while (problem !== null) {
      const typed = await ask(`${field.title} (${field.kind}${usual}): `);
      // The person has gone, and so does the program.
      if (typed === null) return true;
      values[field.name] = typed.trim() || (field.initial ?? '');
      problem = fieldProblem(field, values[field.name] ?? '');
      if (problem !== null) write(problem);
    }
  }
  await door.client.resolveApproval(session, approval, { decision: allows ? 'allow' : 'deny', values });
  await shown(given, ({ approvals }) => approvals[0]?.approval !== approval);
  return true;
};

/** What was sent is in the View: until then the View looks as if it were still to be done. */
const shown = async (given: Turn, holds: (view: View) => boolean): Promise<void> => {
  while (!holds(given.conversation.view) && !given.signal.aborted) await setTimeout(10);
};

/** True when there was a question and it was answered. */
const answerOne = async (
  given: Turn & { readonly ask: (text: string) => Promise<string | null> },
): Promise<boolean> => {
  const { conversation, door, write, ask } = given;
  const asked = conversation.view.approvals[0];
  if (asked === undefined || conversation.session === null) return false;
  write(asked.question);
  if (asked.fields !== undefined)
    return await answerFields({ ...given, session: conversation.session, asked });
  say(write, bodyOf(conversation.view, asked, lineWidth));
  for (const reason of asked.reasons) write(textOf(line(`because ${reason}`)));
  const typed = (await ask('Type a to allow once, or anything else to deny and say why: ')) ?? '';
  const allows = /^a(?:llow)?$/i.test(typed.trim());
  const note = allows || typed.trim() === '' ? {} : { note: typed.trim() };
  await door.client.resolveApproval(conversation.session, asked.approval, {
    decision: allows ? 'allow' : 'deny',
    ...note,
  });
  await shown(given, ({ approvals }) => approvals[0]?.approval !== asked.approval);
  return true;
};
