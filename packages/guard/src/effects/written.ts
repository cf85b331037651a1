import type { Command } from '../shell/command.ts';
import { shells } from '../shell/unwrap/shells.ts';
import type { CodeLanguageName, Context } from './describe.ts';
import type { Effect } from './effect.ts';
import { startsShell } from './own-shell.ts';

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

/** Folders that others put things into. */
const shared = /^(?:(?:\/private)?\/(?:tmp|var\/tmp|dev\/shm|var\/folders|[^/]*))?$/;

/** Programs that make programs, or unpack them. */
const makers: ReadonlySet<string> = new Set(
  'gcc cc c99 tcc clang g++ c++ clang++ gfortran nvcc rustc cargo go swiftc swift nim zig bun deno ghc ocamlopt dmd ldc2 gdc crystal v fpc nasm as ld javac kotlinc dotnet make cmake ninja meson bazel pyinstaller pkg git hg unzip tar bsdtar gtar 7z 7za ar cpio gunzip unxz zstd'.split(
    ' ',
  ),
);

/** Programs that move files about and run nothing in them. */
const handling: ReadonlySet<string> = new Set(
  'echo printf cat chmod touch mkdir cd ls cp mv tee head tail wc stat file git docker podman buildah'.split(
    ' ',
  ),
);

type Source = { readonly fetched: boolean; readonly content: string | null };

/** Files that a text writes and then runs: what is in them counts as if it stood in the text. */
export class Written {
  readonly #context: Context;
  readonly #sources = new Map<string, Source>();
  readonly #made = new Set<string>();

  constructor(context: Context) {
    this.#context = context;
  }

  note(effects: readonly Effect[], command: Command): void {
    if (makers.has(command.name ?? '')) this.#noteNamed(command);
    const fetches = effects.some((effect) => effect.type === 'reach' && !effect.local);
    for (const effect of effects) {
      if (effect.type === 'move') {
        this.#made.add(effect.to.path);
        const source = this.#sources.get(effect.from.path);
        if (source !== undefined) this.#sources.set(effect.to.path, source);
      }
      if (effect.type !== 'write') continue;
      this.#sources.set(effect.path.path, { fetched: fetches, content: effect.content ?? null });
      if (command.name !== 'mkdir') this.#made.add(effect.path.path);
    }
  }

  /** `-o /tmp/a`, `--outfile=/tmp/a`, `-d /tmp/folder`. */
  #noteNamed(command: Command): void {
    for (const word of command.args.slice(0, 100)) {
      const text = word.text.replace(/^--?[\w-]+[=:]|^-o(?=[./])/, '');
      if (text.includes('/')) this.#made.add(this.#context.path({ ...word, text }, command).path);
    }
  }

  /** Whether the text itself has put something at this path, or a folder around it. */
  made(path: string): boolean {
    for (let at = path; !shared.test(at); at = at.slice(0, at.lastIndexOf('/')))
      if (this.#made.has(at)) return true;
    return false;
  }

  /** What a command does by running a file that was written before it. */
  runs(command: Command): readonly Effect[] {
    if (this.#sources.size === 0) return [];
    return [...this.#told(command), ...this.#run(command)];
  }

  /** A build, an installation or another program finds a file that tells it to start a shell. */
  #told({ name }: Command): readonly Effect[] {
    if (name === null || handling.has(name)) return [];
    for (const [path, { content }] of this.#sources) {
      if (content === null || !startsShell(content)) continue;
      this.#sources.set(path, { fetched: false, content: null });
      return [{ type: 'spawn', program: name, what: `${name} may start the shell that ${path} names` }];
    }
    return [];
  }

  #run(command: Command): readonly Effect[] {
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
