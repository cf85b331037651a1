/** What a file defines and names, read without a parser: thousands of files must be read in about a second. */
export type Facts = {
  readonly definitions: ReadonlySet<string>;
  /** Every word of three letters or more, with how often it stands in the text. */
  readonly references: ReadonlyMap<string, number>;
};

/** Beyond this a file is data or generated; its head says what it is. */
const maxText = 200_000;
/** A text of more different words is no source file that a person wrote. */
const maxWords = 5_000;

const defined =
  /\b(?:function\*?|class|def|interface|type|enum|const|let|var|struct|trait|func|fn|module)\s+([A-Za-z_$][\w$]*)|^[ \t]+(?:(?:public|private|protected|static|async|get|set|readonly|override)\s+)*\*?([A-Za-z_$][\w$]*)\s*\([^()\n]*\)\s*(?::[^{\n]*)?\{|^([A-Za-z_]\w*)\s*(?::[^=\n]+)?=(?!=)|\bexports\.([A-Za-z_$][\w$]*)\s*=|\.prototype\.([A-Za-z_$][\w$]*)\s*=/gm;
const keyword = /^(?:if|for|while|switch|catch|function|return|else|do|with|constructor)$/;

export const readFacts = (text: string): Facts => {
  const head = text.slice(0, maxText);
  const definitions = new Set<string>();
  for (const match of head.matchAll(defined)) {
    const name = match[1] ?? match[2] ?? match[3] ?? match[4] ?? match[5] ?? '';
    if (name.length > 1 && !keyword.test(name)) definitions.add(name);
  }
  const references = new Map<string, number>();
  for (const match of head.matchAll(/[A-Za-z_$][\w$]{2,}/g)) {
    const known = references.get(match[0]);
    if (known !== undefined) references.set(match[0], known + 1);
    else if (references.size < maxWords) references.set(match[0], 1);
  }
  return { definitions, references };
};
