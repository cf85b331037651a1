import type { Permission, Reason } from '../decision.ts';
import { unpinnedAction } from './ci-actions.ts';
import type { Edit, Side } from './edit.ts';
import { manifestReasons } from './manifests.ts';

type Protection = {
  readonly rule: string;
  readonly path: RegExp;
  readonly clause: string;
  readonly message: string;
  /** What the change of a file that was there comes to; a new file always asks where this does. */
  readonly judge: (edit: Edit) => Permission;
};

const always = (): Permission => 'ask';

/** Files that govern agents, checks and what runs by itself. The first that fits counts. */
const protections: readonly Protection[] = [
  {
    rule: 'edit.policy-file',
    path: /(^|\/)(\.tandem|\.claude|\.codex)\/|(^|\/)constitution\.md$|(^|\/)\.mcp\.json$/,
    clause: 'ask-before-policy',
    message: 'This file governs what agents may do',
    judge: (edit) => (isWeakened(edit) ? 'deny' : 'ask'),
  },
  {
    rule: 'edit.agent-instructions',
    path: /(^|\/)(AGENTS|CLAUDE|GEMINI|COPILOT)(\.local)?\.md$|(^|\/)\.(cursor|windsurf|clinerules|roo|continue|aider)[^/]*(\/|$)|(^|\/)\.cursorrules$|copilot-instructions\.md$/,
    clause: 'ask-before-policy',
    message: 'Agents take their instructions from this file',
    judge: always,
  },
  {
    rule: 'edit.git-folder',
    path: /(^|\/)\.git\/|(^|\/)\.(husky|githooks|git-hooks)\/|(^|\/)lefthook\.ya?ml$|(^|\/)\.gitmodules$/,
    clause: 'keep-checks',
    message: 'Git runs or obeys this file',
    judge: always,
  },
  {
    rule: 'edit.pre-commit',
    path: /(^|\/)\.pre-commit-config\.ya?ml$/,
    clause: 'keep-checks',
    message: 'A check before each commit goes',
    judge: (edit) => (losesLine(edit, /\bid:|- repo:/) && netLoss(edit) > 0 ? 'ask' : 'allow'),
  },
  {
    rule: 'edit.codeowners',
    path: /(^|\/)CODEOWNERS$/,
    clause: 'keep-checks',
    message: 'It says who must approve changes',
    judge: always,
  },
  {
    rule: 'edit.environment-file',
    path: /(^|\/)\.env(\.(?!example|sample|template|dist|defaults)[\w.-]+)?$|(^|\/)\.(npmrc|pypirc|netrc|yarnrc|yarnrc\.yml|bashrc|zshrc|profile|bash_profile|zprofile|zshenv|envrc|gitconfig)$/,
    clause: 'keep-secrets',
    message: 'This file holds secrets, or decides what is trusted and run',
    judge: always,
  },
  {
    rule: 'edit.runs-by-itself',
    path: /(^|\/)\.vscode\/(tasks|launch|settings)\.json$|(^|\/)\.devcontainer\/|(^|\/)\.idea\/runConfigurations\/|(^|\/)\.gitattributes$/,
    clause: 'ask-before-policy',
    message: 'The editor or git runs what this file says',
    judge: (edit) =>
      gains(
        edit,
        /folderOpen|"command"|"program"|postCreate|postStart|initializeCommand|filter=|diff=\w+|\bautoRun|trustedDomains/,
      )
        ? 'ask'
        : 'allow',
  },
  {
    rule: 'edit.workflow',
    path: /(^|\/)\.github\/(workflows|actions)\/|(^|\/)\.gitlab-ci\.yml$|(^|\/)\.circleci\/|(^|\/)(Jenkinsfile|azure-pipelines\.ya?ml|bitbucket-pipelines\.yml|\.travis\.yml|appveyor\.yml|\.drone\.yml)$/,
    clause: 'keep-checks',
    message: 'The pipeline runs other things, with other rights or fewer checks',
    judge: (edit) =>
      edit.isDeleted || gains(edit, riskyStep) || losesLine(edit, checkStep) || unpinnedAction(edit) !== null
        ? 'ask'
        : 'allow',
  },
  {
    rule: 'edit.check-settings',
    path: /(^|\/)(\.?eslint[\w.-]*|biome\.jsonc?|\.?prettierrc[\w.]*|tsconfig[\w.]*\.json|\.?nycrc[\w.]*|\.c8rc[\w.]*|\.coveragerc|jest\.config\.\w+|vitest\.config\.\w+|codecov\.yml|\.codecov\.yml|sonar-project\.properties|setup\.cfg|tox\.ini|pytest\.ini|mypy\.ini|ruff\.toml|\.flake8|\.pylintrc|\.bandit|\.golangci\.ya?ml|clippy\.toml|\.rubocop\.yml|phpstan\.neon|phpunit\.xml[\w.]*)$/,
    clause: 'keep-checks',
    message: 'A check of the code is loosened',
    judge: (edit) => (edit.isDeleted && !edit.isNew ? 'allow' : isLoosened(edit) ? 'ask' : 'allow'),
  },
  {
    rule: 'edit.infrastructure',
    path: /(^|\/)(Dockerfile[\w.-]*|docker-compose[\w.-]*\.ya?ml|compose\.ya?ml)$|\.(tf|tfvars|bicep)$|(^|\/)(k8s|kubernetes|helm|charts|deploy|manifests)\/.*\.ya?ml$/,
    clause: 'keep-checks',
    message: 'It runs with more rights, or opens to more people',
    judge: (edit) =>
      gains(edit, riskyInfrastructure) ||
      losesLine(
        edit,
        /prevent_destroy|deletion_protection|runAsNonRoot|readOnlyRootFilesystem|encrypted\s*=\s*true/,
      )
        ? 'ask'
        : 'allow',
  },
  {
    rule: 'edit.migration',
    path: /(^|\/)(migrations?|migrate|alembic\/versions|db)\/.*\.(sql|py|[jt]s|rb|php)$|\.sql$/,
    clause: 'keep-work',
    message: 'It drops or empties stored data',
    judge: (edit) =>
      gains(
        edit,
        /\b(?:DROP\s+(?:TABLE|DATABASE|SCHEMA|COLUMN)|TRUNCATE(?:\s+TABLE)?\s+\w|DELETE\s+FROM\s+\w+\s*;|dropTable\(|dropColumn\(|drop_table\b|drop_column\(|remove_column\b|DeleteModel\(|RemoveField\()/i,
      ) && !isDownOnly(edit)
        ? 'ask'
        : 'allow',
  },
];

const riskyStep =
  /pull_request_target|permissions:\s*write-all|\b(?:contents|actions|id-token|packages|secrets):\s*write\b|\b(?:curl|wget)\b[^\n|]*\|\s*(?:sudo\s+)?(?:ba|z)?sh\b|\bsecrets\.[A-Z_]+[^\n]*\b(?:curl|wget|echo)|\b(?:curl|wget|echo)\b[^\n]*secrets\.|\|\|\s*true\b|continue-on-error:\s*true|--no-verify|if:\s*false\b|workflow_run:|ACTIONS_ALLOW_UNSECURE|allow_failure:\s*true/;
const checkStep =
  /\brun:.*\b(?:test|lint|check|audit|verify|scan)\b|uses:.*(?:codeql|snyk|trivy|gitleaks|semgrep|dependency-review|scorecard)|^\s*(?:- )?(?:npm (?:test|run (?:test|lint|check)|audit)|pytest|tox|make (?:test|check|lint))\b/m;
const riskyInfrastructure =
  /^\s*USER\s+(?:root|0)\b|privileged:\s*true|hostNetwork:\s*true|hostPID:\s*true|runAsUser:\s*0\b|allowPrivilegeEscalation:\s*true|0\.0\.0\.0\/0|\bcidr_blocks\b.*::\/0|publicly_accessible\s*=\s*true|acl\s*=\s*"public|"Action"\s*:\s*"\*"|\/var\/run\/docker\.sock|cluster-admin|force_destroy\s*=\s*true|skip_final_snapshot\s*=\s*true|--privileged|--insecure|\b(?:curl|wget)\b[^\n|]*\|\s*(?:ba|z)?sh\b/m;

/** Reasons of files whose name says that people decide about them. */
export const protectedReasons = (edits: readonly Edit[]): readonly Reason[] =>
  edits.flatMap((edit) => {
    if (edit.before.changed.size + edit.after.changed.size === 0 && !edit.isDeleted && !edit.isNew) return [];
    const protection = protections.find(
      ({ path }) => path.test(edit.path) || (edit.from !== null && path.test(edit.from)),
    );
    if (protection === undefined) return manifestReasons(edit, edits);
    return [
      {
        decision: protection.judge(edit),
        category: 'edit.protected_file',
        rule: protection.rule,
        clause: protection.clause,
        message: `${protection.message}: ${edit.path}`,
        path: edit.path,
        line: firstLine(edit),
      } satisfies Reason,
    ];
  });

const firstLine = (edit: Edit): number => {
  const side = edit.after.changed.size > 0 ? edit.after : edit.before;
  return side.changed.size === 0 ? 1 : side.numberOf(Math.min(...side.changed));
};

const changedText = (side: Side): readonly string[] => [...side.changed].map((line) => side.lines[line]!);

const gains = (edit: Edit, pattern: RegExp): boolean =>
  changedText(edit.after).filter((line) => pattern.test(line)).length >
  changedText(edit.before).filter((line) => pattern.test(line)).length;

const losesLine = (edit: Edit, pattern: RegExp): boolean =>
  changedText(edit.before).filter((line) => pattern.test(line)).length >
  changedText(edit.after).filter((line) => pattern.test(line)).length;

const netLoss = (edit: Edit): number => edit.before.changed.size - edit.after.changed.size;

/** A policy is weakened when it is deleted, loses lines that forbid, or gains such that allow everything. */
const isWeakened = (edit: Edit): boolean =>
  edit.isDeleted ||
  losesLine(edit, /\b(?:deny|ask|forbid|never|block)\b/i) ||
  gains(
    edit,
    /bypassPermissions|"\*"|Bash\(\*|allow_all|decision\s*=\s*"allow"|dangerously|skip-permissions/i,
  );

/** Thresholds lowered, rules switched off, files excluded, suites that pass without tests. */
const isLoosened = (edit: Edit): boolean =>
  gains(
    edit,
    /["'](?:off|ignore)["']|:\s*0\s*,?\s*$|\[\s*0\s*[,\]]|"strict\w*":\s*false|"noImplicitAny":\s*false|passWithNoTests|--exit-zero|ignore_errors\s*=\s*True|fail_under\s*=\s*0|enabled"?\s*:\s*false/,
  ) ||
  losesLine(edit, /"strict\w*":\s*true|fail_under|coverageThreshold|--cov-fail-under/) ||
  isThresholdLowered(edit);

const threshold =
  /\b(branches|functions|lines|statements|fail_under|fail-under|threshold|target|minimum|coverage)\w*["']?\s*[:= ]\s*(\d+(?:\.\d+)?)/i;

const isThresholdLowered = (edit: Edit): boolean => {
  const read = (side: Side): ReadonlyMap<string, number> =>
    new Map(
      changedText(side).flatMap((line) => {
        const match = threshold.exec(line);
        return match === null ? [] : [[match[1]!, Number(match[2])] as const];
      }),
    );
  const before = read(edit.before);
  return [...read(edit.after)].some(
    ([name, value]) => value < (before.get(name) ?? Number.NEGATIVE_INFINITY),
  );
};

/** What a migration drops on its way back was made by it. */
const isDownOnly = (edit: Edit): boolean => {
  const text = changedText(edit.after).join('\n');
  const down = text.search(/\bdown\b|\bdowngrade\b|\brollback\b|--\s*Down/i);
  return (
    down !== -1 &&
    !/\b(?:DROP|TRUNCATE|dropTable|dropColumn|drop_table|drop_column)\b/i.test(text.slice(0, down))
  );
};
