/** How a piece of text looks, by what it is; a theme says which colours that means. */
export type Style =
  | 'plain'
  | 'dim'
  | 'bold'
  | 'italic'
  | 'heading'
  | 'accent'
  | 'good'
  | 'bad'
  | 'warn'
  | 'code'
  | 'keyword'
  | 'string'
  | 'comment'
  | 'added'
  | 'removed'
  | 'addedWord'
  | 'removedWord'
  | 'selected';

/** Parameters of the terminal's sequence for each style (SGR); empty: as it is. */
export type Theme = Readonly<Record<Style, string>>;

/** The sixteen colours of the terminal's own palette: they fit whatever background the person chose. */
const terminal: Theme = {
  plain: '',
  dim: '2',
  bold: '1',
  italic: '3',
  heading: '1;36',
  accent: '36',
  good: '32',
  bad: '31',
  warn: '33',
  code: '36',
  keyword: '35',
  string: '32',
  comment: '2',
  added: '32',
  removed: '31',
  addedWord: '32;7',
  removedWord: '31;7',
  selected: '7',
};

const dark: Theme = {
  ...terminal,
  heading: '1;38;5;117',
  accent: '38;5;117',
  code: '38;5;180',
  keyword: '38;5;176',
  string: '38;5;150',
  good: '38;5;114',
  bad: '38;5;210',
  warn: '38;5;222',
  added: '38;5;114',
  removed: '38;5;210',
  addedWord: '38;5;231;48;5;28',
  removedWord: '38;5;231;48;5;124',
};

const light: Theme = {
  ...terminal,
  heading: '1;38;5;25',
  accent: '38;5;25',
  code: '38;5;94',
  keyword: '38;5;90',
  string: '38;5;28',
  good: '38;5;28',
  bad: '38;5;124',
  warn: '38;5;94',
  added: '38;5;28',
  removed: '38;5;124',
  addedWord: '38;5;16;48;5;157',
  removedWord: '38;5;16;48;5;217',
};

/** Without colour: weight and reverse video still tell things apart. */
const plain: Theme = {
  plain: '',
  dim: '2',
  bold: '1',
  italic: '3',
  heading: '1',
  accent: '1',
  good: '',
  bad: '1',
  warn: '1',
  code: '',
  keyword: '',
  string: '',
  comment: '2',
  added: '',
  removed: '',
  addedWord: '7',
  removedWord: '7',
  selected: '7',
};

export const themes = { terminal, dark, light, plain } as const;
export type ThemeName = keyof typeof themes;
export const themeNames: readonly ThemeName[] = ['terminal', 'dark', 'light', 'plain'];
