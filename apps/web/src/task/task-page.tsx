import { isFinal, type Task } from '@tandem/protocol/team';
import type { TeamClient } from '@tandem/sdk';
import { useCallback, useEffect, useMemo, useState } from 'react';
import { Counts, Diff } from '../diff/diff.tsx';
import type { May } from '../door/scopes.ts';
import { followLog } from '../live/follow-log.ts';
import { problemOf } from '../live/use-polled.ts';
import { useRequest } from '../live/use-request.ts';
import { useTask } from '../live/use-task.ts';
import { type Seen, useView } from '../live/use-view.ts';
import { Answer, type Given, Question } from '../session/answer.tsx';
import { Log } from '../session/log.tsx';
import { Output } from '../session/words.tsx';
import { Link, Problem, Title, When } from '../shell/parts.tsx';
import { Happened } from './happened.tsx';
import { Stages, State, titleOf } from './state.tsx';

type Client = { readonly client: TeamClient };
type Mine = Client & { readonly may: May };

export const TaskPage = ({ client, may, id }: Mine & { readonly id: string }) => {
  const { task, events, problem } = useTask(client, id);
  const session = task?.session ?? null;
  const follow = useMemo<Parameters<typeof useView>[0]>(
    () => (session === null ? null : (options) => followLog(client, id, options)),
    [client, id, session],
  );
  const seen = useView(follow);
  if (task === null)
    return (
      <>
        <Title>Task</Title>
        {problem === null ? <p className="quiet">One moment…</p> : <Problem text={problem} />}
        <Link to={{ screen: 'home' }}>Back to the list</Link>
      </>
    );
  return (
    <>
      <Title>{titleOf(task)}</Title>
      <Summary task={task} client={client} may={may} />
      <Problem text={problem} />
      <Change task={task} client={client} />
      <section>
        <h2>Log</h2>
        <Problem text={seen.problem} />
        {session === null ? <p className="quiet">The agent has not begun.</p> : <Log view={seen.view} />}
      </section>
      <About task={task} seen={seen} />
      <Happened events={events} />
      <Answers task={task} client={client} may={may} seen={seen} />
    </>
  );
};

const Summary = ({ task, client, may }: Mine & { readonly task: Task }) => {
  const request = useRequest();
  return (
    <section aria-label="State">
      <p className="row" role="status">
        <State state={task.state} /> <span>{task.why}</span>
      </p>
      <Stages task={task} />
      {task.error === null ? null : <p className="failed">{task.error.message}</p>}
      {task.branch === null ? null : (
        <p>
          Published on the branch <code>{task.branch}</code>
        </p>
      )}
      {isFinal(task.state) || !may.has('tasks:write') ? null : (
        <button
          type="button"
          disabled={request.isBusy}
          onClick={() => request.send(() => client.cancelTask(task.id))}
        >
          Cancel the task
        </button>
      )}
      <Problem text={request.problem} />
    </section>
  );
};

/** The change of a task, once there is one. */
const Change = ({ task, client }: Client & { readonly task: Task }) => {
  const { id, commit } = task;
  const [patch, setPatch] = useState<{ readonly text: string | null; readonly problem: string | null }>({
    text: null,
    problem: null,
  });
  const read = useCallback(async (): Promise<void> => {
    try {
      setPatch({ text: await client.patch(id), problem: null });
    } catch (error) {
      setPatch({ text: null, problem: problemOf(error) });
    }
  }, [client, id]);
  useEffect(() => {
    if (commit !== null) void read();
  }, [commit, read]);
  if (commit === null) return null;
  const files = task.files ?? [];
  return (
    <section>
      <h2>
        Change{' '}
        <Counts
          added={files.reduce((sum, { added }) => sum + added, 0)}
          removed={files.reduce((sum, { removed }) => sum + removed, 0)}
        />
      </h2>
      {task.verify === null ? null : <Checked {...task.verify} />}
      <Problem text={patch.problem} />
      {patch.text === null ? null : <Diff text={patch.text} />}
    </section>
  );
};

const Checked = ({ command, exit, output }: NonNullable<Task['verify']>) => (
  <details>
    <summary>
      <code>{command}</code>{' '}
      {exit === 0 ? (
        <span className="status completed">passes</span>
      ) : (
        <span className="status failed">exit {exit}</span>
      )}
    </summary>
    {output === '' ? (
      <p className="quiet">No output.</p>
    ) : (
      <Output text={output} label={`Output of ${command}`} />
    )}
  </details>
);

/** The questions that are open; the newest is the nearest to the thumb. */
const Answers = ({ task, client, may, seen }: Mine & { readonly task: Task; readonly seen: Seen }) => {
  const { id } = task;
  const isMine = may.has('approvals:write');
  if (task.state === 'waiting' && task.stage === 'approval')
    return (
      <Ask
        isMine={isMine}
        label="The change"
        allow="Publish it"
        answer={(given: Given) => client.answerTask(id, given)}
      >
        <h2>The change is ready</h2>
        <p>It is published where the repository lives once {isMine ? 'you allow' : 'somebody allows'} it.</p>
      </Ask>
    );
  const [question] = task.questions;
  if (question === undefined || isFinal(task.state)) return null;
  const asked = seen.view.approvals.find(({ approval }) => approval === question.approval) ?? null;
  return (
    <Ask
      key={question.approval}
      isMine={isMine}
      label="Question of the agent"
      allow="Allow"
      answer={(given: Given) => client.answerQuestion(id, question.approval, given)}
    >
      <Question question={question.question} asked={asked} />
    </Ask>
  );
};

/** Who may not answer sees what is asked, and no buttons. */
const Ask = ({ isMine, ...asked }: React.ComponentProps<typeof Answer> & { readonly isMine: boolean }) =>
  isMine ? (
    <Answer {...asked} />
  ) : (
    <section className="answer" aria-label={asked.label}>
      {asked.children}
      <p className="quiet">Your key may look, not answer: that needs the scope approvals:write.</p>
    </section>
  );

const About = ({ task, seen }: { readonly task: Task; readonly seen: Seen }) => {
  const { usage } = seen.view;
  return (
    <section>
      <h2>About</h2>
      <dl>
        <dt>Asked</dt>
        <dd className="words">{task.prompt}</dd>
        <dt>By</dt>
        <dd>
          {task.createdByName}, <When at={task.createdAt} />
        </dd>
        <dt>Model</dt>
        <dd>{task.options.model}</dd>
        <dt>May without asking</dt>
        <dd>{task.options.permissionMode}</dd>
        {usage.in + usage.out === 0 ? null : (
          <>
            <dt>Tokens</dt>
            <dd>
              {usage.in.toLocaleString('en')} read, {usage.out.toLocaleString('en')} written
            </dd>
          </>
        )}
      </dl>
    </section>
  );
};
