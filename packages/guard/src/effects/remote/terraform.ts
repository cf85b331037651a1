import type { Describe } from '../describe.ts';
import type { Line } from './line.ts';
import { describeTool, type Outcome } from './tool.ts';
import { infrastructure } from './tools/infrastructure.ts';

/** `terraform` and its kin: `-destroy` turns an apply into a destroy, a plan stays a plan. */
export const describeTerraform: Describe = describeTool(
  infrastructure['terraform tofu opentofu terragrunt']!,
  {
    decide: (line) => decide(line),
  },
);

const decide = (line: Line): Outcome | null => {
  const words = line.operands.map((word) => word.text);
  const operation = words[0] === 'run-all' || words[0] === 'run' ? words[1] : words[0];
  const has = (name: string) =>
    line.flags.some((flag) => flag.name.replace(/^--/, '-') === name && flag.value?.text !== 'false');
  if (operation === 'apply') return has('-destroy') || has('-auto-approve') ? 'destroy' : 'update';
  if (operation === 'plan') return 'read';
  return null;
};
