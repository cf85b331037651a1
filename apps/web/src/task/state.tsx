import type { Task, TaskStage, TaskState } from '@tandem/protocol/team';
import { taskStages } from '@tandem/protocol/team';

const states: Readonly<Record<TaskState, string>> = {
  queued: 'Queued',
  running: 'Running',
  waiting: 'Needs you',
  completed: 'Done',
  failed: 'Failed',
  cancelled: 'Cancelled',
};

export const State = ({ state }: { readonly state: TaskState }) => (
  <span className={`state ${state}`}>{states[state]}</span>
);

export const titleOf = ({ prompt }: Task): string => prompt.trim().split('\n')[0]!.slice(0, 120);

const stages: Readonly<Record<TaskStage, string>> = {
  admit: 'Admitted',
  prepare: 'Files ready',
  agent: 'Agent',
  verify: 'Checked',
  approval: 'Looked at',
  publish: 'Published',
  notify: 'Announced',
};

/** How far it is on its way. */
export const Stages = ({ task: { stage, state } }: { readonly task: Task }) => {
  const at = taskStages.indexOf(stage);
  const stands = (index: number): 'done' | 'here' | 'ahead' => {
    if (state === 'completed' || index < at) return 'done';
    return index === at ? 'here' : 'ahead';
  };
  return (
    <ol className="stages" aria-label="Stages">
      {taskStages.map((name, index) => (
        <li
          key={name}
          className={stands(index)}
          {...(stands(index) === 'here' ? { 'aria-current': 'step' } : {})}
        >
          {stages[name]}
          {stands(index) === 'done' ? <span className="unseen"> (done)</span> : null}
        </li>
      ))}
    </ol>
  );
};
