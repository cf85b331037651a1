import * as actions from './actions.ts';
import type { Ask } from './screen.ts';

/** Which action does what was asked for. */
export const perform = (
  hands: actions.Hands,
  ask: Exclude<Ask, { readonly type: 'quit' | 'redraw' | 'page' | 'run' | 'send' }>,
): Promise<void> => {
  switch (ask.type) {
    case 'shell':
      return hands.shells.run(hands, ask.command);
    case 'interrupt':
      return actions.interrupt(hands);
    case 'answer':
      return actions.answer(hands, ask);
    case 'configure':
      return actions.configure(hands, ask);
    case 'chosen':
      return actions.chosen(hands, ask);
    case 'list files':
      return actions.listFiles(hands);
    case 'put behind':
      return Promise.resolve(hands.shells.putBehind());
    case 'external editor':
      return actions.externalEditor(hands);
    case 'suspend':
      return hands.suspend();
  }
};
