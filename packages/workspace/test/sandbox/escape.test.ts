import { levels } from './confined.ts';
import { blocks, succeedOutside } from './escape-suite.ts';

// The level that is used here; escape.slow.test.ts runs all of them.
const [strongest = levels[0]] = levels.filter(({ level }) => level !== null);

succeedOutside();
if (strongest !== undefined) blocks(strongest);
