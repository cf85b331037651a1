-- Who may use the server. Each row belongs to one organisation, and what asks in the name of one asks as `tandem_member`:
-- the policies below show that role the rows of `tandem.organisation` (a setting of its transaction) and no others.

do $$
begin
  if not exists (select from pg_roles where rolname = 'tandem_member') then
    begin
      create role tandem_member nologin;
    exception when duplicate_object or unique_violation then
      null; -- another database of this cluster was migrated at the same moment
    end;
  end if;
  if not pg_has_role(current_user, 'tandem_member', 'member') then
    execute format('grant tandem_member to %I', current_user);
  end if;
end
$$;

grant usage on schema tandem to tandem_member;

-- Null, so no row at all, where the setting is missing.
create function tandem.is_ours(organisation text) returns boolean language sql stable
  return organisation = nullif(current_setting('tandem.organisation', true), '');

create table tandem.organisation (
  id text primary key,
  name text not null unique,
  max_running integer not null check (max_running between 1 and 1000),
  created_at timestamptz not null default now()
);

create table tandem.member (
  id text primary key,
  org_id text not null references tandem.organisation (id),
  name text not null,
  role text not null check (role in ('owner', 'maintainer', 'developer', 'reviewer', 'viewer')),
  created_at timestamptz not null default now(),
  unique (org_id, name),
  unique (org_id, id)
);

-- Of a key only its hash is kept.
create table tandem.api_key (
  id text primary key,
  org_id text not null,
  member_id text not null,
  name text not null,
  hash text not null unique check (hash ~ '^[0-9a-f]{64}$'),
  scopes text[] not null,
  created_at timestamptz not null default now(),
  expires_at timestamptz,
  revoked_at timestamptz,
  foreign key (org_id, member_id) references tandem.member (org_id, id)
);

create table tandem.repository (
  id text primary key,
  org_id text not null references tandem.organisation (id),
  name text not null,
  path text not null,
  created_at timestamptz not null default now(),
  unique (org_id, name),
  unique (org_id, id)
);

-- What was answered to a request that named a key: the same answer is given again.
create table tandem.idempotency (
  org_id text not null references tandem.organisation (id),
  key text not null,
  hash text not null,
  status integer not null,
  body json not null,
  created_at timestamptz not null default now(),
  primary key (org_id, key)
);

create index idempotency_by_age on tandem.idempotency (created_at);

alter table tandem.organisation enable row level security;
alter table tandem.member enable row level security;
alter table tandem.api_key enable row level security;
alter table tandem.repository enable row level security;
alter table tandem.idempotency enable row level security;

create policy ours on tandem.organisation to tandem_member using (tandem.is_ours(id));
create policy ours on tandem.member to tandem_member using (tandem.is_ours(org_id));
create policy ours on tandem.api_key to tandem_member using (tandem.is_ours(org_id));
create policy ours on tandem.repository to tandem_member using (tandem.is_ours(org_id));
create policy ours on tandem.idempotency to tandem_member using (tandem.is_ours(org_id));

grant select, update (max_running) on tandem.organisation to tandem_member;
grant select, insert on tandem.member to tandem_member;
grant select, insert, update (revoked_at) on tandem.api_key to tandem_member;
grant select, insert on tandem.repository to tandem_member;
grant select, insert, delete on tandem.idempotency to tandem_member;
