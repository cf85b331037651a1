-- Where organisations are told of what happens to their tasks. A delivery is written in the transaction of the event that it
-- tells of, once for each webhook and event, and sent later, at least once. Secrets are sealed; see src/secret.

create table tandem.webhook (
  id text primary key,
  org_id text not null references tandem.organisation (id),
  url text not null,
  events text[] not null,
  description text not null default '',
  secret text not null,
  previous_secret text,
  previous_until timestamptz,
  disabled_why text,
  failing_since timestamptz,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  unique (org_id, id)
);

-- `tries`: since it was last asked for; it places the next one. `holder_id`: the process that is at it.
create table tandem.delivery (
  id text primary key,
  org_id text not null,
  webhook_id text not null,
  event_id text not null,
  type text not null,
  body text not null,
  state text not null default 'waiting' check (state in ('waiting', 'delivered', 'failed')),
  tried integer not null default 0,
  tries integer not null default 0,
  next_at timestamptz not null default now(),
  holder_id text references tandem.holder (id) on delete set null,
  created_at timestamptz not null default now(),
  ended_at timestamptz,
  unique (webhook_id, event_id),
  unique (org_id, id),
  foreign key (org_id, webhook_id) references tandem.webhook (org_id, id) on delete cascade
);

create index delivery_waiting on tandem.delivery (next_at, id) where state = 'waiting';
create index delivery_by_age on tandem.delivery (webhook_id, id desc);
create index delivery_ended on tandem.delivery (ended_at) where state <> 'waiting';

create table tandem.delivery_try (
  org_id text not null,
  delivery_id text not null,
  number integer not null check (number > 0),
  at timestamptz not null,
  ms integer not null,
  status integer,
  error text,
  answer text,
  primary key (delivery_id, number),
  foreign key (org_id, delivery_id) references tandem.delivery (org_id, id) on delete cascade
);

alter table tandem.webhook enable row level security;
alter table tandem.delivery enable row level security;
alter table tandem.delivery_try enable row level security;

create policy ours on tandem.webhook to tandem_member using (tandem.is_ours(org_id));
create policy ours on tandem.delivery to tandem_member using (tandem.is_ours(org_id));
create policy ours on tandem.delivery_try to tandem_member using (tandem.is_ours(org_id));

grant select, insert, update, delete on tandem.webhook to tandem_member;
grant select, insert, update (state, tries, next_at, ended_at) on tandem.delivery to tandem_member;
grant select on tandem.delivery_try to tandem_member;

-- Keys that could do all that their member's role could do go on so.
update tandem.api_key k set scopes = k.scopes || array['webhooks:read', 'webhooks:write']
from tandem.member m
where m.id = k.member_id and m.role in ('owner', 'maintainer')
  and k.scopes @> array['members:read', 'keys:read', 'keys:write', 'repositories:read', 'repositories:write', 'tasks:read',
    'tasks:write', 'approvals:write']
  and (m.role <> 'owner' or k.scopes @> array['organisation:write', 'members:write']);
