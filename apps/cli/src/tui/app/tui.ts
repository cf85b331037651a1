/**
 * The terminal screen's root: holds the one changing value, hands input to `press`, and what that asks for to actions.
 * What a key does, how something looks and how an action works may not go in here.
 */
import type { ReadStream, WriteStream } from 'node:tty';
import { edit } from '../editor/editor.ts';
import { type Device, openDevice } from '../terminal/device.ts';
import type { Input } from '../terminal/keys.ts';
import { themes } from '../text/style.ts';
import * as actions from './actions.ts';
import { Conversation } from './conversation.ts';
import { readHistory } from './history-file.ts';
import { bindingsOf, keymapOf } from './keymap.ts';
import type { Door, Machine } from './machine.ts';
import { diffPager, Pager, pagerOf, transcriptPager } from './pager.ts';
import { perform } from './perform.ts';
import { press } from './press.ts';
import { runCommand } from './run-command.ts';
import { type Ask, isBusy, newScreen, type Screen } from './screen.ts';
import { ShellLines } from './shell-lines.ts';
import { Stage } from './stage.ts';
import { themeOf } from './theme-of.ts';
import { askTrust } from './trust.ts';

export type Streams = { readonly input: ReadStream; readonly output: WriteStream };

/** Frames of what the engine does; what the person does is drawn at once. */
const frameMs = 33;
const tickMs = 100;

/** Opens the screen and resolves, with the session's id, when the person leaves it or the signal aborts. */
export const runTerminal = async (
  machine: Machine,
  streams: Streams,
  signal: AbortSignal,
): Promise<string | null> => {
  const tui = new Tui(machine, streams);
  const quit = (): void => tui.quit();
  signal.addEventListener('abort', quit, { once: true });
  process.on('uncaughtExceptionMonitor', quit);
  try {
    if (signal.aborted) quit();
    else tui.start();
    return await tui.ended;
  } finally {
    signal.removeEventListener('abort', quit);
    process.off('uncaughtExceptionMonitor', quit);
  }
};

class Tui {
  readonly ended: Promise<string | null>;
  readonly #machine: Machine;
  readonly #device: Device;
  readonly #stage: Stage;
  readonly #whole = new AbortController();
  readonly #hands: actions.Hands;
  #screen: Screen;
  #pager: Pager | null = null;
  #stopping = new AbortController();
  #door: Promise<Door> | null = null;
  #conversation: Promise<Conversation> | null = null;
  #timer: NodeJS.Timeout | undefined;
  #ticking: NodeJS.Timeout | undefined;
  #sending: Promise<void> = Promise.resolve();
  #isOver = false;
  #end: (session: string | null) => void = () => {};
  #fail: (error: unknown) => void = () => {};

