import type { Permission, Reason } from '../decision.ts';
import type { Edit, Side } from './edit.ts';

const lockFiles: readonly { readonly lock: RegExp; readonly manifest: RegExp }[] = [
  {
    lock: /(^|\/)(package-lock\.json|npm-shrinkwrap\.json|yarn\.lock|pnpm-lock\.yaml|bun\.lockb?)$/,
    manifest: /(^|\/)(package\.json|pnpm-workspace\.yaml|\.yarnrc\.yml)$/,
  },
  {
    lock: /(^|\/)(poetry\.lock|uv\.lock|pdm\.lock|Pipfile\.lock)$/,
    manifest: /(^|\/)(pyproject\.toml|Pipfile)$/,
  },
  { lock: /(^|\/)Cargo\.lock$/, manifest: /(^|\/)Cargo\.toml$/ },
  { lock: /(^|\/)go\.sum$/, manifest: /(^|\/)go\.mod$/ },
  { lock: /(^|\/)Gemfile\.lock$/, manifest: /(^|\/)(Gemfile|.*\.gemspec)$/ },
  { lock: /(^|\/)composer\.lock$/, manifest: /(^|\/)composer\.json$/ },
];

/** Lock files without their manifest, and the parts of a manifest that run code or check it. */
export const manifestReasons = (edit: Edit, edits: readonly Edit[]): readonly Reason[] => {
  const lock = lockFiles.find((entry) => entry.lock.test(edit.path));
  if (lock !== undefined) {
    if (edits.some((other) => lock.manifest.test(other.path))) return [];
    const known = hostsOf(edit.before.lines);
    const isRedirected = hostsOf(addedLines(edit.after).map(({ text }) => text)).some(
      (host) => !known.includes(host),
    );
    return [
      reasonAt(edit, {
        decision: isRedirected && known.length > 0 ? 'ask' : 'allow',
        rule: 'edit.lock-file-alone',
        message: 'The lock file changes and its manifest does not',
        line: null,
      }),
    ];
  }
  if (/(^|\/)package\.json$/.test(edit.path)) return packageReasons(edit);
  return [];
};

/** Where a lock file says that packages come from. */
const hostsOf = (lines: readonly string[]): readonly string[] =>
  lines.flatMap(
    (line) => /(?:resolved|tarball|url)"?\s*[:= ]\s*"?(?:git\+)?https?:\/\/([^/"\s]+)/.exec(line)?.[1] ?? [],
  );

type Line = { readonly text: string; readonly line: number };

const addedLines = (side: Side): readonly Line[] =>
  [...side.changed].map((line) => ({ text: side.lines[line]!, line }));

const installHook = /^\s*"(?:pre|post)?(?:install|prepare|prepublish|prepack|uninstall)"\s*:\s*"(.*)"/;
const testScript =
  /^\s*"(?:pre|post)?(?:test|lint|check|verify|ci|typecheck|coverage)(?:[:.-][\w:.-]*)?"\s*:\s*"(.*)"/;
const emptyCheck =
  /\|\|\s*(?:true|:|exit 0|echo)|;\s*(?:true|exit 0)\s*$|^(?:true|:|exit 0|echo\b[^&|;]*)$|--passWithNoTests|--pass-with-no-tests|--exit-zero|--no-fail|--forceExit --silent|\|\| ?exit 0/;

const packageReasons = (edit: Edit): readonly Reason[] => {
  const before = new Set(addedLines(edit.before).map(({ text }) => text.trim().replace(/,$/, '')));
  const reasons: Reason[] = [];
  for (const { text, line } of addedLines(edit.after)) {
    if (before.has(text.trim().replace(/,$/, ''))) continue;
    const hook = installHook.exec(text)?.[1];
    const isHarmless =
      hook !== undefined &&
      /^(?:husky(?: install)?(?: \|\| true)?|npm run [\w:-]+|yarn [\w:-]+|pnpm [\w:-]+|tsc\b[^&|;]*|npm run build)$/.test(
        hook,
      );
    if (hook !== undefined && !edit.isNew && !isHarmless) {
      reasons.push(
        reasonAt(edit, {
          decision: /\b(?:curl|wget|node -e|sh -c|eval|base64|https?:)/.test(hook) ? 'ask' : 'allow',
          rule: 'edit.install-hook',
          message: `Every install would run: ${hook.slice(0, 80)}`,
          line,
        }),
      );
    }
    const script = testScript.exec(text)?.[1];
    if (
      script !== undefined &&
      emptyCheck.test(script) &&
      ![...before].some((old) => emptyCheck.test(testScript.exec(old)?.[1] ?? ''))
    ) {
      reasons.push(
        reasonAt(edit, {
          decision: edit.isNew ? 'allow' : 'ask',
          rule: 'edit.check-emptied',
          message: `The check would pass whatever happens: ${script.slice(0, 80)}`,
          line,
        }),
      );
    }
  }
  return reasons;
};

const reasonAt = (
  edit: Edit,
  input: {
    readonly decision: Permission;
    readonly rule: string;
    readonly message: string;
    readonly line: number | null;
  },
): Reason => ({
  decision: input.decision,
  category: 'edit.protected_file',
  rule: input.rule,
  clause: 'keep-checks',
  message: input.message,
  path: edit.path,
  ...(input.line === null ? {} : { line: edit.after.numberOf(input.line) }),
});
