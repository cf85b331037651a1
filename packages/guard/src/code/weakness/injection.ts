import { hole } from '../../shell/command.ts';
import { type Program, tableOf } from '../program.ts';
import { constantText, has, marks, type Value } from '../value.ts';
import {
  anyOf,
  type Check,
  dynamic,
  isDynamic,
  isTainted,
  nodesOf,
  requested,
  tainted,
  weakness,
} from './checks.ts';
import { isCatastrophic } from './regular-expression.ts';
import type { CallRule, Weakness } from './weakness.ts';

const command =
  'a command is put together from a value that is not constant: pass a list of arguments without a shell';
const code = 'code is made from a value that is not constant';
const sql = 'SQL is put together from values: use placeholders';
const path = 'a path comes from outside: it may lead anywhere';

/** Only a shell reads signs in its arguments. */
const inShell: Check = (call) =>
  /^(?:True|true|1)$|\/(?:ba)?sh$/.test(constantText(call.named.get('shell')) ?? '')
    ? dynamic(0)(call)
    : null;

const listed: Check = (call) =>
  call.args[0]?.items?.some(isTainted) || isTainted(call.args[0]) ? 'low' : null;

const statement =
  /^\s*(?:select\b[\s\S]*\bfrom\b|insert\s+into\b|update\b[\s\S]*\bset\b|delete\s+from\b|replace\s+into\b|(?:drop|create|alter|truncate)\s+(?:table|database|user|view|index)\b|with\b[\s\S]*\bselect\b|exec(?:ute)?\s)/i;

const isBuiltSql = (value: Value | undefined): boolean =>
  isDynamic(value) &&
  has(value, marks.built) &&
  value.texts.some((text) => text.includes(hole) && statement.test(text));

const builtSql: Check = (call) => (isBuiltSql(call.args[0]) || isTainted(call.args[0]) ? 'high' : null);

const where: Check = (call) => {
  const fields = call.args[0]?.fields;
  if (fields == null) return isTainted(call.args[0]) ? 'high' : null;
  if (isDynamic(fields.get('$where'))) return 'high';
  return [...fields.values()].some(isTainted) ? 'low' : null;
};

const address: Check = (call) => {
  const url = call.args[0] ?? call.named.get('url');
  if (!isTainted(url)) return null;
  return url!.texts.some((text) => /^(?:https?:\/\/)?\uFFFC/.test(text)) ? 'high' : 'low';
};

const loaded: Check = (call) =>
  call.text.startsWith('import') ? requested(null, 0)(call) : requested('low', 0)(call);
const constantExpression: Check = (call) =>
  isCatastrophic(constantText(call.args[0]) ?? '') ? 'high' : null;
/** A timer that is given a text. */
const timed: Check = (call) =>
  isDynamic(call.args[0]) && (has(call.args[0], marks.built) || isTainted(call.args[0])) ? 'high' : null;

const rule = (id: string, message: string, check: Check): CallRule => ({
  id,
  message,
  check: (call) => (call.args.length + call.named.size === 0 ? null : check(call)),
});