  constructor(machine: Machine, streams: Streams) {
    this.#machine = machine;
    this.ended = new Promise((resolve, reject) => {
      this.#end = resolve;
      this.#fail = reject;
    });
    this.#device = openDevice(streams, {
      input: (inputs) => this.#input(inputs),
      resize: () => this.#redraw(),
    });
    this.#stage = new Stage(this.#device);
    this.#hands = {
      machine,
      door: this.#openDoor,
      conversation: this.#openConversation,
      screen: () => this.#screen,
      change: (change) => this.#change(change),
      open: (session) => this.#open(session),
      goTo: (cwd) => this.#goTo(cwd),
      page: (title, of) => {
        this.#pager = pagerOf(title, of);
        this.#paint();
      },
      shells: new ShellLines(this.#whole.signal),
      lend: (work) => this.#lent(() => this.#device.lend(work)),
      suspend: () => this.#lent(() => this.#device.suspend()),
      stop: () => AbortSignal.any([this.#stopping.signal, this.#whole.signal]),
    };
    this.#screen = newScreen({
      size: this.#device.size(),
      settings: { model: '…', mode: 'default' },
      place: {
        ...{ cwd: machine.cwd, branch: null, sandbox: '…', version: machine.version },
        host: machine.elsewhere?.name ?? null,
      },
      theme: themeOf(machine.environment),
      history: readHistory(machine.historyFile),
    });
  }

  /** The first frame needs nothing but this process; what needs the engine comes after it. */
  start(): void {
    if (this.#machine.open === null) this.#paint();
    const signal = this.#whole.signal;
    setImmediate(() => {
      // Without settings or a door there is nothing to do here: the refusal is the command's outcome.
      void this.#opened().catch((error: unknown) => this.quit(error));
      void this.#goTo(this.#machine.cwd);
      void this.#machine.commands().then(
        (added) => this.#change((screen) => ({ ...screen, added })),
        () => {},
      );
      void this.#machine.findings(signal).then(
        (findings) => this.#change((screen) => ({ ...screen, findings })),
        () => {},
      );
    });
  }

  quit(error?: unknown): void {
    if (this.#isOver) return;
    this.#isOver = true;
    clearTimeout(this.#timer);
    clearInterval(this.#ticking);
    this.#whole.abort();
    this.#stopping.abort();
    if (this.#pager !== null) this.#device.write(Pager.close);
    this.#stage.end();
    this.#device.close();
    void this.#close().then(
      (session) => (error === undefined ? this.#end(session) : this.#fail(error)),
      this.#fail,
    );
  }

  async #close(): Promise<string | null> {
    const conversation = await this.#conversation?.catch(() => null);
    conversation?.close();
    await (await this.#door)?.close();
    return conversation?.session ?? null;
  }

  async #opened(): Promise<void> {
    const { open, prompt } = this.#machine;
    const { model, mode, sandbox } = await this.#machine.settings;
    const bindings = bindingsOf(await this.#machine.keys());
    this.#change((screen) => ({ ...screen, bindings, keys: keymapOf(bindings) }));
    this.#change((screen) => ({ ...screen, settings: { model, mode }, place: { ...screen.place, sandbox } }));
    if (open !== null) {
      try {
        const { client } = await this.#openDoor();
        await this.#open((await open(client)).id);
      } finally {
        this.#paint();
      }
    } else await this.#openConversation();
    const confined = (await this.#openDoor()).sandbox;
    const said = confined === null ? 'off' : `${confined.profile} (${confined.level})`;
    this.#change((screen) => ({ ...screen, place: { ...screen.place, sandbox: said } }));
    const isAsked = await askTrust(this.#hands);
    if (prompt !== null && isAsked)
      this.#change((screen) => ({ ...screen, editor: edit(screen.editor, { type: 'set', text: prompt }) }));
    else if (prompt !== null) this.#ask({ type: 'send', text: prompt });
  }

  readonly #openDoor = (): Promise<Door> => {
    this.#door ??= this.#machine.door();
    return this.#door;
  };

  readonly #openConversation = (): Promise<Conversation> => {
    this.#conversation ??= this.#openDoor().then(
      ({ client }) =>
        new Conversation(client, {
          changed: (view) => this.#follow(view),
          failed: (error) => this.#say(error),
        }),
    );
    return this.#conversation;
  };

  async #open(session: string | null): Promise<void> {
    const conversation = await this.#openConversation();
    if (session !== null) await (await this.#openDoor()).client.recover(session);
    await conversation.open(session);
    this.#screen = { ...this.#screen, view: conversation.view, panel: null };
    this.#redraw();
    const cwd = conversation.view.settings?.cwd ?? this.#screen.place.cwd;
    if (cwd !== this.#screen.place.cwd) await this.#goTo(cwd);
  }

  async #goTo(cwd: string): Promise<void> {
    const files = cwd === this.#screen.place.cwd ? this.#screen.files : null;
    this.#change((screen) => ({ ...screen, files, place: { ...screen.place, cwd, branch: null } }));
    const branch = await this.#machine.branch(this.#whole.signal, cwd).catch(() => null);
    if (this.#screen.place.cwd === cwd)
      this.#change((screen) => ({ ...screen, place: { ...screen.place, branch } }));
  }

  #input(inputs: readonly Input[]): void {
    for (const input of inputs) {
      if (this.#isOver) return;
      if (this.#pager !== null) {
        if (!this.#pager.press(input, this.#device.size())) this.#closePager();
        continue;
      }
      const { screen, asks } = press(this.#screen, input);
      this.#screen = screen;
      for (const ask of asks) this.#ask(ask);
    }
    this.#paint();
  }

  #ask(ask: Ask): void {
    if (ask.type === 'quit') this.quit();
    else if (ask.type === 'redraw') this.#redraw();
    else if (ask.type === 'page') this.#page(ask.what);
    else if (ask.type === 'run') this.#run(ask.command, ask.words);
    else if (ask.type === 'send') {
      // One after the other: a session is made once, and prompts keep their order.
      this.#sending = this.#sending.then(() => this.#try(() => actions.send(this.#hands, ask.text)));
    } else {
      if (ask.type === 'interrupt') {
        this.#stopping.abort();
        this.#stopping = new AbortController();
      }
      void this.#try(() => perform(this.#hands, ask));
    }
  }

  #run(command: string, words: string): void {
    const done = runCommand(this.#screen, command, words);
    if (done === null) {
      void this.#try(() => actions.run(this.#hands, command, words));
      return;
    }
    this.#screen = done.screen;
    for (const ask of done.asks) this.#ask(ask);
  }

  async #lent<T>(work: () => Promise<T>): Promise<T> {
    this.#stage.end();
    try {
      return await work();
    } finally {
      this.#redraw();
    }
  }

  async #try(work: () => Promise<unknown>): Promise<void> {
    try {
      await work();
    } catch (error) {
      this.#say(error);
    }
  }

  #say(error: unknown): void {
    this.#change((screen) => ({ ...screen, notice: { text: actions.wordsOf(error), bad: true } }));
  }

  #change(change: (screen: Screen) => Screen): void {
    this.#screen = change(this.#screen);
    this.#paintSoon();
  }

  /** A view of the session: going back or forth moves what was written, so everything is drawn anew. */
  #follow(view: Screen['view']): void {
    const moved = view.rewinds !== this.#screen.view.rewinds && view.rewinds.length > 0;
    const begins = view.status === 'running' && this.#screen.view.status !== 'running';
    this.#screen = { ...this.#screen, view, tick: begins ? 0 : this.#screen.tick };
    if (moved) this.#redraw();
    else this.#paintSoon();
  }

  #paintSoon(): void {
    if (this.#isOver) return;
    this.#timer ??= setTimeout(() => this.#paint(), frameMs);
  }

  #paint(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.#isOver) return;
    this.#tick();
    if (this.#pager === null) this.#stage.paint(this.#screen);
    else this.#device.write(this.#pager.draw(this.#device.size(), themes[this.#screen.theme]));
  }

  #redraw(): void {
    if (this.#isOver) return;
    this.#screen = { ...this.#screen, size: this.#device.size() };
    if (this.#pager === null) this.#stage.repaint(this.#screen);
    else this.#paint();
  }

  #tick(): void {
    const works =
      isBusy(this.#screen) || this.#screen.running.shell !== null || this.#screen.running.work !== null;
    if (works && this.#ticking === undefined) {
      this.#ticking = setInterval(() => {
        this.#screen = { ...this.#screen, tick: this.#screen.tick + 1 };
        this.#paint();
      }, tickMs);
    } else if (!works) {
      clearInterval(this.#ticking);
      this.#ticking = undefined;
    }
  }

  #page(what: 'transcript' | 'diff'): void {
    this.#pager = what === 'diff' ? diffPager(this.#screen.view) : transcriptPager(this.#screen.view);
    if (this.#pager === null)
      this.#change((screen) => ({ ...screen, notice: { text: 'no turn changed a file yet', bad: false } }));
  }

  #closePager(): void {
    this.#pager = null;
    this.#device.write(Pager.close);
    this.#redraw();
  }
}
