import { Fragment } from 'react';

/** What a model said: paragraphs as they are, and fenced code apart. Text all of it, whatever it looks like. */
export const Words = ({ text }: { readonly text: string }) => {
  const pieces = text.split(/^```[^\n]*$/m);
  return (
    <div className="words">
      {pieces.map((piece, index) => {
        const trimmed = piece.replace(/^\n|\n$/g, '');
        // Every second piece lies between fences; pieces have no other name than their place.
        const key = `${index}`;
        if (trimmed.trim() === '') return <Fragment key={key} />;
        return index % 2 === 1 ? (
          <Output key={key} text={trimmed} label="Code" />
        ) : (
          <p key={key}>{trimmed.trim()}</p>
        );
      })}
    </div>
  );
};

/** The end of it: a page that draws a megabyte of output scrolls nowhere. */
const mostCharacters = 20_000;

export const Output = ({ text, label }: { readonly text: string; readonly label: string }) => {
  const cut = text.length - mostCharacters;
  return (
    // It scrolls by itself, so it must be reached by keyboard.
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls
    <section className="output" aria-label={label} tabIndex={0}>
      <pre>
        {cut > 0 ? `… ${cut} characters before this\n` : ''}
        {cut > 0 ? text.slice(cut) : text}
      </pre>
    </section>
  );
};
