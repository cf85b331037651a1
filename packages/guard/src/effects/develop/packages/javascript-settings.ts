import type { Effect } from '../../effect.ts';
import { splitSetting } from '../git/config.ts';
import { outcomeEffect } from '../outcome.ts';
import type { Special } from '../tool.ts';

/** `npm config set key value` and `key=value`. */
export const configSet: Special = ({ operands, subject }) => {
  const [first, second] = operands;
  if (!first) return null;
  const { key, value } = second ? { key: first.text, value: second } : splitSetting(first);
  const what = `${subject.program} setting ${key}=${value.text}`;
  const setting = outcomeEffect('settings', { ...subject, what });
  if (/^(?:strict-ssl|strictSsl|enableStrictSsl)$/.test(key) && value.text === 'false')
    return [setting, { type: 'bypass', what }];
  if (/_?auth|token|password/i.test(key)) return [setting, { type: 'credential', change: 'write', what }];
  if (/^(?:script-shell|editor|git|shell|viewer|browser)$/.test(key))
    return [setting, { type: 'spawn', program: value.text, what: `${what} is run later` }];
  return [setting];
};

/** `npm pkg set scripts.x=…` puts a command where it is run later. */
export const packageSet: Special = ({ operands, subject, command, context }) =>
  operands.flatMap((word): readonly Effect[] => {
    const { key, value } = splitSetting(word);
    const edits = outcomeEffect('project', { ...subject, what: `sets ${key} in package.json` });
    const script = /^scripts[.[]([\w:-]+)/.exec(key)?.[1];
    if (!script) return [edits];
    const hook = /^(?:pre|post)?(?:install|prepare|publish|pack)/.test(script);
    return [
      edits,
      ...context.code('shell', value, command),
      ...(hook
        ? [{ type: 'spawn', program: value.text, what: `"${value.text}" will run at ${script}` } as const]
        : []),
    ];
  });

/** `npm explore package -- command`. */
export const explore: Special = ({ operands, command, context, subject }) => {
  const inner = operands.slice(1);
  return inner.length > 0 ? context.inner(inner, command) : [outcomeEffect('read', subject)];
};
