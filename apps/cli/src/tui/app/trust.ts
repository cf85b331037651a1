import { line } from '../text/line.ts';
import type { Hands } from './actions.ts';
import type { Added } from './machine.ts';
import { picking, reading } from './run-command.ts';

/** Asks once whether what the workspace brings along may run; true when there is something to answer. */
export const askTrust = async (hands: Hands): Promise<boolean> => {
  const asked = await hands.machine.trustQuestion();
  if (asked === null) return false;
  const choices = [
    { label: 'not', note: 'it does not run; its texts are read all the same', value: 'refused' },
    { label: 'trust', note: `${asked.root}, from now on`, value: 'trusted' },
  ];
  const title = `Trust this workspace? It would run ${asked.what}`;
  hands.change((screen) => picking(screen, { title, purpose: 'trust', choices, about: asked.root }));
  return true;
};

export const answerTrust = async (hands: Hands, root: string, trusted: boolean): Promise<void> => {
  await hands.machine.answerTrust(root, trusted ? 'trusted' : 'refused');
  if (trusted) (await hands.door()).trustWorkspace();
  const text = trusted
    ? 'trusted; what its config file says holds from the next start on'
    : 'not trusted; tandem trust changes that';
  hands.change((screen) => ({ ...screen, notice: { text, bad: false } }));
};

export const list = async (hands: Hands, what: Added): Promise<void> => {
  const lines = (await hands.machine.listing(what)).map((text) => line(text));
  const title = { hooks: 'Hooks', skills: 'Skills', agents: 'Agents', mcp: 'MCP servers' }[what];
  hands.change((screen) => reading(screen, title, lines));
};
