/**
 * Evaluates expressions against several versions of one JavaScript or TypeScript module, each in a context of its own.
 * stdin: {"path", "texts", "expressions", "expressionMs", "out"}; writes to "out" a list per text of [type, text].
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire, stripTypeScriptTypes } from 'node:module';
import { resolve } from 'node:path';
import vm from 'node:vm';

const maxText = 2000;
const timedOut = Symbol('timed out');
const job = JSON.parse(readFileSync(0, 'utf8'));
const path = resolve(job.path);
const isTyped = /\.[cm]?tsx?$/.test(path);
const require = lenientRequire(createRequire(path));
process.stdout.write = () => true;
process.stderr.write = () => true;

const results = [];
for (const text of job.texts) results.push(await runText(text));
writeFileSync(job.out, JSON.stringify(results));
process.exit(0);

async function runText(text) {
  const context = makeContext();
  try {
    const source = scriptOf(isTyped ? stripTypeScriptTypes(text, { mode: 'transform' }) : text);
    vm.runInContext(source, context, { timeout: 2000, filename: path });
    const exported = context.module.exports;
    for (const name of Object.keys(exported)) if (!(name in context)) context[name] = exported[name];
  } catch (error) {
    return job.expressions.map(() => ['error', `load: ${error?.name}`]);
  }
  const values = [];
  let expired = false;
  for (const expression of job.expressions) {
    values.push(expired ? ['timeout', ''] : await evaluate(context, expression));
    expired = values.at(-1)[0] === 'timeout';
  }
  return values;
}

async function evaluate(context, expression) {
  try {
    const code = `(${expression.replace(/^\s*await\s+/, '')}\n)`;
    let value = vm.runInContext(code, context, { timeout: job.expressionMs });
    if (typeof value?.then === 'function') value = await within(value, job.expressionMs);
    return ['value', canonical(value, new Set()).slice(0, maxText)];
  } catch (error) {
    if (error?.code === 'ERR_SCRIPT_EXECUTION_TIMEOUT' || error === timedOut) return ['timeout', ''];
    return ['error', String(error?.name)];
  }
}

function makeContext() {
  const module = { exports: {} };
  const quiet = Object.fromEntries(Object.keys(console).map((name) => [name, () => {}]));
  const context = vm.createContext({
    module,
    exports: module.exports,
    require,
    console: quiet,
    __filename: path,
    __dirname: resolve(path, '..'),
    Buffer,
    URL,
    URLSearchParams,
    TextEncoder,
    TextDecoder,
    AbortController,
    structuredClone,
    setTimeout,
    clearTimeout,
    setInterval,
    clearInterval,
    queueMicrotask,
    process: {
      env: {},
      argv: [],
      platform: process.platform,
      cwd: () => process.cwd(),
      nextTick: process.nextTick,
    },
  });
  context.globalThis = context;
  return context;
}

/** Turns a module into a script: exports become plain bindings, imports become require. */
function scriptOf(text) {
  return text
    .replace(/^#!.*/, '')
    .replace(/^[ \t]*import\s+(['"][^'"]+['"]);?/gm, 'require($1);')
    .replace(
      /^[ \t]*import\s+([\w$]+)\s*,\s*(\{[^}]*\})\s*from\s*(['"][^'"]+['"]);?/gm,
      (_, name, list, from) =>
        `const ${name} = __default(require(${from})), ${renamed(list)} = require(${from});`,
    )
    .replace(
      /^[ \t]*import\s+(\{[^}]*\})\s*from\s*(['"][^'"]+['"]);?/gm,
      (_, list, from) => `const ${renamed(list)} = require(${from});`,
    )
    .replace(/^[ \t]*import\s+\*\s+as\s+([\w$]+)\s+from\s*(['"][^'"]+['"]);?/gm, 'const $1 = require($2);')
    .replace(/^[ \t]*import\s+([\w$]+)\s+from\s*(['"][^'"]+['"]);?/gm, 'const $1 = __default(require($2));')
    .replace(/^[ \t]*export\s+(\*|\{[^}]*\})(\s*as\s+\w+)?(\s*from\s*['"][^'"]+['"])?;?/gm, '')
    .replace(/^[ \t]*export\s+default\s+(?=(async\s+)?function\s*\*?\s*[\w$]|class\s+[\w$])/gm, '')
    .replace(/^[ \t]*export\s+default\s+/gm, 'var __defaultExport = ')
    .replace(/^[ \t]*export\s+(?=async|function|class|const|let|var)/gm, '')
    .concat('\n;function __default(m) { return m && m.default !== undefined ? m.default : m; }\n');
}

function renamed(list) {
  return list.replace(/([\w$]+)\s+as\s+([\w$]+)/g, '$1: $2');
}

function lenientRequire(real) {
  return (name) => {
    for (const tail of ['', '.ts', '.js', '.tsx', '/index.ts', '/index.js']) {
      try {
        return real(tail === '.ts' ? name.replace(/\.js$/, '') + tail : name + tail);
      } catch (error) {
        if (error?.code !== 'MODULE_NOT_FOUND' && error?.code !== 'ERR_MODULE_NOT_FOUND') throw error;
      }
    }
    return real(name);
  };
}

function within(promise, ms) {
  return Promise.race([promise, new Promise((_, reject) => setTimeout(reject, ms, timedOut))]);
}

function canonical(value, seen) {
  if (value === null || value === undefined || typeof value === 'boolean') return String(value);
  if (typeof value === 'number')
    return Number.isInteger(value) || !Number.isFinite(value)
      ? String(value)
      : String(Number(value.toPrecision(12)));
  if (typeof value === 'string') return JSON.stringify(value);
  if (typeof value === 'bigint') return `${value}n`;
  if (typeof value === 'function' || typeof value === 'symbol') return typeof value;
  if (seen.has(value) || seen.size > 20) return '...';
  const inner = new Set(seen).add(value);
  if (Array.isArray(value)) return `[${value.map((one) => canonical(one, inner)).join(', ')}]`;
  const tag = Object.prototype.toString.call(value).slice(8, -1);
  if (tag === 'Date') return `Date(${Number(value)})`;
  if (tag === 'RegExp') return String(value);
  if (tag === 'Map')
    return `Map(${[...value].map(([k, v]) => `${canonical(k, inner)}: ${canonical(v, inner)}`).join(', ')})`;
  if (tag === 'Set') return `Set(${[...value].map((one) => canonical(one, inner)).join(', ')})`;
  if (tag === 'Error') return `Error(${value.message})`;
  const keys = Object.keys(value).sort();
  return `{${keys.map((key) => `${key}: ${canonical(value[key], inner)}`).join(', ')}}`;
}
