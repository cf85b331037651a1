/**
 * Other guards, asked the same questions. Each is started once with a small driver that answers JSON lines; nothing of
 * theirs is part of this repository. They are looked for in one folder: `python/` (a virtual environment), `node/` (a
 * prefix with node_modules), `Dippy/` (a checkout).
 */
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Permission } from '../../packages/guard/src/decision.ts';
import { type Case, isShell } from './cases.ts';
import type { Outcome } from './score.ts';

export type Baseline = {
  readonly name: string;
  /** How its own documentation reads its answers as allow, ask and deny. */
  readonly reading: string;
  /** What must be there, below the folder of tools. */
  readonly needs: string;
  readonly judges: (one: Case) => boolean;
  readonly driver: { readonly language: 'python' | 'node'; readonly text: string };
};

export type BaselineResult =
  | { readonly name: string; readonly status: 'not installed' | 'failed'; readonly detail: string }
  | {
      readonly name: string;
      readonly status: 'measured';
      readonly outcomes: readonly Outcome[];
      /** Microseconds inside the tool, a case. */
      readonly times: readonly number[];
      /** Cases on which it raised an error; they count as asked. */
      readonly errors: number;
    };

const python = (text: string): Baseline['driver'] => ({ language: 'python', text });

export const baselines: readonly Baseline[] = [
  {
    name: 'seatbelt-guard',
    reading: 'its three levels',
    needs: 'python/bin/seatbelt',
    judges: isShell,
    driver: python(`
from seatbelt.context import Context
from seatbelt.engine import analyze
decide = lambda text, cwd: analyze(text, Context(cwd=cwd, environ={})).level.name.lower()`),
  },
  {
    name: 'semgate, fixed rules',
    reading:
      'without a key: hard rules deny, human gates ask; what it would send to its model counts as allow',
    needs: 'python/bin/semgate',
    judges: isShell,
    driver: python(`
from semgate import Gate
gates = {}
def decide(text, cwd):
    gate = gates.setdefault(cwd, Gate("work on this project", provider=None, project_root=cwd))
    answer = gate.check(text, cwd=cwd)
    return "allow" if answer.stage == "semantic" else answer.decision`),
  },
  {
    name: 'cc-safety-net',
    reading: 'allow and deny',
    needs: 'node/node_modules/cc-safety-net',
    judges: isShell,
    driver: {
      language: 'node',
      text: `
const { checkCommand } = await import(process.env.TOOLS + '/node/node_modules/cc-safety-net/dist/api.js');
const decide = (command, cwd) => checkCommand({ command, cwd }).kind;`,
    },
  },
  {
    name: 'vectimus',
    reading: 'allow, escalate as ask, deny',
    needs: 'python/bin/vectimus',
    judges: isShell,
    driver: python(`
from vectimus.engine.evaluator import PolicyEngine
from vectimus.engine.normaliser import normalise
engine = PolicyEngine()
def decide(text, cwd):
    event = normalise({"hook_event_name": "PreToolUse", "tool_name": "Bash", "tool_input": {"command": text}, "cwd": cwd}, "claude-code")
    return engine.evaluate(event).decision.lower().replace("escalate", "ask")`),
  },
  {
    name: 'paveo, starter policy',
    reading: 'allow, refused as deny',
    needs: 'python/bin/paveo',
    judges: isShell,
    driver: python(`
import paveo, os, tempfile
starter = os.path.join(os.path.dirname(paveo.__file__), "starters", "claude-code.json")
session = paveo.Paveo.from_file(starter, audit_path=os.path.join(tempfile.mkdtemp(), "audit")).session(agent_id="claude-code")
session.__enter__()
def decide(text, cwd):
    try:
        session.check_tool("Bash", {"command": text})
        return "allow"
    except paveo.PolicyDenied:
        return "deny"`),
  },
  {
    name: 'vetter',
    reading: 'its three decisions, default policy',
    needs: 'python/bin/vetter',
    judges: isShell,
    driver: python(`
import os
from vetter import engine, places
from vetter.cli import load_policy
home = os.environ["HOME"]
policy, _ = load_policy(None, os.getcwd(), home)
def decide(text, cwd):
    return engine.call("check", policy, text, "bash", cwd, home, cwd, places.temp_dirs(home, True)).decision`),
  },
  {
    name: 'nah',
    reading: 'allow, ask, block as deny; its defaults, no model',
    needs: 'python/bin/nah',
    judges: isShell,
    driver: python(`
from nah.config import use_defaults
use_defaults()
from nah.bash import classify_command
decide = lambda text, cwd: classify_command(text).final_decision.replace("block", "deny")`),
  },
  {
    name: 'bash-classify',
    reading: 'low risk is allowed, as its plugin does; the rest is asked',
    needs: 'python/bin/bash-classify',
    judges: isShell,
    driver: python(`
from bash_classify import classify_expression
decide = lambda text, cwd: "allow" if classify_expression(text).risk.value == "LOW" else "ask"`),
  },
  {
    name: 'Dippy',
    reading: 'allow, ask, deny; no configuration',
    needs: 'Dippy/src/dippy',
    judges: isShell,
    driver: python(`
import os, sys
sys.path.insert(0, os.path.join(os.environ["TOOLS"], "Dippy", "src"))
from pathlib import Path
from dippy.core.analyzer import analyze
from dippy.core.config import Config
config = Config()
decide = lambda text, cwd: analyze(text, config, Path(cwd)).action`),
  },
  {
    name: 'bandit (Python)',
    reading: 'any issue is asked; it is given the code behind `-c`',
    needs: 'python/bin/bandit',
    judges: (one) => one.kind === 'python',
    driver: python(`
import os, shlex, tempfile
from bandit.core import config, manager
folder = tempfile.mkdtemp()
def decide(text, cwd):
    words = shlex.split(text) if " -c " in text else []
    text = words[words.index("-c") + 1] if "-c" in words else text
    path = os.path.join(folder, "snippet.py")
    open(path, "w").write(text)
    scan = manager.BanditManager(config.BanditConfig(), "file")
    scan.discover_files([path])
    scan.run_tests()
    return "ask" if scan.get_issue_list("LOW", "LOW") else "allow"`),
  },
];

