/** Values handed from work that runs by itself to one reader. The writer bounds how many there are. */
export const createChannel = <T>() => {
  const values: T[] = [];
  let closed: { readonly error: unknown } | 'ended' | null = null;
  let wake: () => void = () => {};
  return {
    push: (value: T): void => {
      values.push(value);
      wake();
    },
    end: (): void => {
      closed ??= 'ended';
      wake();
    },
    fail: (error: unknown): void => {
      closed ??= { error };
      wake();
    },
    async *read(): AsyncGenerator<T> {
      while (true) {
        while (values.length > 0) yield values.shift()!;
        if (closed === 'ended') return;
        if (closed !== null) throw closed.error;
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
    },
  };
};
