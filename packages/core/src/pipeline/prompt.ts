import type { Language, Message } from '../ports.ts';
import { gist } from './failure.ts';
import { failingTests } from './localise.ts';
import { readText } from './read-text.ts';
import type { PipelineRun, Region } from './state.ts';

/** Characters: 1,000 tokens cost a small machine 10 to 25 seconds, so the model sees the place, not the workspace. */
const maxFileText = 6000;
const maxTestText = 1800;
const maxFailureText = 700;
const maxRequest = 4000;
const maxInstructions = 800;
const maxHead = 3000;
/** A file up to here is asked for whole where no symbol is singled out. */
const wholeFileLines = 150;

const system =
  'You are an expert programmer. You answer with complete, correct code in one fenced block and nothing else.';

const fenceNames: Readonly<Record<Language, string>> = {
  javascript: 'javascript',
  typescript: 'typescript',
  tsx: 'tsx',
  python: 'python',
  other: '',
};

/** `part`: one place of a change to several. */
export type PromptKind = 'direct' | 'rewrite' | 'again' | 'repair' | 'part';

export type Prompt = {
  readonly messages: readonly Message[];
  /** The answer is made to begin with this, so that no word is spent before the code. */
  readonly prefill: string;
  readonly stop: readonly string[];
};

/** Stable text first (system, file, tests), what differs between attempts last: the KV state of the prefix is reused. */
export const buildPrompt = async (
  run: PipelineRun,
  input: {
    readonly region: Region;
    readonly kind: PromptKind;
    readonly tests: string;
    readonly attempt?: { readonly code: string; readonly output: string };
    readonly notes?: string;
  },
): Promise<Prompt> => {
  const { region } = input;
  const fence = fenceNames[run.context.code.languageOf(region.path)];
  const rewritten = input.kind === 'rewrite' ? await withoutBody(run, region) : null;
  const parts = [
    instructionText(run),
    region.isNew ? '' : `File \`${region.path}\`:\n\`\`\`${fence}\n${view(region, rewritten)}\n\`\`\``,
    input.tests === '' ? '' : `Test:\n\`\`\`\n${input.tests}\n\`\`\``,
    `Task: ${run.context.request.trim().slice(0, maxRequest)}`,
    input.notes ?? '',
    missingText(run),
    failureText(run, input),
    ask({ region, kind: input.kind, fence }),
  ];
  return {
    messages: [
      { role: 'system', text: system },
      { role: 'user', text: parts.filter((part) => part !== '').join('\n\n') },
    ],
    prefill: `\`\`\`${fence}\n${await headOf(run, input)}`,
    stop: ['\n```'],
  };
};

const instructionText = (run: PipelineRun): string => {
  const text = run.context.instructions
    .map((one) => one.text.trim())
    .join('\n')
    .slice(0, maxInstructions);
  return text === '' ? '' : `Rules of this project:\n${text}`;
};

const missingText = ({ missing }: PipelineRun): string =>
  missing.size === 0
    ? ''
    : `Not installed here: ${[...missing].map((module) => `\`${module}\``).join(', ')}. Do without.`;

const withoutBody = async (run: PipelineRun, region: Region): Promise<string | null> =>
  region.symbol === null
    ? null
    : run.context.code.withoutBody(region.path, region.text, region.symbol.qualified);

/** The whole file when it is short, else its head, the signatures around and the symbol itself. */
const view = (region: Region, rewritten: string | null): string => {
  const text = rewritten ?? region.text;
  if (text.length <= maxFileText && text.split('\n').length <= wholeFileLines) return text.trimEnd();
  if (region.symbol === null) return `${text.slice(0, maxFileText)}\n`;
  const head = region.text
    .split('\n')
    .slice(0, 40)
    .filter((line) => /^(import|from|const .*require\(|export \{|use )/.test(line))
    .join('\n')
    .slice(0, 800);
  const parent = region.symbol.qualified.includes('.')
    ? `# in class ${region.symbol.qualified.split('.')[0]}\n`
    : '';
  // After the body is taken out, offsets before the symbol still hold; the end is where the texts agree again.
  const end =
    rewritten === null ? region.symbol.end : region.symbol.end + (rewritten.length - region.text.length);
  const lineStart = text.lastIndexOf('\n', region.symbol.docStart - 1) + 1;
  return `${head}\n\n${parent}${text.slice(lineStart, end).slice(0, maxFileText)}`.trim();
};

const failureText = (
  run: PipelineRun,
  input: { readonly kind: PromptKind; readonly attempt?: { readonly code: string; readonly output: string } },
): string => {
  if (input.kind === 'repair' && input.attempt !== undefined)
    return `This answer was tried:\n\`\`\`\n${input.attempt.code.slice(0, maxFileText)}\n\`\`\`\nIt fails:\n${gist(input.attempt.output, maxFailureText)}`;
  if (input.kind === 'rewrite' || run.baseline.passed) return '';
  return `The test fails now:\n${gist(run.baseline.output, maxFailureText)}`;
};

