import { hole } from '../shell/command.ts';

export type SqlToken = {
  /** `word`: a keyword or a bare name, upper case; `name`: a quoted name. */
  readonly type: 'word' | 'name' | 'text' | 'number' | 'sign';
  readonly text: string;
};

/** Statements of SQL as tokens; comments are gone, but what MySQL would run inside `/*! … *\/` stays. */
export const sqlStatements = (text: string): readonly (readonly SqlToken[])[] => {
  const statements: SqlToken[][] = [[]];
  for (const token of tokensOf(text)) {
    if (token.type === 'sign' && token.text === ';') statements.push([]);
    else statements.at(-1)!.push(token);
  }
  return statements.filter((statement) => statement.length > 0);
};

const pattern = new RegExp(
  [
    /(?<skip>\s+|--[^\n]*|#[^\n]*|\/\*(?!!)[\s\S]*?(?:\*\/|$)|\/\*!\d*|\*\/)/,
    /(?<text>[EeNnBbXx]?'(?:''|\\[\s\S]|[^'\\])*(?:'|$))/,
    /(?<dollar>\$(?<tag>\w*)\$[\s\S]*?(?:\$\k<tag>\$|$))/,
    /(?<name>"(?:""|[^"])*(?:"|$)|`(?:``|[^`])*(?:`|$)|\[[^\]\n]*\])/,
    /(?<number>\d+(?:\.\d+)?)/,
    /(?<word>[\p{L}_@\uFFFC][\p{L}\p{N}_$@\uFFFC]*)/u,
    /(?<sign><>|!=|>=|<=|\|\||::|[\s\S])/,
  ]
    .map((part) => part.source)
    .join('|'),
  'gu',
);

const tokensOf = (text: string): readonly SqlToken[] => {
  const tokens: SqlToken[] = [];
  for (const { groups } of text.matchAll(pattern)) {
    if (groups === undefined || groups.skip !== undefined) continue;
    const string = groups.text ?? groups.dollar;
    if (string !== undefined)
      tokens.push({
        type: 'text',
        text: string.replace(/^[a-z]?'|'$/gi, '').replace(/^\$\w*\$|\$\w*\$$/g, ''),
      });
    else if (groups.name !== undefined) tokens.push({ type: 'name', text: groups.name.slice(1, -1) });
    else if (groups.number !== undefined) tokens.push({ type: 'number', text: groups.number });
    else if (groups.word !== undefined)
      tokens.push({ type: 'word', text: groups.word.includes(hole) ? hole : groups.word.toUpperCase() });
    else tokens.push({ type: 'sign', text: groups.sign ?? '' });
  }
  return tokens;
};
