import { commandsIn } from './commands.ts';
import { conventionsIn } from './conventions.ts';
import { firstSentence, layoutOf } from './layout.ts';
import { inCode, inLine, type Source, tableAt, tableIn } from './source.ts';

/** Instructions for agents, from what the files say and nothing else: no model is asked, nothing is run. */
export const draftInstructions = async (source: Source): Promise<string> => {
  const [about, commands, layout, conventions] = await Promise.all([
    aboutIn(source),
    commandsIn(source),
    layoutOf(source),
    conventionsIn(source),
  ]);
  const parts = [
    [`# ${about.name}`, ...(about.description === '' ? [] : ['', about.description])],
    commands.length === 0
      ? []
      : [
          '## Commands',
          '',
          '| Command | Does |',
          '|---|---|',
          ...commands.map(({ line, does }) => `| ${inCode(line)} | ${does} |`),
        ],
    layout.length === 0
      ? []
      : [
          '## Layout',
          '',
          '| Folder | Holds |',
          '|---|---|',
          ...layout.map(({ path, holds }) => `| ${inCode(path)} | ${holds} |`),
        ],
    conventions.length === 0 ? [] : ['## Conventions', '', ...conventions.map((one) => `- ${one}`)],
    readFirst(source.files),
  ];
  return `${parts
    .filter((part) => part.length > 0)
    .map((part) => part.join('\n'))
    .join('\n\n')}\n`;
};

const aboutIn = async (source: Source): Promise<{ readonly name: string; readonly description: string }> => {
  const [node, python, cargo, readme] = await Promise.all([
    tableIn(source, 'package.json'),
    tableIn(source, 'pyproject.toml'),
    tableIn(source, 'Cargo.toml'),
    source.read('README.md'),
  ]);
  const tables = [
    node,
    tableAt(python, 'project'),
    tableAt(python, 'tool', 'poetry'),
    tableAt(cargo, 'package'),
  ];
  const said = (what: 'name' | 'description'): string =>
    tables.map((table) => inLine(table[what])).find((text) => text !== '') ?? '';
  return {
    name: said('name') || inLine(source.name),
    description: said('description') || (readme === null ? '' : firstSentence(readme)),
  };
};

const guides: readonly (readonly [file: RegExp, said: string])[] = [
  [/^CONTRIBUTING(?:\.\w+)?$/i, 'how changes are made'],
  [/^docs\/ARCHITECTURE\.md$|^ARCHITECTURE\.md$/i, 'how it is built'],
  [/^README(?:\.\w+)?$/i, 'what it is for'],
  [
    /^(?:CLAUDE|GEMINI)\.md$|^\.cursorrules$|^\.github\/copilot-instructions\.md$/,
    'rules for other assistants; they hold for you too',
  ],
];

const readFirst = (files: readonly string[]): readonly string[] => {
  const found = guides.flatMap(([pattern, said]) =>
    files.filter((file) => pattern.test(file)).map((file) => `- ${inCode(file)}: ${said}`),
  );
  return found.length === 0 ? [] : ['## Read first', '', ...found];
};
