/**
 * Puts a prefill in front of a streamed answer once: some servers repeat it, most go on after it. Nothing is emitted
 * before it is known which.
 */
export const createPrefilled = (
  prefill: string,
  emit: (text: string) => void,
): { readonly push: (text: string) => void; readonly end: () => string } => {
  let whole = '';
  let held = '';
  let decided = prefill === '';
  const give = (text: string): void => {
    if (text === '') return;
    whole += text;
    emit(text);
  };
  const decide = (): void => {
    decided = true;
    give(held.startsWith(prefill) ? held : prefill + held);
  };
  return {
    push: (text) => {
      if (decided) return give(text);
      held += text;
      if (!prefill.startsWith(held)) decide();
    },
    end: () => {
      if (!decided) decide();
      return whole;
    },
  };
};
