/** Kills this process before the Nth call of the functions that it is told to count. */
export const killAt = (last) => {
  let steps = 0;
  return {
    /** Counts calls of these functions; opening to read changes nothing and does not count. */
    count: (target, names) => {
      for (const name of names) {
        const inner = target[name];
        target[name] = (...given) => {
          if (name === 'open' && (given[1] === undefined || given[1] === 'r')) return inner(...given);
          steps += 1;
          if (steps === Number(last)) process.kill(process.pid, 'SIGKILL');
          return inner(...given);
        };
      }
    },
    begin: () => {
      steps = 0;
    },
    steps: () => steps,
  };
};
