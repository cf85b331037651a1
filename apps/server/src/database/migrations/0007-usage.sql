-- What tasks used of models, by day: taken from the logs of their sessions when the agent is done, and at the end. Kept when a
-- task is not.

create table tandem.usage (
  org_id text not null references tandem.organisation (id),
  task_id text not null,
  day date not null,
  model text not null,
  created_by text not null,
  repository_id text not null,
  tokens_in bigint not null,
  tokens_cached bigint not null,
  tokens_out bigint not null,
  cost_usd double precision not null,
  ms bigint not null,
  primary key (task_id, day, model)
);

create index usage_by_day on tandem.usage (org_id, day);
create index session_by_parent on tandem.session (parent_id) where parent_id is not null;

-- The sessions of a task are its own, one for each time that it began again, and those of attempts below them. Doing it twice is
-- doing it once. Organisations may not read sessions: this does it for them, for one of their own tasks.
create function tandem.record_usage(task text) returns void language sql security definer set search_path = pg_catalog as $$
  with recursive mine (id) as (
    select s.id from tandem.task t, tandem.session s
    where t.id = task and s.id in (
      select t.session_id union select first.id from (select replace(t.id, 'task_', 'ses_') as id) first
      union select replace(t.id, 'task_', 'ses_') || 'r' || n
        from generate_series(1, coalesce(substring(substr(t.session_id, length(t.id)) from '^r(\d{1,4})$')::integer, 0)) n)
    union
    select s.id from tandem.session s join mine on s.parent_id = mine.id
  ), logged as (
    -- A log may hold the character 0, which PostgreSQL does not take out of json.
    select e.session_id, e.type, e.at, replace(e.body::text, '\u0000', '\u0020')::json -> 'data' as data
    from mine join tandem.event e on e.session_id = mine.id and e.type in ('step.started', 'step.completed')
  ), steps as (
    select (ended.at at time zone 'utc')::date as day, began.data ->> 'model' as model, ended.data -> 'usage' as used,
      extract(epoch from ended.at - began.at) * 1000 as ms
    from logged ended join logged began on began.session_id = ended.session_id and began.type = 'step.started'
      and began.data ->> 'step' = ended.data ->> 'step'
    where ended.type = 'step.completed'
  )
  insert into tandem.usage (org_id, task_id, day, model, created_by, repository_id, tokens_in, tokens_cached, tokens_out, cost_usd, ms)
  select t.org_id, t.id, day, model, t.created_by, t.repository_id, sum((used ->> 'in')::bigint), sum((used ->> 'cached')::bigint),
    sum((used ->> 'out')::bigint), sum((used ->> 'costUsd')::double precision), sum(greatest(ms, 0))::bigint
  from steps, tandem.task t where t.id = task
  group by t.org_id, t.id, day, model, t.created_by, t.repository_id
  on conflict (task_id, day, model) do update set tokens_in = excluded.tokens_in, tokens_cached = excluded.tokens_cached,
    tokens_out = excluded.tokens_out, cost_usd = excluded.cost_usd, ms = excluded.ms
$$;
revoke execute on function tandem.record_usage(text) from public;
grant execute on function tandem.record_usage(text) to tandem_member;

alter table tandem.usage enable row level security;
create policy ours on tandem.usage to tandem_member using (tandem.is_ours(org_id));
grant select on tandem.usage to tandem_member;

select tandem.record_usage(id) from tandem.task where state in ('completed', 'failed', 'cancelled');

-- Keys that could do all that their member's role could do go on so.
update tandem.api_key k set scopes = k.scopes || array['usage:read']
from tandem.member m
where m.id = k.member_id and m.role in ('owner', 'maintainer')
  and k.scopes @> array['members:read', 'keys:read', 'keys:write', 'repositories:read', 'repositories:write', 'tasks:read',
    'tasks:write', 'approvals:write', 'webhooks:read', 'webhooks:write', 'audit:read']
  and (m.role <> 'owner' or k.scopes @> array['organisation:write', 'members:write']);
