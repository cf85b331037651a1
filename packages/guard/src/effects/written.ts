import type { Command } from '../shell/command.ts';
import { shells } from '../shell/unwrap/shells.ts';
import type { CodeLanguageName, Context } from './describe.ts';
import type { Effect } from './effect.ts';

const languages: Readonly<Record<string, CodeLanguageName>> = {
  python: 'python',
  python3: 'python',
  python2: 'python',
  node: 'node',
  nodejs: 'node',
  perl: 'perl',
  ruby: 'ruby',
  php: 'php',
};

const languageOf = (name: string): CodeLanguageName | undefined =>
  Object.hasOwn(languages, name) ? languages[name] : undefined;

type Source = { readonly fetched: boolean; readonly content: string | null };

/** Files that a text writes and then runs: what is in them counts as if it stood in the text. */
export class Written {
  readonly #context: Context;
  readonly #sources = new Map<string, Source>();

  constructor(context: Context) {
    this.#context = context;
  }

  note(effects: readonly Effect[]): void {
    const fetches = effects.some((effect) => effect.type === 'reach' && !effect.local);
    for (const effect of effects) {
      if (effect.type === 'move') {
        const source = this.#sources.get(effect.from.path);
        if (source !== undefined) this.#sources.set(effect.to.path, source);
      }
      if (effect.type !== 'write' || this.#sources.size > 100) continue;
      this.#sources.set(effect.path.path, { fetched: fetches, content: effect.content ?? null });
    }
  }

  /** What a command does by running a file that was written before it. */
  runs(command: Command): readonly Effect[] {
    if (this.#sources.size === 0) return [];
    const language = languageOf(command.name ?? '');
    const reads = shells.has(command.name ?? '') || command.name === 'source' || command.name === '.';
    const word =
      reads || language !== undefined ? command.args.find((one) => !/^[-+]/.test(one.text)) : command.program;
    if (word === undefined || !(reads || language !== undefined || word.text.includes('/'))) return [];
    const source = this.#sources.get(this.#context.path(word, command).path);
    if (source === undefined) return [];
    if (source.fetched) {
      return [
        {
          type: 'run',
          program: word.text,
          origin: 'fetched',
          what: `runs ${word.text}, which was just fetched`,
        },
      ];
    }
    if (source.content === null) return [];
    const text = { text: source.content, known: true, glob: false, quoted: true };
    return this.#context.code(language ?? shebang(source.content), text, command);
  }
}

const shebang = (content: string): CodeLanguageName => {
  const name = /^#!.*?(python|node|perl|ruby|php)/.exec(content)?.[1];
  return languageOf(name ?? '') ?? 'shell';
};
