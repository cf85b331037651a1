import type { View } from '@tandem/protocol';
import { useCallback } from 'react';
import { useEnd } from '../live/use-end.ts';
import { useRequest } from '../live/use-request.ts';
import { useView } from '../live/use-view.ts';
import { Answer, Question } from '../session/answer.tsx';
import { Log } from '../session/log.tsx';
import { Problem, Title } from '../shell/parts.tsx';
import { Prompt } from './prompt.tsx';
import type { Local } from './sessions.tsx';

const words = { idle: 'Done', running: 'Running', waiting: 'Needs you' } as const;
const looks = { idle: 'completed', running: 'running', waiting: 'waiting' } as const;

export const SessionPage = ({ client, workspace, id }: Local & { readonly id: string }) => {
  const follow = useCallback(
    (options: Parameters<typeof client.follow>[1]) => client.follow(id, options),
    [client, id],
  );
  const { view, isCaughtUp, problem } = useView(follow);
  useEnd(view);
  const may = (right: Local['workspace']['may'][number]): boolean => workspace.may.includes(right);
  return (
    <>
      <Title>{view.title || 'Session'}</Title>
      <p className="row" role="status">
        {isCaughtUp ? (
          <span className={`state ${looks[view.status]}`}>{words[view.status]}</span>
        ) : (
          'One moment…'
        )}
      </p>
      <Problem text={problem} />
      <section aria-label="Log">
        <Log view={view} />
      </section>
      <Facts view={view} />
      {may('approve') ? <Approval client={client} view={view} /> : null}
      {may('prompt') && isCaughtUp ? (
        <div className="stick">
          {view.status === 'idle' ? null : <Stop stop={() => client.interrupt(id)} />}
          <Prompt
            label={view.status === 'idle' ? 'What next' : 'Tell the agent while it works'}
            action="Send"
            send={(text) => client.startTurn(id, { text, options: workspace.options })}
          />
        </div>
      ) : null}
    </>
  );
};

const Stop = ({ stop }: { readonly stop: () => Promise<void> }) => {
  const request = useRequest();
  return (
    <>
      <button type="button" disabled={request.isBusy} onClick={() => request.send(stop)}>
        Stop
      </button>
      <Problem text={request.problem} />
    </>
  );
};

const Approval = ({ client, view }: { readonly client: Local['client']; readonly view: View }) => {
  const asked = view.approvals[0];
  if (asked === undefined) return null;
  return (
    <Answer
      key={asked.approval}
      label="Question of the agent"
      allow={asked.fields === undefined ? 'Allow' : 'Answer'}
      fields={asked.fields}
      answer={(given) => client.resolveApproval(view.session, asked.approval, given)}
    >
      <Question question={asked.question} asked={asked} />
    </Answer>
  );
};

const Facts = ({ view: { settings, usage } }: { readonly view: View }) =>
  settings === null ? null : (
    <p className="quiet">
      {settings.model} · {settings.permissionMode} · {(usage.in + usage.out).toLocaleString('en')} tokens
    </p>
  );
