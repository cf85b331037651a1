/**
 * The tandem command: what the process needs before anything else. The version is answered before the engine, a schema or a
 * network stack is loaded; everything else is dispatch.ts. No command's own code may go in here.
 */
import metadata from '../package.json' with { type: 'json' };

const main = async (words: readonly string[]): Promise<number> => {
  if (words[0] === '--version' || words[0] === '-V') {
    process.stdout.write(`tandem ${metadata.version}\n`);
    return 0;
  }
  return await (await import('./dispatch.ts')).dispatch(words);
};

// A reader that has seen enough (`tandem … | head`) is no failure, and nobody is left to tell.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  // EIO: the terminal itself has gone.
  if (error.code !== 'EPIPE' && error.code !== 'EIO') throw error;
  // A running command listens for this one and ends its turn first.
  if (!(process as NodeJS.EventEmitter).emit('tandem:reader-gone')) process.exit(0);
});
process.stderr.on('error', () => {});
// The launcher's own cache; the commands that a turn runs must not inherit it.
delete process.env.NODE_COMPILE_CACHE;

const code = await main(process.argv.slice(2));
// Written here and not left to an idle loop: an inference engine's threads would keep the process.
process.stdout.write('', () => process.stderr.write('', () => process.exit(code)));
