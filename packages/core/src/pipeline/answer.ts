import { addUsage, noUsage } from '@tandem/protocol';
import type { CodeSymbol } from '../ports.ts';
import { namesInRequest } from './intent.ts';
import type { PipelineContext, PipelineOutcome } from './pipeline.ts';
import { readText } from './read-text.ts';
import { isSource } from './test-files.ts';

const maxExcerpts = 4;
const maxExcerptLines = 45;
const maxFilesRead = 1500;

type Excerpt = { readonly path: string; readonly from: number; readonly to: number; readonly text: string };

const system =
  'You answer questions about code, briefly and only from the excerpts given. Name the file and line of what you rely on, like `src/a.ts:12`. If the excerpts do not say, say so.';

/** An answer from the code, with file and line. Nothing is run and nothing is changed. */
export const answerQuestion = async (context: PipelineContext): Promise<PipelineOutcome> => {
  context.progress('looking for the code in question');
  const excerpts = await findExcerpts(context);
  const history = context.history
    .slice(-2)
    .map((one) => `Before: ${one.request}\n${one.answer}`.slice(0, 800));
  const shown = excerpts.map((one) => `${one.path}:${one.from}-${one.to}\n\`\`\`\n${numbered(one)}\n\`\`\``);
  const text = [...shown, ...history, `Question: ${context.request}`].join('\n\n');
  await context.record({
    type: 'step.started',
    data: { step: context.ids.next('stp'), model: context.model.id, results: [] },
  });
  const generated = await context.model.generate(
    {
      messages: [
        { role: 'system', text: system },
        { role: 'user', text },
      ],
      maxTokens: 500,
      temperature: 0,
    },
    { signal: context.signal, onText: context.say },
  );
  const places = excerpts.map((one) => `${one.path}:${one.from}`);
  const cited = places.some((place) => generated.text.includes(place.split(':')[0] ?? place));
  const sources = places.length === 0 ? '' : `\n\n${cited ? 'Read' : 'From'}: ${places.join(', ')}`;
  if (sources !== '') context.say(sources);
  return {
    type: 'answered',
    answer: generated.text.trim() + sources,
    files: [],
    diff: '',
    verify: null,
    usage: addUsage(noUsage, generated.usage),
  };
};

const numbered = (excerpt: Excerpt): string =>
  excerpt.text
    .split('\n')
    .map((line, index) => `${excerpt.from + index} ${line}`)
    .join('\n');

const findExcerpts = async (context: PipelineContext): Promise<readonly Excerpt[]> => {
  const all = await context.workspace.list();
  const { quoted, plain } = namesInRequest(context.request);
  const names = [...new Set([...quoted, ...plain])];
  const named = all.filter((path) => names.some((name) => path === name || path.endsWith(`/${name}`)));
  const files: { path: string; text: string }[] = [];
  for (const path of [...new Set([...named, ...all.filter(isSource)])].slice(0, maxFilesRead)) {
    const text = await readText(context.workspace, path);
    if (text !== null) files.push({ path, text });
  }
  const query = names.flatMap((name) => [name, ...name.split('.')]);
  const ranked = (await context.code.rank({ files, query, limit: 6 })).map((one) => one.path);
  const order = [
    ...new Set([
      ...named,
      ...ranked,
      ...files.map((file) => file.path).filter((path) => /readme/i.test(path)),
    ]),
  ];
  const excerpts: Excerpt[] = [];
  for (const path of order.slice(0, 6)) {
    const text = files.find((file) => file.path === path)?.text;
    if (text !== undefined)
      excerpts.push(...excerptsOf({ path, text, names, symbols: await context.code.symbols(path, text) }));
  }
  return excerpts.sort((a, b) => matches(b, names) - matches(a, names)).slice(0, maxExcerpts);
};

const matches = (excerpt: Excerpt, names: readonly string[]): number =>
  names.filter((name) => excerpt.text.includes(name)).length;

const excerptsOf = (input: {
  readonly path: string;
  readonly text: string;
  readonly names: readonly string[];
  readonly symbols: readonly CodeSymbol[];
}): readonly Excerpt[] => {
  const lines = input.text.split('\n');
  const hit = input.symbols.filter(
    (symbol) => input.names.includes(symbol.name) || input.names.includes(symbol.qualified),
  );
  const ranges =
    hit.length > 0
      ? hit.map((symbol) => ({ from: symbol.startLine, to: symbol.endLine }))
      : [{ from: 1, to: maxExcerptLines }];
  return ranges.slice(0, 2).map(({ from, to }) => {
    const last = Math.min(to, from + maxExcerptLines - 1, lines.length);
    return { path: input.path, from, to: last, text: lines.slice(from - 1, last).join('\n') };
  });
};
