import { AppError } from '@tandem/protocol/error';
import type { Door, Settings } from '../tui/app/machine.ts';

/** What the machine there says of itself before the door opens; the first line that is not noise of a login. */
export type Hello = {
  readonly version: string;
  /** Absolute, there. */
  readonly cwd: string;
  readonly settings: Settings;
  readonly sandbox: Door['sandbox'];
};

/** Of how both sides speak after the line; another number is refused. */
const speech = 1;
const mark = 'tandem-door ';

export const helloLine = (hello: Hello): string => `${mark}${JSON.stringify({ speech, ...hello })}\n`;

/** Null: the line is none, such as what a shell's start files print. @throws AppError configuration */
export const readHello = (line: string): Hello | null => {
  if (!line.startsWith(mark)) return null;
  const said = parsed(line.slice(mark.length));
  const { version, cwd, settings } = said;
  if (said.speech !== speech)
    throw new AppError(
      'configuration',
      `Tandem there is version ${String(version)}, which speaks otherwise; install the same version on both machines.`,
    );
  if (typeof version === 'string' && typeof cwd === 'string' && typeof settings?.model === 'string')
    return said as Hello;
  throw new AppError('configuration', 'What is there does not speak as tandem does.');
};

const parsed = (text: string): Partial<Hello> & { readonly speech?: unknown } => {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null) return value;
  } catch {}
  return {};
};