const prologue = {
  python: `
import json, sys, time
answers = sys.stdout
sys.stdout = sys.stderr
def answer_all(decide):
    for line in sys.stdin:
        row = json.loads(line)
        start = time.perf_counter()
        try:
            decision = decide(row["input"], row["cwd"])
        except Exception as error:
            decision = "error " + type(error).__name__
        print(json.dumps({"decision": decision, "us": (time.perf_counter() - start) * 1e6}), file=answers, flush=True)
`,
  node: `
import { createInterface } from 'node:readline';
const answerAll = async (decide) => {
  for await (const line of createInterface({ input: process.stdin })) {
    const row = JSON.parse(line);
    const start = performance.now();
    let decision;
    try { decision = decide(row.input, row.cwd); } catch (error) { decision = 'error ' + error; }
    process.stdout.write(JSON.stringify({ decision, us: (performance.now() - start) * 1000 }) + '\\n');
  }
};
`,
} as const;

/** Asks one baseline about every case it judges; `limitMs` ends one that hangs. */
export const askBaseline = async (
  baseline: Baseline,
  input: { readonly tools: string; readonly cases: readonly Case[]; readonly limitMs: number },
): Promise<BaselineResult> => {
  const { name } = baseline;
  if (!existsSync(join(input.tools, baseline.needs)))
    return { name, status: 'not installed', detail: baseline.needs };
  const cases = input.cases.filter(baseline.judges);
  const { answers, detail } = await converse(baseline.driver, { ...input, cases });
  if (answers.length !== cases.length)
    return { name, status: 'failed', detail: `${answers.length} of ${cases.length} answers; ${detail}` };
  return {
    name,
    status: 'measured',
    outcomes: cases.map((one, index) => ({ case: one, decision: permissionOf(answers[index]!.decision) })),
    times: answers.map(({ us }) => us),
    errors: answers.filter(({ decision }) => decision.startsWith('error')).length,
  };
};

/** What is neither allow nor deny stops and asks. */
const permissionOf = (answer: string): Permission =>
  answer === 'allow' || answer === 'deny' ? answer : 'ask';

type Answer = { readonly decision: string; readonly us: number };

const converse = (
  { language, text }: Baseline['driver'],
  {
    tools,
    cases,
    limitMs,
  }: { readonly tools: string; readonly cases: readonly Case[]; readonly limitMs: number },
): Promise<{ readonly answers: readonly Answer[]; readonly detail: string }> =>
  new Promise((resolve) => {
    const home = mkdtempSync(join(tmpdir(), 'guard-baseline-'));
    const [program, call] =
      language === 'python'
        ? ([
            join(tools, 'python', 'bin', 'python3'),
            ['-c', `${prologue.python}${text}\nanswer_all(decide)`],
          ] as const)
        : ([
            process.execPath,
            ['--input-type=module', '-e', `${prologue.node}${text}\nawait answerAll(decide);`],
          ] as const);
    const env = {
      PATH: process.env.PATH,
      HOME: home,
      TOOLS: tools,
      LANG: 'C.UTF-8',
      PYTHONDONTWRITEBYTECODE: '1',
    };
    const child = spawn(program, call, { cwd: home, env, stdio: ['pipe', 'pipe', 'pipe'], timeout: limitMs });
    let out = '';
    let errors = '';
    child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
      out += chunk;
    });
    child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
      errors = (errors + chunk).slice(-2_000);
    });
    child.stdin.on('error', () => child.kill());
    const done = (): void => {
      rmSync(home, { recursive: true, force: true });
      const answers = out
        .split('\n')
        .slice(0, -1)
        .map((line) => JSON.parse(line) as Answer);
      resolve({ answers, detail: errors.trim().split('\n').at(-1) ?? '' });
    };
    child.on('error', done);
    child.on('close', done);
    child.stdin.end(
      cases.map((one) => `${JSON.stringify({ input: one.input, cwd: one.cwd ?? home })}\n`).join(''),
    );
  });