/** Values from outside in commands, code, queries, paths and addresses. */
export const injectionRules: ReadonlyMap<string, CallRule> = tableOf<CallRule>(
  [
    'os.system os.popen os.popen2 os.popen3 os.popen4 popen2.popen2 popen2.popen3 commands.getoutput commands.getstatusoutput subprocess.getoutput subprocess.getstatusoutput asyncio.create_subprocess_shell child_process.exec child_process.execSync shelljs.exec ?.exec_command',
    rule('command-injection', command, dynamic(0)),
  ],
  [
    'subprocess.run subprocess.call subprocess.check_call subprocess.check_output subprocess.Popen',
    rule('command-injection', command, anyOf(inShell, listed)),
  ],
  [
    'child_process.spawn child_process.spawnSync child_process.execFile child_process.execFileSync child_process.fork',
    rule('command-injection', command, anyOf(inShell, dynamic(0, 'low'))),
  ],
  [
    'eval exec execfile execScript vm.runInThisContext vm.runInNewContext vm.runInContext vm.Script vm.compileFunction',
    rule('code-injection', code, dynamic(0)),
  ],
  ['compile', rule('code-injection', code, dynamic(0, 'low'))],
  ['Function', rule('code-injection', code, (call) => (call.args.some(isDynamic) ? 'high' : null))],
  ['setTimeout setInterval setImmediate', rule('code-injection', code, timed)],
  [
    'require import importlib.import_module __import__',
    rule('dynamic-import', 'what is loaded comes from a value', loaded),
  ],
  [
    '?.execute ?.executemany ?.executescript ?.raw ?.query ?.extra ?.$queryRawUnsafe ?.$executeRawUnsafe ?.run ?.all ?.prepare sqlalchemy.text text RawSQL django.db.models.expressions.RawSQL pandas.read_sql',
    rule('sql-injection', sql, builtSql),
  ],
  [
    '?.find ?.findOne ?.findOneAndUpdate ?.updateOne ?.deleteOne ?.deleteMany ?.updateMany ?.countDocuments',
    rule('nosql-injection', 'a query object comes from outside: check that its values are plain', where),
  ],
  [
    'fs.readFile fs.readFileSync fs.writeFile fs.writeFileSync fs.appendFile fs.appendFileSync fs.createReadStream fs.createWriteStream fs.open fs.openSync fs.unlink fs.unlinkSync fs.rm fs.rmSync fs.rmdir fs.readdir fs.readdirSync fs.rename fs.renameSync fs.stat fs.statSync fs.access fs.exists fs.existsSync fs.mkdir fs.mkdirSync fs.chmod fs.copyFile fs.symlink fs.truncate',
    rule('path-traversal', path, requested('low', 0)),
  ],
  [
    'open os.remove os.unlink os.open shutil.rmtree shutil.copy flask.send_file send_file pathlib.Path ?.sendFile ?.download send_from_directory os.listdir',
    rule('path-traversal', path, requested(null, 0, 1)),
  ],
  [
    'requests.get requests.post requests.put requests.head requests.request httpx.get httpx.post urllib.request.urlopen urllib2.urlopen urllib.urlopen urllib.request.urlretrieve fetch axios axios.get axios.post got http.get https.get http.request request needle',
    rule('request-forgery', 'the address of a request comes from outside', address),
  ],
  [
    'RegExp',
    rule(
      'dynamic-expression',
      'a pattern is made from a value: it may never end',
      anyOf(constantExpression, requested('low', 0)),
    ),
  ],
  [
    're.compile re.match re.search re.findall re.sub re.fullmatch',
    rule(
      'dynamic-expression',
      'a pattern may take for ever on some texts',
      anyOf(constantExpression, tainted(0)),
    ),
  ],
  [
    '?.redirect redirect flask.redirect django.shortcuts.redirect HttpResponseRedirect',
    rule('open-redirect', 'where to go next comes from outside', tainted(0, 1)),
  ],
  [
    '_.merge lodash.merge _.defaultsDeep _.set lodash.set lodash.defaultsDeep $.extend jQuery.extend deepmerge merge Object.assign',
    rule('prototype-pollution', 'an object from outside is merged: it may change every object', (call) =>
      call.args.slice(1).some(isTainted) ? (call.name === 'Object.assign' ? 'low' : 'high') : null,
    ),
  ],
  [
    '?.setAttribute',
    rule('script-injection', 'an attribute that runs code comes from a value', (call) =>
      /^on|^(?:srcdoc|href)$/.test(constantText(call.args[0]) ?? '') ? dynamic(1, 'low')(call) : null,
    ),
  ],
);

const built = /^(?:binary_operator|binary_expression|template_string|string|call|augmented_assignment)$/;

/** SQL built but not yet given to a query, fields set by names from outside, patterns that never end. */
export const injectionWeaknesses = (program: Program): readonly Weakness[] => {
  const found: Weakness[] = [];
  for (const node of nodesOf(program, built)) {
    if (node.parent !== null && built.test(node.parent.type) && node.type !== 'call') continue;
    if (node.parent?.type === 'call_expression' && node.type === 'template_string') continue;
    if (node.type === 'call' && !/\.format$/.test(node.child('function')?.text ?? '')) continue;
    if (isBuiltSql(program.value(node)))
      found.push(weakness(node, { id: 'sql-injection', message: sql, certainty: 'high' }));
  }
  for (const node of nodesOf(program, /^regex$/))
    if (isCatastrophic(node.child('pattern')?.text ?? ''))
      found.push(
        weakness(node, {
          id: 'dynamic-expression',
          message: 'a pattern may take for ever on some texts',
          certainty: 'high',
        }),
      );
  if (program.language === 'node') found.push(...namedFields(program));
  return found;
};

function* namedFields(program: Program): Generator<Weakness> {
  for (const node of nodesOf(program, /^(?:assignment_expression|call_expression)$/)) {
    const target = node.type === 'call_expression' ? node.child('function') : node.child('left');
    const index = target?.type === 'subscript_expression' ? target.child('index') : null;
    if (index === null || index === undefined) {
      if (
        /\.__proto__$|\[['"]__proto__['"]\]/.test(target?.text ?? '') &&
        node.type === 'assignment_expression'
      )
        yield weakness(node, {
          id: 'prototype-pollution',
          message: 'what all objects share is changed',
          certainty: 'low',
        });
      continue;
    }
    const value = program.value(index);
    if (!isDynamic(value) || /^(?:i|j|k|n|index|idx|\d+)$/.test(index.text)) continue;
    yield weakness(node, {
      id: 'object-injection',
      message: 'a field is chosen by a value: it may be `__proto__`',
      certainty: isTainted(value) ? 'high' : 'low',
    });
  }
}
