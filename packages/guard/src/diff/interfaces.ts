import type { Reason } from '../decision.ts';
import type { Edit, Side } from './edit.ts';

/** Fewer are an ordinary change that its reviewer sees. */
const manyExports = 8;

/** What other code may call and the change takes away, or calls with fewer parameters. A remark, unless it is much. */
export const interfaceReasons = (edits: readonly Edit[]): readonly Reason[] => {
  const sources = edits.filter((edit) => edit.kind === 'source');
  const kept = new Set(sources.flatMap((edit) => exportsOf(edit.after, false).map((item) => item.name)));
  const lost = sources.flatMap((edit) =>
    exportsOf(edit.before, true)
      .filter((item) => !kept.has(item.name))
      .map((item) => ({ ...item, edit })),
  );
  const first = lost[0];
  if (first === undefined) return [];
  return [
    {
      decision: lost.length >= manyExports ? 'ask' : 'allow',
      category: 'edit.api_break',
      rule: 'edit.exports-removed',
      clause: 'keep-interfaces',
      message: `${lost.length} exported names go: ${lost
        .slice(0, 5)
        .map((item) => item.name)
        .join(', ')}`,
      path: first.edit.path,
      line: first.edit.before.numberOf(first.line),
    },
  ];
};

const exported =
  /^(?:export (?:default )?(?:declare )?(?:abstract )?(?:async )?(?:function\*?|class|const|let|var|type|interface|enum) +([A-Za-z_$][\w$]*)|(?:module\.)?exports\.([A-Za-z_$][\w$]*) *=|(?:async )?def ([a-z]\w*)\(|class ([A-Z]\w*)[(:]|pub (?:async )?(?:fn|struct|enum|trait|const) +(\w+)|func (?:\([^)]*\) )?([A-Z]\w*)\(|public (?:static |final |abstract |async )*[\w<>[\], ]+ (\w+)\()/;

const exportsOf = (
  side: Side,
  onlyChanged: boolean,
): readonly { readonly name: string; readonly line: number }[] =>
  side.lines.flatMap((text, line) => {
    if (onlyChanged && !side.changed.has(line)) return [];
    const name = exported
      .exec(text.slice(0, 300))
      ?.slice(1)
      .find((group) => group !== undefined);
    return name === undefined ? [] : [{ name, line }];
  });
