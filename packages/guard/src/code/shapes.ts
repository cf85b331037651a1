import type { SyntaxNode } from '@tandem/syntax';
import type { Effect } from '../effects/effect.ts';
import { hole } from '../shell/command.ts';
import type { Call, Program, TreeCall } from './program.ts';
import { pathsOf, type Surroundings } from './roles.ts';
import { constantText, has, isConstant, marks } from './value.ts';

/** Harm that no single call shows: bombs, connections tied to a shell, files encrypted one after another. */
export const shapeEffects = (program: Program, around: Surroundings): readonly Effect[] => [
  ...reverseShell(program),
  ...ransom(program, around),
  ...loops(program),
  ...hugeValues(program),
  ...scans(program),
];

const connecting =
  /^(?:socket\.socket\(\)\.connect(?:_ex)?|socket\.create_connection|net\.(?:connect|createConnection|Socket\(\)\.connect)|tls\.connect|Deno\.connect|Bun\.connect)$/;
const starting =
  /^(?:subprocess\.\w+|os\.(?:popen|system|exec\w+|spawn\w+)|pty\.spawn|child_process\.\w+|Deno\.(?:Command|run)|Bun\.spawn)$/;
const interactive = /(?:\/|^|['"\s])(?:ba|z|k|da)?sh\b|cmd(?:\.exe)?\b|powershell/;

const reverseShell = ({ calls, source }: Program): readonly Effect[] => {
  const remote = calls.find((call) => connecting.test(call.name));
  if (remote === undefined) return [];
  const tied = calls.some((call) => call.name === 'os.dup2' || call.name === 'pty.spawn');
  const piped = calls.some((call) => call.name.endsWith('.pipe') && /std(?:in|out)/.test(call.text));
  const fed = calls.some(
    (call) => starting.test(call.name) && call.args.some((arg) => has(arg, marks.socket)),
  );
  const started = calls.some((call) => starting.test(call.name) && interactive.test(call.text));
  const handed = started && /std(?:in|out|err)\s*[=:]\s*\w+/.test(source.text);
  const shell =
    fed ||
    (tied && (started || calls.some((call) => call.name === 'pty.spawn'))) ||
    ((piped || handed) && started);
  return shell ? [{ type: 'reverseShell', what: 'ties a shell to a connection' }] : [];
};

/** One connection after another to ports that are counted up. */
const scans = ({ calls }: Program): readonly Effect[] => {
  const counted = calls.some((call) => call.name === 'range');
  const scan = calls.find(
    (call) =>
      connecting.test(call.name) &&
      (call.args[0]?.items ?? call.args).length > 1 &&
      !isConstant((call.args[0]?.items ?? call.args)[1]!),
  );
  if (!counted || scan === undefined) return [];
  return [
    { type: 'reach', host: null, how: 'shell', local: false, what: 'tries port after port of a machine' },
  ];
};

const encrypting =
  /\.(?:encrypt|encrypt_and_digest)$|(?:^|\.)(?:Fernet|AES\.new|createCipheriv)$|^(?:Crypto\.Cipher|cryptography\.)/;
const walking =
  /^(?:os\.(?:walk|listdir|scandir)|glob\.\w+|pathlib\.Path\(\)\.(?:iterdir|r?glob)|fs\.readdir(?:Sync)?)$/;

const ransom = (program: Program, around: Surroundings): readonly Effect[] => {
  const walk = program.calls.find((call) => walking.test(call.name));
  if (walk === undefined || !program.calls.some((call) => encrypting.test(call.name))) return [];
  const folder = walk.receiver?.name?.endsWith('Path()') ? walk.receiver : walk.args[0];
  if (folder === undefined) return [];
  return pathsOf(folder, around).map((path) => ({ type: 'delete', path, recursive: true }));
};

const endless = (node: SyntaxNode): boolean => {
  const condition = node.child('condition');
  if (node.type === 'while_statement')
    return /^\(?\s*(?:True|true|1|!0|1\s*==\s*1)\s*\)?$/.test(condition?.text ?? '');
  if (node.type === 'for_statement' && condition !== null) return /^;?$/.test(condition.text.trim());
  return (
    node.type === 'for_statement' &&
    /^itertools\.(?:count|repeat|cycle)\(/.test(node.child('right')?.text ?? '')
  );
};

const leaving = new Set([
  'break_statement',
  'return_statement',
  'raise_statement',
  'throw_statement',
  'yield',
  'await',
  'yield_expression',
  'await_expression',
]);
const waiting =
  /(?:^|[._])(?:sleep|input|recv\w*|accept|read\w*|get|wait|poll|select|join|exit|next|popleft|pop|shift)$/i;
const multiplying =
  /^(?:os\.(?:fork|forkpty)|multiprocessing\.(?:Process|Pool)|threading\.Thread|subprocess\.\w+|os\.(?:system|popen)|child_process\.\w+|cluster\.fork|Worker|worker_threads\.Worker)$/;
const growing =
  /\.(?:append|extend|push|write|insert|add|concat)$|^(?:fs\.(?:append|write)\w+|bytearray|Buffer\.alloc)$/;
const flooding = /^(?:requests|httpx|urllib|axios|socket\.socket\(\)\.(?:send|sendto|connect)|fetch|scapy)/;

const loops = ({ source, nodes, calls }: Program): readonly Effect[] => {
  const effects: Effect[] = [];
  for (const node of nodes) {
    if (node.type !== 'while_statement' && node.type !== 'for_statement') continue;
    if (!endless(node)) continue;
    const within = calls.filter((call) => call.node.start >= node.start && call.node.end <= node.end);
    const leaves = [...node.walk()].some((part) => part.named && leaving.has(part.type));
    const forks = within.some((call) => multiplying.test(call.name));
    const waits = leaves || within.some((call) => waiting.test(call.name));
    if (within.some((call) => /fork/.test(call.name)) || (forks && !waits))
      effects.push(resource('starts processes without end'));
    else if (!waits && (grows(node) || within.some((call) => growing.test(call.name))))
      effects.push(resource('fills memory or disk without end'));
    else if (!waits && within.some((call) => flooding.test(call.name)))
      effects.push(resource('floods a host without end'));
    else if (!waits && within.every((call) => call.name === 'print')) effects.push(resource('never ends'));
  }
  return [...effects, ...recursion({ source, calls })];
};

const grows = (node: SyntaxNode): boolean =>
  [...node.walk()].some(
    (part) => /^augmented_assignment/.test(part.type) && /['"[]|(\w+)\s*[+*]=\s*\1/.test(part.text),
  );

/** A function that forks and calls itself. */
const recursion = ({ calls }: Pick<Program, 'source' | 'calls'>): readonly Effect[] =>
  calls.some((call) => /^os\.fork$|^cluster\.fork$/.test(call.name) && inside(call, calls))
    ? [resource('starts processes without end')]
    : [];

const inside = (fork: TreeCall, calls: readonly TreeCall[]): boolean => {
  const owner = fork.node.ancestor(
    new Set(['function_definition', 'function_declaration', 'arrow_function']),
  );
  const name = owner?.child('name')?.text;
  return (
    name !== undefined &&
    calls.some(
      (call) =>
        call.name === `local:${name}` && call.node.start >= owner!.start && call.node.end <= owner!.end,
    )
  );
};

const huge = 500_000_000;

/** `'x' * 10 ** 10`, `bytearray(10 ** 10)`: more than a machine holds. */
const hugeValues = ({ nodes, calls }: Program): readonly Effect[] => {
  const allocations = calls.filter((call) =>
    /^(?:bytearray|bytes|Buffer\.alloc|Array)$|\.(?:repeat|truncate|zeros|ones|fill)$/.test(call.name),
  );
  const sizes = allocations.map((call) => call.node.child('arguments')?.text.replace(/^\(|\)$/g, '') ?? '');
  for (const node of nodes)
    if (node.type === 'binary_operator' && /^(?:\[[^\]]*\]|b?['"][^'"]*['"])\s*\*/.test(node.text))
      sizes.push(node.text.replace(/^[^*]*\*/, ''));
  return sizes.some((size) => productOf(size) >= huge)
    ? [resource('asks for more memory than there is')]
    : [];
};

const productOf = (text: string): number => {
  if (!/^[\d_\s*().e]+$/.test(text)) return 0;
  const powers = text.replace(/[_()\s]/g, '').split(/(?<!\*)\*(?!\*)/);
  return powers.reduce((product, power) => {
    const [base = '1', exponent = '1'] = power.split('**');
    return product * Number(base) ** Number(exponent);
  }, 1);
};

const resource = (what: string): Effect => ({ type: 'system', part: 'resource', change: 'destroy', what });

/** Calls that hand a dangerous function to another that will call it: `map(os.remove, files)`, `Thread(target=os.system)`. */
export const handedOn = (call: Call): readonly Call[] => {
  const values = [...call.args, ...call.named.values()];
  const made: Call[] = [];
  for (const value of values) {
    if (
      value.name === null ||
      value.name.endsWith('()') ||
      value.name.startsWith('?') ||
      value.texts[0] !== hole
    )
      continue;
    const others = values.filter((other) => other !== value).flatMap((other) => other.items ?? [other]);
    const args =
      others.length === 0 && call.receiver !== null ? (call.receiver.items ?? [call.receiver]) : others;
    if (args.length === 0 || constantText(value) !== null) continue;
    made.push({ ...call, name: value.name, args, named: new Map(), receiver: null });
    for (const arg of args.slice(1, 24))
      made.push({ ...call, name: value.name, args: [arg], named: new Map(), receiver: null });
  }
  return made;
};
