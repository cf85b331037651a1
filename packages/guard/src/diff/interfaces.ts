import type { Reason } from '../decision.ts';
import type { Edit, Side } from './edit.ts';

/** Fewer are an ordinary change that its reviewer sees. */
const manyExports = 8;

/** What other code may call and the change takes away, or calls with other arguments. A remark, unless it is much. */
export const interfaceReasons = (edits: readonly Edit[]): readonly Reason[] => {
  const sources = edits.filter((edit) => edit.kind === 'source');
  const after = new Map(
    sources.flatMap((edit) => exportsOf(edit.after, false).map((item) => [item.name, item])),
  );
  const before = sources.flatMap((edit) => exportsOf(edit.before, true).map((item) => ({ ...item, edit })));
  const lost = before.filter((item) => !after.has(item.name));
  const narrowed = before.filter((item) => isNarrowed(item.arity, after.get(item.name)?.arity ?? null));
  return [
    ...reasonFor(lost, 'edit.exports-removed', 'exported names go'),
    ...reasonFor(narrowed, 'edit.signature-changed', 'exported functions no longer take the same arguments'),
  ];
};

type Placed = Exported & { readonly edit: Edit };

const reasonFor = (found: readonly Placed[], rule: string, message: string): readonly Reason[] => {
  const [first] = found;
  if (first === undefined) return [];
  const names = found.slice(0, 5).map((item) => item.name);
  return [
    {
      decision: rule === 'edit.exports-removed' && found.length >= manyExports ? 'ask' : 'allow',
      category: 'edit.api_break',
      rule,
      clause: 'keep-interfaces',
      message: `${found.length} ${message}: ${names.join(', ')}`,
      path: first.edit.path,
      line: first.edit.before.numberOf(first.line),
    },
  ];
};

/** How many arguments a function needs, and how many it takes; null where its line does not say. */
type Arity = { readonly least: number; readonly most: number } | null;

/** Who called it before may now give too few arguments, or too many. */
const isNarrowed = (before: Arity, after: Arity): boolean =>
  before !== null && after !== null && (after.least > before.least || after.most < before.most);

const arityOf = (line: string, head: string): Arity => {
  const at = line.indexOf(head);
  const list = at === -1 ? undefined : /^([^()]*)\)/.exec(line.slice(at + head.length))?.[1];
  if (list === undefined || /[{[<]/.test(list)) return null;
  const all = list
    .split(',')
    .map((one) => one.trim())
    .filter((one) => one !== '' && !/^(?:self|cls|this\b|\/|\*$)/.test(one));
  const open = all.some((one) => /^(?:\.\.\.|\*)/.test(one));
  const least = all.filter((one) => !/[=?]/.test(one) && !/^(?:\.\.\.|\*)/.test(one)).length;
  return { least, most: open ? Number.POSITIVE_INFINITY : all.length };
};

const exported =
  /^(?:export (?:default )?(?:declare )?(?:abstract )?(?:async )?(?:function\*?|class|const|let|var|type|interface|enum) +([A-Za-z_$][\w$]*)|(?:module\.)?exports\.([A-Za-z_$][\w$]*) *=|(?:async )?def ([a-z]\w*)\(|class ([A-Z]\w*)[(:]|pub (?:async )?(?:fn|struct|enum|trait|const) +(\w+)|func (?:\([^)]*\) )?([A-Z]\w*)\(|public (?:static |final |abstract |async )*[\w<>[\], ]+ (\w+)\()/;

type Exported = { readonly name: string; readonly line: number; readonly arity: Arity };

const exportsOf = (side: Side, onlyChanged: boolean): readonly Exported[] =>
  side.lines.flatMap((whole, line) => {
    if (onlyChanged && !side.changed.has(line)) return [];
    const text = whole.slice(0, 300);
    const name = exported
      .exec(text)
      ?.slice(1)
      .find((group) => group !== undefined);
    if (name === undefined) return [];
    return [{ name, line, arity: arityOf(text, `${name}(`) }];
  });
