import { goTo } from '../route/use-route.ts';
import { Title } from '../shell/parts.tsx';
import { Prompt } from './prompt.tsx';
import type { Local } from './sessions.tsx';

/** A session with the model and the mode that the workspace's door was started with. */
export const NewSession = ({ client, workspace }: Local) => {
  const { cwd, model, permissionMode, options } = workspace;
  const begin = async (text: string): Promise<void> => {
    const { session } = await client.createSession({
      settings: { cwd, model, permissionMode },
      title: text.trim().split('\n')[0]!.slice(0, 80),
    });
    await client.startTurn(session, { text, options });
    goTo({ screen: 'session', id: session });
  };
  return (
    <>
      <Title>New session</Title>
      <p className="quiet">
        In <span className="path">{cwd}</span>, with {model}; mode {permissionMode}.
      </p>
      <Prompt label="What is to be done" action="Start" send={begin} rows={6} />
    </>
  );
};
