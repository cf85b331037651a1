/** Whether a request asks for an answer or for a change. Wrong towards "change" is safe: nothing lands unverified silently. */
export const isQuestion = (request: string): boolean => {
  const text = request.trim();
  const first = text.split('\n', 1)[0] ?? '';
  if (
    /^(please\s+)?(fix|repair|implement|write|add|make|change|rename|refactor|remove|delete|update|create|move|replace|convert|support|handle|let)\b/i.test(
      first,
    )
  )
    return false;
  if (/\b(has|have|is|contains?) (a|an|one) (bug|error|mistake)\b/i.test(text)) return false;
  if (
    /^(can|could|would|will) you (please )?(fix|repair|implement|write|add|make|change|rename|refactor|remove|update|create)/i.test(
      first,
    )
  )
    return false;
  if (
    /^(what|why|how|where|which|who|when|does|do|is|are|can|explain|describe|summari[sz]e|show|tell|list|find)\b/i.test(
      first,
    )
  )
    return true;
  return first.endsWith('?');
};

const commandWord =
  /^(python[0-9.]*|node|npm|npx|pnpm|yarn|bun|deno|pytest|go|cargo|make|tox|nox|mvn|gradle|\.\/gradlew|ruby|rake|rspec|bundle|php|phpunit|dotnet|swift|sh|bash|uv|poetry|hatch|ctest|jest|vitest|mocha|tsc)\b/;

/** A command that the request itself says to test with: "run it with: `pytest -q`". */
export const verifyInRequest = (request: string): string | null => {
  for (const match of request.matchAll(
    /\b(?:run|runs|test|tests|tested|verify|verified|check|passes?)\b[^`\n]{0,60}`([^`\n]+)`/gi,
  )) {
    const command = (match[1] ?? '').trim();
    if (commandWord.test(command)) return command;
  }
  return null;
};

/** Paths and identifiers that the request names; those in backticks first. */
export const namesInRequest = (
  request: string,
): { readonly quoted: readonly string[]; readonly plain: readonly string[] } => {
  const quoted = [...request.matchAll(/`([^`\n]{1,120})`/g)].map((match) =>
    (match[1] ?? '').replace(/\(.*$/, '').trim(),
  );
  const words = request.match(/[A-Za-z_$][\w$]*(?:[./-][\w$]+)*/g) ?? [];
  const plain = words.filter(
    (word) => /[a-z][A-Z]|_|\.|\/|^[A-Z][a-z]+[A-Z]|[a-z]\d/.test(word) || word.length >= 4,
  );
  return { quoted: [...new Set(quoted)], plain: [...new Set(plain)] };
};
