import { memo, useMemo, useState } from 'react';
import { type DiffFile, type DiffLine, parseDiff } from './parse.ts';

/** Past these a file is folded until somebody asks for it, and a file is cut: a phone has to draw it. */
const openLines = 400;
const mostLines = 5_000;

/** A change, file by file. */
export const Diff = memo(function Diff({ text }: { readonly text: string }) {
  const files = useMemo(() => parseDiff(text), [text]);
  const isShort = files.reduce((sum, { lines }) => sum + lines.length, 0) <= openLines;
  if (files.length === 0) return <p className="quiet">No lines differ.</p>;
  return (
    <div className="diff">
      {files.map((file) => (
        <FileDiff key={file.key} file={file} startsOpen={isShort} />
      ))}
    </div>
  );
});

const FileDiff = ({ file, startsOpen }: { readonly file: DiffFile; readonly startsOpen: boolean }) => {
  const [isOpen, setIsOpen] = useState(startsOpen);
  return (
    <details open={isOpen} onToggle={(event) => setIsOpen(event.currentTarget.open)}>
      <summary>
        <span className="path">
          {file.from === null ? '' : `${file.from} → `}
          {file.path}
        </span>
        <Counts added={file.added} removed={file.removed} />
      </summary>
      {file.notes.map((note) => (
        <p key={note} className="quiet">
          {note}
        </p>
      ))}
      {isOpen && file.lines.length > 0 ? <Lines file={file} /> : null}
    </details>
  );
};

export const Counts = ({ added, removed }: { readonly added: number; readonly removed: number }) => (
  <span className="counts">
    <span className="plus">
      <span aria-hidden="true">+{added}</span>
      <span className="unseen">{added} lines added</span>
    </span>{' '}
    <span className="minus">
      <span aria-hidden="true">−{removed}</span>
      <span className="unseen">{removed} removed</span>
    </span>
  </span>
);

const Lines = ({ file }: { readonly file: DiffFile }) => (
  <table className="lines" aria-label={`Change of ${file.path}`}>
    <colgroup>
      <col className="number" />
      <col className="sign" />
      <col />
    </colgroup>
    <tbody>
      {file.lines.slice(0, mostLines).map((line) => (
        <Line key={line.index} line={line} />
      ))}
      {file.lines.length > mostLines ? (
        <tr className="note">
          <td colSpan={3}>{file.lines.length - mostLines} more lines are not shown here.</td>
        </tr>
      ) : null}
    </tbody>
  </table>
);

const signs = { added: '+', removed: '−', same: ' ', note: '' } as const;
const spoken = { added: 'added', removed: 'removed', same: '', note: '' } as const;

const Line = ({ line }: { readonly line: DiffLine }) => {
  // What comes first begins at the top: nothing is left out before it that one would ask for.
  if (line.kind === 'note' && line.index === 0 && line.text === '') return null;
  if (line.kind === 'note')
    return (
      <tr className="note">
        <td colSpan={3}>{line.text === '' ? '⋯' : line.text}</td>
      </tr>
    );
  return (
    <tr className={line.kind}>
      <td className="number">{line.after ?? line.before}</td>
      <td className="sign">
        <span aria-hidden="true">{signs[line.kind]}</span>
        <span className="unseen">{spoken[line.kind]}</span>
      </td>
      <td className="text">
        <Marked line={line} />
      </td>
    </tr>
  );
};

const Marked = ({ line: { text, mark } }: { readonly line: DiffLine }) => {
  if (mark === null || mark[0] === mark[1]) return text;
  const [from, to] = mark;
  return (
    <>
      {text.slice(0, from)}
      <mark>{text.slice(from, to)}</mark>
      {text.slice(to)}
    </>
  );
};