const ask = (input: {
  readonly region: Region;
  readonly kind: PromptKind;
  readonly fence: string;
}): string => {
  const { region, kind } = input;
  const what = wantsWholeFile(region)
    ? `the complete file \`${region.path}\``
    : `the complete new version of \`${region.symbol?.qualified}\``;
  if (region.isNew) return `Write ${what}.`;
  if (region.adds !== undefined)
    return `Write only what is to be added to \`${region.path}\`: ${region.adds.map((name) => `\`${name}\``).join(', ')}. Do not repeat what is there.`;
  if (kind === 'rewrite')
    return `Write ${what} so that it does exactly what is specified. Check every example.`;
  if (kind === 'again')
    return `The code above is wrong as it stands: do not repeat it. Find the wrong expression and write ${what}, corrected.`;
  if (region.stub) return `Write ${what}. Keep names and parameters. Check every example.`;
  if (kind === 'part') return `Do the part of the task that belongs here: write ${what}.`;
  return `Write ${what}, corrected. Keep names and parameters.`;
};

/** A whole symbol is fewer tokens than its file, and what is not written cannot be broken. */
export const wantsWholeFile = (region: Region): boolean => region.symbol === null;

/** Words of a request that the head of a function may have to change for. */
const aboutTheHead =
  /\brename|\basync\b|\b(add|new|extra|remove|drop|change|accept|optional|support|take)\b[^.\n]{0,50}\b(param(eter)?s?|arguments?|options?|flags?|signature|keyword)\b/i;

/** Head and docstring of the function, given so that no token is spent on repeating them and no name is lost. */
const headOf = async (
  run: PipelineRun,
  input: { readonly region: Region; readonly kind: PromptKind },
): Promise<string> => {
  const { region } = input;
  if (region.symbol === null || region.symbol.kind === 'class' || !run.uses('head')) return '';
  if (input.kind === 'part' && !region.stub) return '';
  if (input.kind !== 'rewrite' && !region.stub && aboutTheHead.test(run.context.request)) return '';
  const emptied = await withoutBody(run, region);
  if (emptied === null) return '';
  const lineStart = emptied.lastIndexOf('\n', region.symbol.start - 1) + 1;
  const text = emptied.slice(lineStart);
  const filler = text.search(/\n[ \t]*(raise NotImplementedError|pass\b|\/\/ TODO)/);
  return filler < 0 || filler > maxHead ? '' : text.slice(0, filler + 1);
};

/** The failing test, or the part of it around the failing line. */
export const testText = async (run: PipelineRun, region?: Region): Promise<string> => {
  if (run.baseline.command === null) return '';
  for (const path of await failingTests(run)) {
    const text = (await readText(run.scratch, path)) ?? '';
    if (text.trim() === '') continue;
    if (text.length <= maxTestText) return text.trim();
    // Who writes from nothing learns most from how the tests begin: what is imported and how it is called.
    if (region?.stub === true) return `${text.slice(0, maxTestText)}\n...`;
    const line = failingLine(run, path);
    const lines = text.split('\n');
    if (line !== null) return excerpt(lines, line);
  }
  return '';
};

const failingLine = (run: PipelineRun, path: string): number | null => {
  const name = path.split('/').at(-1) ?? path;
  const match = run.baseline.output.match(
    new RegExp(`${name.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}"?(?::|, line )(\\d+)`),
  );
  return match === null ? null : Number(match[1]);
};

const excerpt = (lines: readonly string[], line: number): string => {
  const from = Math.max(0, line - 14);
  return lines
    .slice(from, line + 6)
    .join('\n')
    .slice(0, maxTestText)
    .trim();
};

/** The code of an answer that was begun inside a fence, or of one that brought its own. */
export const codeOf = (answer: string): string => {
  const text = answer.replace(/\r\n/g, '\n');
  const fences = text.match(/^```.*$/gm) ?? [];
  // An odd number whose first is bare closes a fence that was opened for the model.
  if (fences.length % 2 === 1 && fences[0] === '```') return text.slice(0, text.search(/^```$/m)).trimEnd();
  const blocks = [...text.matchAll(/```[^\n`]*\n([\s\S]*?)(?:\n```|$)/g)].map((match) => match[1] ?? '');
  if (blocks.length === 0) return text.trim();
  return blocks
    .reduce((longest, block) => (block.length > longest.length ? block : longest), '')
    .replace(/^```[^\n`]*\n/, '') // opened by the model too
    .replace(/\s+$/, '');
};
