-- Work that exists only on a person's machine, handed over as a git bundle for one task. The bytes are a file on the server of
-- `place`; a row goes with its task's end, or after a day that no task asked for it.

create table tandem.bundle (
  id text primary key,
  org_id text not null,
  repository_id text not null,
  task_id text unique,
  created_by text not null,
  place text not null,
  bytes integer not null check (bytes > 0),
  sha256 text not null check (sha256 ~ '^[0-9a-f]{64}$'),
  created_at timestamptz not null default now(),
  foreign key (org_id, repository_id) references tandem.repository (org_id, id),
  foreign key (org_id, task_id) references tandem.task (org_id, id)
);

create index bundle_waiting on tandem.bundle (org_id, created_at) where task_id is null;

alter table tandem.bundle enable row level security;
create policy ours on tandem.bundle to tandem_member using (tandem.is_ours(org_id));
grant select, insert, update (task_id) on tandem.bundle to tandem_member;
