import { type Program, tableOf } from '../program.ts';
import { constantText, has, marks } from '../value.ts';
import {
  anyOf,
  type Check,
  dynamic,
  isDynamic,
  isTainted,
  nodesOf,
  settings,
  tainted,
  weakness,
} from './checks.ts';
import type { CallRule, Weakness } from './weakness.ts';

const message = 'a value becomes markup: escape it, or set text';
const rule = (id: string, check: Check, text = message): CallRule => ({ id, message: text, check });

/** A template needs to be told to escape. */
const escapes: Check = (call) =>
  /autoescape\s*=\s*(?:True|jinja2\.select_autoescape|select_autoescape|\w*autoescape\w*\()/.test(call.text)
    ? null
    : 'high';

const answered: Check = (call) =>
  call.args.some((value) => isTainted(value) && value.fields === null && !/\.json\b/.test(call.name))
    ? 'high'
    : null;

/** Values that become markup or templates. */
export const markupRules: ReadonlyMap<string, CallRule> = tableOf<CallRule>(
  ['document.write document.writeln', rule('script-injection', dynamic(0))],
  [
    '?.insertAdjacentHTML ?.setHTMLUnsafe',
    rule('script-injection', (call) => (isDynamic(call.args.at(-1)) ? 'high' : null)),
  ],
  [
    '?.createContextualFragment ?.bypassSecurityTrustHtml ?.bypassSecurityTrustScript ?.bypassSecurityTrustUrl',
    rule('script-injection', dynamic(0)),
  ],
  [
    '?.html',
    rule('script-injection', (call) => (/^(?:\$|jQuery)\(/.test(call.text) ? dynamic(0)(call) : null)),
  ],
  [
    'res.send res.write res.end response.send response.write response.end',
    rule('script-injection', answered),
  ],
  [
    'flask.render_template_string render_template_string',
    rule('template-injection', dynamic(0), 'a template is made from a value: it may run code'),
  ],
  [
    'jinja2.Template mako.template.Template mako.Template',
    rule(
      'template-injection',
      anyOf(tainted(0), dynamic(0, 'low')),
      'a template is made from a value: it may run code',
    ),
  ],
  ['jinja2.Environment', rule('escape-off', escapes, 'values become markup: set autoescape')],
  [
    'markupsafe.Markup Markup flask.Markup django.utils.safestring.mark_safe mark_safe django.utils.html.mark_safe django.utils.safestring.SafeText django.utils.safestring.SafeString',
    rule('script-injection', dynamic(0)),
  ],
  [
    'make_response flask.make_response HttpResponse django.http.HttpResponse flask.Response',
    rule('script-injection', tainted(0)),
  ],
  [
    'pug.compile pug.render ejs.render ejs.compile handlebars.compile Handlebars.compile _.template nunjucks.renderString',
    rule('template-injection', tainted(0), 'a template comes from outside: it may run code'),
  ],
);

/** Assignments of markup, and what a route of Flask gives back. */
export const markupWeaknesses = (program: Program): readonly Weakness[] => {
  const found: Weakness[] = [];
  for (const node of nodesOf(program, /^(?:assignment_expression|augmented_assignment_expression)$/)) {
    const [left, right] = [node.child('left'), node.child('right')];
    if (
      left === null ||
      right === null ||
      !/\.(?:innerHTML|outerHTML|srcdoc)$|\[['"](?:innerHTML|outerHTML)['"]\]$/.test(left.text)
    )
      continue;
    if (isDynamic(program.value(right)))
      found.push(weakness(node, { id: 'script-injection', message, certainty: 'high' }));
  }
  for (const { node, key, value } of settings(program))
    if (key === '__html' && isDynamic(program.value(value)))
      found.push(weakness(node, { id: 'script-injection', message, certainty: 'high' }));
  if (program.source.python) found.push(...returned(program));
  return found;
};

function* returned(program: Program): Generator<Weakness> {
  if (!/flask|@app\.route|request\./.test(program.source.text)) return;
  for (const node of nodesOf(program, /^return_statement$/)) {
    const part = node.parts[0];
    const value = part === undefined ? undefined : program.value(part);
    if (
      isTainted(value) &&
      has(value, marks.built) &&
      value!.texts.some((text) => text.includes('<')) &&
      constantText(value) === null
    )
      yield weakness(node, { id: 'script-injection', message, certainty: 'high' });
  }
}
