import type { Program } from '../program.ts';
import { constantText } from '../value.ts';
import { nodesOf, settings, weakness } from './checks.ts';
import type { Weakness } from './weakness.ts';

const secretName =
  /(?:^|[_.\-'"[])(?:pass(?:wd|word|phrase)?|pwd|secret|token|api_?key|access_?key|private_?key|auth_?token|client_?secret|secret_?key|encryption_?key)(?:['"\]]*$|_?(?:key|value)?['"\]]*$)|(?:Password|Secret|Token|ApiKey|SecretKey|PrivateKey|AccessKey)$/i;
const placeholderValue =
  /^(?:$|<.*>|\$\{?\w+\}?|%\w+%|\{\{.*\}\}|x{3,}|\*+|\.{3}|none|null|undefined|true|false|your[-_ ].*|example.*|changeme|test|todo|dummy|placeholder|password|token|secret|string|text|bearer)$/i;
/** Forms of keys that nothing else has. */
const keyForm =
  /^(?:AKIA[0-9A-Z]{16}|gh[pousr]_\w{30,}|sk-[\w-]{20,}|xox[abprs]-[\w-]{10,}|AIza[\w-]{30,}|eyJ[\w-]{10,}\.[\w-]{10,}\.)|-----BEGIN [A-Z ]*PRIVATE KEY-----/;
const named = /^[\w.[\]'"-]{1,60}$/;
/** Names of fields, headers and messages are words, not secrets. */
const wordy =
  /^[a-z]+(?:[_\-. ][a-z]+)*$|^[A-Z_]+$|\s\w+\s|^[a-z]+(?:[A-Z][a-z]+)+$|^https?:\/\/[^@]*$|^[./]/;

/** Passwords and keys that stand in the text, and characters that turn its direction round. */
export const secretWeaknesses = (program: Program): readonly Weakness[] => {
  const found: Weakness[] = [];
  for (const { node, key, value } of settings(program)) {
    if (!/string$/.test(value.type) || !named.test(key) || !secretName.test(key) || key === 'PWD') continue;
    const text = constantText(program.value(value));
    if (text === null || placeholderValue.test(text)) continue;
    const certainty = /passw|pwd|passphrase/i.test(key)
      ? /^[^\s,]{4,80}$/.test(text)
      : text.length >= 8 && !/[\s,|]/.test(text) && !wordy.test(text);
    found.push(
      weakness(node, {
        id: 'hard-coded-secret',
        message: 'a secret stands in the code',
        certainty: certainty ? 'high' : 'low',
      }),
    );
  }
  for (const node of nodesOf(program, /^(?:string|template_string)$/))
    if (keyForm.test(node.text.replace(/^[a-z]*['"`]+/, '')))
      found.push(
        weakness(node, { id: 'hard-coded-secret', message: 'a key stands in the code', certainty: 'high' }),
      );
  for (const node of nodesOf(program, /^(?:comparison_operator|binary_expression)$/)) {
    const [left, right] = [node.parts[0], node.parts.at(-1)];
    if (left === undefined || right === undefined || !/[!=]==?/.test(node.children[1]?.text ?? '')) continue;
    if (
      secretName.test(left.text) &&
      right.type === 'string' &&
      !placeholderValue.test(constantText(program.value(right)) ?? '')
    )
      found.push(
        weakness(node, {
          id: 'hard-coded-secret',
          message: 'a secret stands in the code',
          certainty: /passw|pwd/i.test(left.text) ? 'high' : 'low',
        }),
      );
  }
  return [...found, ...shown(program), ...turned(program)];
};

const showing =
  /^(?:print|pprint|(?:\w+\.)*(?:logging|logger|log|console|_logger|LOG)\.\w+|\?\.(?:info|debug|warning|error))$/;
const shownName =
  /(?:^|[._])(?:passw(?:or)?d|passphrase|pwd|secret_?key|private_?key|api_?key|credit_?card|ssn)$|(?:Password|SecretKey|PrivateKey|ApiKey)$/i;

/** Secrets that are written to a log. */
function* shown({ calls }: Program): Generator<Weakness> {
  for (const call of calls) {
    if (!showing.test(call.name)) continue;
    for (const node of call.node.child('arguments')?.walk() ?? [])
      if (
        /^(?:identifier|attribute|member_expression)$/.test(node.type) &&
        shownName.test(node.text) &&
        !/call/.test(node.parent?.type ?? '')
      )
        yield weakness(node, {
          id: 'logged-secret',
          message: 'a secret is written where others read it',
          certainty: 'high',
        });
  }
}

const turning = /[\u202A-\u202E\u2066-\u2069]/;

function* turned({ source }: Program): Generator<Weakness> {
  for (const [at, line] of source.text.split('\n').entries())
    if (turning.test(line))
      yield {
        id: 'turned-text',
        line: at + 1,
        message: 'characters that turn the direction of text round hide what it does',
        certainty: 'high',
      };
}
