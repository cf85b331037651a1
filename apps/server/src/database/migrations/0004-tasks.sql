-- Work asked of the server. A `run` is what the durable engine knows of it; the task is what people see. Both change in one
-- transaction, and only by whoever holds the run: its fence moves on with every claim.

create table tandem.task (
  id text primary key,
  org_id text not null,
  repository_id text not null,
  created_by text not null,
  prompt text not null,
  options json not null,
  state text not null check (state in ('queued', 'running', 'waiting', 'completed', 'failed', 'cancelled')),
  stage text not null,
  why text not null,
  last_seq bigint not null default 0,
  session_id text,
  base_commit text,
  head_commit text,
  branch text,
  files json,
  verify json,
  answer text,
  error json,
  questions json not null default '[]',
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  unique (org_id, id),
  foreign key (org_id, repository_id) references tandem.repository (org_id, id)
);

create index task_by_age on tandem.task (org_id, id desc);

create table tandem.task_event (
  org_id text not null,
  task_id text not null,
  seq bigint not null check (seq > 0),
  at timestamptz not null default now(),
  type text not null,
  actor text not null,
  data json not null,
  primary key (task_id, seq),
  foreign key (org_id, task_id) references tandem.task (org_id, id)
);

create trigger task_event_is_final before update or delete on tandem.task_event
  for each row execute function tandem.refuse_change();

-- `parked`: held by a worker, but waiting for a person, so that it takes no slot. `place`: where its files lie; only a server
-- of that place goes on with it. `version`: of the stages; an older program leaves a newer run alone.
create table tandem.run (
  id text primary key,
  org_id text not null references tandem.organisation (id),
  version integer not null,
  stage text not null,
  state text not null check (state in ('queued', 'running', 'waiting', 'done')),
  parked boolean not null default false,
  attempts integer not null default 0,
  fence bigint not null default 0,
  holder_id text references tandem.holder (id) on delete set null,
  place text,
  session_id text,
  ready_at timestamptz not null default now(),
  cancelled_at timestamptz
);

create index run_queued on tandem.run (ready_at, id) where state = 'queued';
create index run_running on tandem.run (org_id) where state = 'running';
create index run_by_session on tandem.run (session_id) where session_id is not null;

-- What a person said to a run, until it has heard it. The first answer to a question is the answer.
create table tandem.answer (
  org_id text not null,
  run_id text not null references tandem.run (id),
  topic text not null,
  value json not null,
  actor text not null,
  at timestamptz not null default now(),
  primary key (run_id, topic)
);

alter table tandem.task enable row level security;
alter table tandem.task_event enable row level security;
alter table tandem.run enable row level security;
alter table tandem.answer enable row level security;

create policy ours on tandem.task to tandem_member using (tandem.is_ours(org_id));
create policy ours on tandem.task_event to tandem_member using (tandem.is_ours(org_id));
create policy ours on tandem.run to tandem_member using (tandem.is_ours(org_id));
create policy ours on tandem.answer to tandem_member using (tandem.is_ours(org_id));

grant select, insert, update on tandem.task to tandem_member;
grant select, insert on tandem.task_event to tandem_member;
grant select, insert, update on tandem.run to tandem_member;
grant select, insert on tandem.answer to tandem_member;
