import type { TaskEvent } from '@tandem/protocol/team';
import { When } from '../shell/parts.tsx';

const words: Readonly<Record<TaskEvent['type'], string>> = {
  'task.created': 'was asked for',
  'task.started': 'is being worked on',
  'stage.completed': 'is past the stage',
  'question.asked': 'asks somebody',
  'question.answered': 'has its answer',
  'approval.requested': 'waits for somebody to look at the change',
  'approval.resolved': 'has been looked at',
  'task.retrying': 'is tried again',
  'task.taken_up': 'is taken up by another worker',
  'cancel.requested': 'is to be cancelled',
  'task.completed': 'is done',
  'task.failed': 'failed',
  'task.cancelled': 'is cancelled',
};

/** Who did what, and when: the task's own events. */
export const Happened = ({ events }: { readonly events: readonly TaskEvent[] }) => (
  <details className="happened">
    <summary>What happened ({events.length})</summary>
    <ol>
      {events.map(({ seq, type, at, actorName, data }) => (
        <li key={seq}>
          {words[type]} {detailOf(data)}
          <span className="quiet">
            {' '}
            – {actorName}, <When at={at} />
          </span>
        </li>
      ))}
    </ol>
  </details>
);

const detailOf = (data: TaskEvent['data']): string =>
  [data.stage, data.decision, data.note, data.message]
    .filter((value) => typeof value === 'string')
    .join(', ');
