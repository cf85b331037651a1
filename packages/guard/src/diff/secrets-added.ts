import type { Reason } from '../decision.ts';
import { findSecrets } from '../secrets/find-secrets.ts';
import type { Edit } from './edit.ts';

/** From here on a person should see it; made-up passwords in URLs and test keys stay below. */
const sureEnough = 0.75;

/** Secrets that the change brings in. A private key that is none of a test's is denied: it cannot be taken back. */
export const secretReasons = (edits: readonly Edit[]): readonly Reason[] => {
  const known = new Set(edits.flatMap((edit) => secretsOf(edit, 'before').map((secret) => secret.text)));
  return edits.flatMap((edit) =>
    secretsOf(edit, 'after')
      .filter((secret) => !known.has(secret.text))
      .slice(0, 3)
      .map((secret) => reasonOf(edit, secret)),
  );
};

type Found = {
  readonly type: string;
  readonly text: string;
  readonly line: number;
  readonly confidence: number;
};

const secretsOf = (edit: Edit, sideName: 'before' | 'after'): readonly Found[] => {
  const side = edit[sideName];
  if (side.changed.size === 0) return [];
  return findSecrets(side.text).map((secret) => ({
    type: secret.type,
    text: side.text.slice(secret.start, secret.end),
    line: side.text.slice(0, secret.start).split('\n').length - 1,
    confidence: secret.confidence,
  }));
};

const reasonOf = (edit: Edit, secret: Found): Reason => {
  const isFixture =
    edit.kind === 'test' ||
    /(^|\/)(fixtures?|examples?|docs?|mocks?|samples?|testdata)\/|\.(md|rst|txt|adoc|ipynb|lock)$/i.test(
      edit.path,
    );
  const isLive = secret.type === 'private-key' && !isFixture;
  const isSure =
    secret.confidence >= (isFixture ? 0.9 : sureEnough) && !(isFixture && secret.type === 'private-key');
  return {
    decision: isLive ? 'deny' : isSure ? 'ask' : 'allow',
    category: 'edit.secret',
    rule: `edit.secret-${secret.type}`,
    clause: 'keep-secrets',
    message: `It brings in what looks like a secret (${secret.type}); read it from the environment or a secret store instead`,
    path: edit.path,
    line: edit.after.numberOf(secret.line),
  };
};
