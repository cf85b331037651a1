import { AppError, type PermissionMode } from '@tandem/protocol';

/** Each does what those before it do, and more. */
const widening: readonly PermissionMode[] = ['plan', 'dontAsk', 'default', 'acceptEdits', 'auto', 'bypass'];

export const modesUpTo = (widest: PermissionMode): readonly PermissionMode[] =>
  widening.slice(0, widening.indexOf(widest) + 1);

/** The mode that a client wishes for, never a wider one than the person gave. @throws AppError usage */
export const modeWithin = (widest: PermissionMode, wished: unknown): PermissionMode => {
  if (wished === undefined) return widest;
  const mode = widening.find((one) => one === wished);
  if (mode === undefined) throw new AppError('usage', `"mode" must be one of ${widening.join(', ')}`);
  if (modesUpTo(widest).includes(mode)) return mode;
  throw new AppError(
    'usage',
    `mode ${mode} is wider than ${widest}, which is what this server may do here; a person widens it with tandem mcp --permission-mode`,
  );
};
