/** `npm run check`: everything that must hold before a commit, side by side, one line each. Exit 1 when any fails. */
import { spawn } from 'node:child_process';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..');
const bin = (name: string): string => join(root, 'node_modules', '.bin', name);
const script = (name: string): readonly string[] => [process.execPath, join(root, 'scripts', name)];

type Check = { readonly name: string; readonly argv: readonly string[] };

const checks: readonly Check[] = [
  {
    name: 'format and lint',
    argv: [bin('biome'), 'ci', '--colors=off', '--error-on-warnings', '--max-diagnostics=40', '.'],
  },
  { name: 'types', argv: [bin('tsc'), '-p', 'tsconfig.json'] },
  { name: 'types of the pure rooms', argv: [bin('tsc'), '-p', 'tsconfig.pure.json'] },
  { name: 'types of the page', argv: [bin('tsc'), '-p', 'apps/web/tsconfig.json'] },
  { name: 'arrows', argv: script('arrows.ts') },
  { name: 'dead code', argv: [bin('knip'), '--no-progress'] },
  { name: 'budgets', argv: script('budget.ts') },
  { name: 'words', argv: script('words.ts') },
];

type Outcome = { readonly passed: boolean; readonly output: string; readonly seconds: string };

const run = ({ argv: [program = '', ...args] }: Check): Promise<Outcome> =>
  new Promise((resolve) => {
    const before = performance.now();
    const chunks: Buffer[] = [];
    const env = { ...process.env, NO_COLOR: '1', FORCE_COLOR: undefined };
    const child = spawn(program, args, { cwd: root, env, stdio: ['ignore', 'pipe', 'pipe'] });
    child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
    child.stderr.on('data', (chunk: Buffer) => chunks.push(chunk));
    const done = (passed: boolean): void => {
      const seconds = ((performance.now() - before) / 1000).toFixed(1);
      resolve({ passed, output: Buffer.concat(chunks).toString().trim(), seconds });
    };
    child.on('error', () => done(false));
    child.on('close', (code) => done(code === 0));
  });

/** The first failures are what one fixes; a thousand lines hide them. */
const head = (output: string): string => {
  const lines = output.split('\n');
  return lines.length <= 80
    ? output
    : [...lines.slice(0, 80), `… ${lines.length - 80} more lines`].join('\n');
};

const verbose = process.argv.includes('--verbose');
const outcomes = await Promise.all(
  checks.map(async (check) => {
    const outcome = await run(check);
    console.log(`${outcome.passed ? 'ok    ' : 'FAILED'} ${check.name} (${outcome.seconds} s)`);
    return { ...outcome, name: check.name };
  }),
);
for (const { name, passed, output } of outcomes) {
  if (output !== '' && (!passed || (verbose && name === 'budgets')))
    console.log(`\n--- ${name}\n${head(output)}`);
}
const failed = outcomes.filter(({ passed }) => !passed).length;
console.log(failed === 0 ? 'check: all passed' : `check: ${failed} of ${outcomes.length} failed`);
process.exitCode = failed === 0 ? 0 : 1;
