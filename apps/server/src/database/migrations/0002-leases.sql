-- Who may write to a session. A holder is one process; it says every few seconds that it lives.

create table tandem.holder (
  id text primary key,
  host text not null,
  pid integer not null,
  started text,
  seen_at timestamptz not null default now()
);

alter table tandem.session
  add column fence bigint not null default 0,
  add column holder_id text references tandem.holder (id) on delete set null;

create index session_by_holder on tandem.session (holder_id) where holder_id is not null;
