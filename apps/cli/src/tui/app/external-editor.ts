import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AppError } from '@tandem/protocol/error';

/** The text as the person's own editor leaves it. The terminal must be the editor's meanwhile. @throws AppError configuration */
export const writeInEditor = async (
  text: string,
  environment: Readonly<Record<string, string | undefined>>,
): Promise<string> => {
  const [program = 'vi', ...words] = (environment.VISUAL || environment.EDITOR || 'vi')
    .split(/\s+/)
    .filter((word) => word !== '');
  const folder = await mkdtemp(join(tmpdir(), 'tandem-prompt-'));
  const file = join(folder, 'prompt.md');
  try {
    await writeFile(file, text, { mode: 0o600 });
    const exit = await new Promise<number | null>((resolve, reject) => {
      const child = spawn(program, [...words, file], { stdio: 'inherit', env: { ...environment } });
      child.on('error', reject);
      child.on('close', resolve);
    });
    // An editor that was left with an error is a change of mind.
    return exit === 0 ? (await readFile(file, 'utf8')).replace(/\n$/, '') : text;
  } catch (cause) {
    const message = `${program} cannot be started; set EDITOR to an editor that can`;
    throw new AppError('configuration', message, { cause });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
};
