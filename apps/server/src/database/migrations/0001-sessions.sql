-- The log of every session. Columns beside `body` repeat what is asked for by SQL; `body` is the event exactly as stored.
-- `body` is json and not jsonb: it keeps the text as it is, \u0000 included.

create table tandem.session (
  id text primary key check (id ~ '^[A-Za-z0-9_-]{1,80}$'),
  last_seq bigint not null default 0 check (last_seq >= 0),
  title text not null default '',
  cwd text not null default '',
  parent_id text,
  created_at timestamptz,
  updated_at timestamptz
);

create index session_by_age on tandem.session (updated_at desc, id desc) where last_seq > 0;

create table tandem.event (
  session_id text not null references tandem.session (id),
  seq bigint not null check (seq > 0),
  id text not null,
  type text not null,
  at timestamptz not null,
  body json not null,
  primary key (session_id, seq)
);

create table tandem.blob (
  hash text primary key check (hash ~ '^[0-9a-f]{64}$'),
  bytes bytea not null,
  created_at timestamptz not null default now()
);

-- An event, once written, is never changed and never taken away.
create function tandem.refuse_change() returns trigger language plpgsql as $$
begin
  raise exception 'an event is never changed';
end
$$;

create trigger event_is_final before update or delete on tandem.event
  for each row execute function tandem.refuse_change();
