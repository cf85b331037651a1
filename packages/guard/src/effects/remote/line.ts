import type { Word } from '../../shell/command.ts';

/** One option as given; `--` and what follows it are operands. */
export type Flag = {
  /** With its dashes, without its value: `--force`, `-f`. */
  readonly name: string;
  /** Null where none was given or where it cannot be told. */
  readonly value: Word | null;
};

/** A command line taken apart without knowing the program. */
export type Line = {
  /** Words that are neither options nor, by the best guess, values of options. */
  readonly operands: readonly Word[];
  /** The same with every value that follows an option which is not known to take one. */
  readonly wide: readonly Word[];
  readonly flags: readonly Flag[];
  /** What follows `--`. */
  readonly after: readonly Word[];
};

/** Options by what is known of them, names with dashes. */
export type FlagKnowledge = {
  readonly valued: ReadonlySet<string>;
  readonly plain: ReadonlySet<string>;
  /** Single letters may be written together, the last with its value behind it: `-Atc 'select 1'`, `-uroot`. */
  readonly bundled?: boolean;
};

/** Cuts arguments into operands and options. An unknown option before a word may or may not take it: see `wide`. */
export const readLine = (given: readonly Word[], knowledge: FlagKnowledge): Line => {
  const args = knowledge.bundled === true ? given.flatMap((word) => unbundle(word, knowledge)) : given;
  const operands: Word[] = [];
  const wide: Word[] = [];
  const flags: Flag[] = [];
  for (let index = 0; index < args.length; index += 1) {
    const word = args[index]!;
    if (word.text === '--') return { operands, wide, flags, after: args.slice(index + 1) };
    if (!isFlag(word)) {
      operands.push(word);
      wide.push(word);
      continue;
    }
    const next = args[index + 1];
    const flag = readFlag(word, next, knowledge);
    flags.push(flag);
    if (flag.value === null || flag.value !== next) continue;
    index += 1;
    if (!knowledge.valued.has(flag.name) && !commonValued.has(flag.name)) wide.push(next);
  }
  return { operands, wide, flags, after: [] };
};

const isFlag = (word: Word): boolean => /^-{1,2}[A-Za-z?]/.test(word.text);

const readFlag = (word: Word, next: Word | undefined, knowledge: FlagKnowledge): Flag => {
  const equals = word.text.indexOf('=');
  if (equals > 0)
    return { name: word.text.slice(0, equals), value: { ...word, text: word.text.slice(equals + 1) } };
  const name = word.text;
  const takesNone =
    !knowledge.valued.has(name) &&
    (knowledge.plain.has(name) || commonPlain.has(name) || name.startsWith('--no-'));
  if (takesNone || next === undefined || next.text === '--' || isFlag(next)) return { name, value: null };
  return { name, value: next };
};

/** Options that take a value in nearly every tool. */
const commonValued = new Set(
  `--filter --query --output --format --profile --region --zone --namespace --name --type --context --config --sort --sort-by
   --limit --project --account --env --environment --org --organization --cluster --host --port --user --username --token --url --file
   --server --endpoint --message --title --description --label --tag --id -o -n -p -u -c -m --team --app --workspace --kubeconfig`.split(
    /\s+/,
  ),
);

/** Options that take no value in nearly every tool. */
const commonPlain = new Set(
  `--force --yes --assume-yes --auto-approve --quiet --verbose --debug --json --all --recursive --dry-run --dryrun --help
   --version --interactive --wait --no-wait --watch --follow --insecure --silent --purge --delete --cascade --confirm
   --skip-confirmation --non-interactive --noninteractive -y -f -r -R -rf -fr -a -A -q -v -vv -vvv -i --plain --raw --no-color
   --global --prune --overwrite --ignore-not-found --detach --parallel --latest --table --yaml --csv --trace`
    .split(/\s+/)
    .map((name) => name.trim()),
);

const unbundle = (word: Word, knowledge: FlagKnowledge): readonly Word[] => {
  if (!/^-[A-Za-z]./s.test(word.text)) return [word];
  const letters = word.text.slice(1);
  for (const [index, letter] of [...letters].entries()) {
    if (!knowledge.valued.has(`-${letter}`)) {
      if (/[A-Za-z]/.test(letter)) continue;
      return [word];
    }
    const flag = { ...word, text: `-${letter}` };
    const value = letters.slice(index + 1);
    return value === '' ? [flag] : [flag, { ...word, text: value }];
  }
  return [word];
};
