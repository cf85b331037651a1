import type { ViewApproval } from '@tandem/protocol';
import { fieldProblem } from '@tandem/protocol/field';
import { edit, emptyEditor, wholeText } from '../editor/editor.ts';
import type { Key } from '../terminal/keys.ts';
import { only, type Pressed, pressPrompt } from './press.ts';
import type { Screen } from './screen.ts';

/** Keys while something is asked: yes, no with words, or one field after the other. */
export const pressApproval = (screen: Screen, input: Key, name: string): Pressed => {
  const asked = screen.view.approvals[0]!;
  if (screen.form !== null) return fill(screen, asked, { input, name, form: screen.form });
  if (screen.denying) return deny(screen, { input, name });
  if (name === 'escape') return only(screen, { type: 'interrupt' });
  // What is half written is not answered by a letter of it.
  if (screen.editor.text !== '') return pressPrompt(screen, input, name);
  if (name === 'a' || name === 'y') {
    const [first] = asked.fields ?? [];
    if (first === undefined) return only(screen, { type: 'answer', decision: 'allow' });
    return only(withField({ ...screen, form: { at: 0, values: {} } }, first.initial));
  }
  if (name === 'k' && asked.offer !== null)
    return only(screen, { type: 'answer', decision: 'allow', kind: true });
  if (name === 'd' || name === 'n') {
    // A program reads no words.
    if (asked.fields !== undefined) return only(screen, { type: 'answer', decision: 'deny' });
    return only({ ...screen, denying: true });
  }
  return only(screen);
};

type Given = { readonly input: Key; readonly name: string };

const deny = (screen: Screen, { input, name }: Given): Pressed => {
  if (name === 'escape') return only({ ...screen, denying: false, editor: emptyEditor });
  if (name !== 'enter') return pressPrompt(screen, input, name);
  const note = wholeText(screen.editor).trim();
  const next = { ...screen, denying: false, editor: emptyEditor };
  return only(next, { type: 'answer', decision: 'deny', ...(note === '' ? {} : { note }) });
};

const fill = (
  screen: Screen,
  { fields = [] }: ViewApproval,
  { input, name, form }: Given & { readonly form: NonNullable<Screen['form']> },
): Pressed => {
  const field = fields[form.at];
  if (name === 'escape' || field === undefined) return only({ ...screen, form: null, editor: emptyEditor });
  if (name !== 'enter') return pressPrompt(screen, input, name);
  const text = wholeText(screen.editor).trim();
  const problem = fieldProblem(field, text);
  if (problem !== null) return only({ ...screen, notice: { text: problem, bad: true } });
  const values = { ...form.values, [field.name]: text };
  const next = fields[form.at + 1];
  if (next !== undefined)
    return only(withField({ ...screen, form: { at: form.at + 1, values } }, next.initial));
  return only({ ...screen, form: null, editor: emptyEditor }, { type: 'answer', decision: 'allow', values });
};

const withField = (screen: Screen, initial = ''): Screen => ({
  ...screen,
  notice: null,
  editor: initial === '' ? emptyEditor : edit(emptyEditor, { type: 'set', text: initial }),
});
