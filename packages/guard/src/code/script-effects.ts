import type { CodeLanguageName } from '../effects/describe.ts';
import type { Effect } from '../effects/effect.ts';
import type { Where } from './code-effects.ts';
import { powershellEffects } from './powershell-effects.ts';
import { tableFor } from './script-apis.ts';
import { scriptCalls } from './script-calls.ts';
import { type ScriptLanguage, scriptTokens } from './script-tokens.ts';

/** Languages that are read by their strings and names, without a syntax tree. */
export const scriptEffects = (
  language: Extract<CodeLanguageName, ScriptLanguage | 'powershell'>,
  text: string,
  where: Where,
  code: (inner: string) => readonly Effect[],
): readonly Effect[] => {
  if (language === 'powershell') return powershellEffects(text, where);
  const known: Effect = {
    type: 'run',
    program: language,
    origin: 'known',
    what: 'runs the code that is given',
  };
  const isSecret = (path: string): boolean =>
    /secret|account|process/.test(where.path(path).sensitivity ?? '');
  const around = { path: where.path, shell: where.shell, code, sql: () => [] };
  const effects: Effect[] = [known];
  const calls = scriptCalls(scriptTokens(language, text), isSecret);
  if (calls === null) return [{ type: 'opaque', at: 'code', what: 'is too tangled to be read' }];
  const table = tableFor(language);
  for (const call of calls) {
    const role = table.get(call.name.replace(/^(?:CORE::GLOBAL::|CORE::|Kernel[.:]+|\\)/, ''));
    if (role !== undefined && effects.length < 200) effects.push(...role(call, around));
  }
  const connects = calls.some((call) =>
    /^(?:socket|connect|fsockopen|TCPSocket\.(?:new|open)|IO::Socket::INET|socket\.(?:tcp|connect))$/.test(
      call.name,
    ),
  );
  const shells = /\/(?:ba|z|da|k)?sh\b|cmd\.exe|\bIO\.popen|\bio\.popen|\bSTD(?:IN|OUT)|\bproc_open\b/.test(
    text,
  );
  if (connects && shells) effects.push({ type: 'reverseShell', what: 'ties a shell to a connection' });
  return effects;
};
