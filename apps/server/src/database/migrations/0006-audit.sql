-- Who did what, for good. A chain for each organisation, and one named `server` for what belongs to none. The database itself
-- numbers, times and chains each row; whoever inserts one gives its content and nothing else.

create table tandem.audit (
  org_id text not null,
  seq bigint not null check (seq > 0),
  at timestamptz not null,
  actor text not null,
  action text not null,
  subject text not null,
  data json not null,
  previous text not null,
  hash text not null,
  primary key (org_id, seq)
);

-- Length and content, so that no two rows have the same text. src/audit/hash.ts says the same.
create function tandem.audit_part(content text) returns text language sql immutable
  return octet_length(convert_to(content, 'UTF8')) || ':' || content || ',';

-- The lock is held until the transaction ends: whoever comes next sees the row, or that it was rolled back.
create function tandem.audit_chain() returns trigger language plpgsql security definer set search_path = pg_catalog as $$
declare
  last record;
begin
  perform pg_advisory_xact_lock(hashtextextended('audit ' || new.org_id, 0));
  select seq, hash into last from tandem.audit where org_id = new.org_id order by seq desc limit 1;
  new.seq := coalesce(last.seq, 0) + 1;
  new.previous := coalesce(last.hash, repeat('0', 64));
  new.at := clock_timestamp();
  new.hash := encode(sha256(convert_to(
    tandem.audit_part(new.previous) || tandem.audit_part(new.org_id) || tandem.audit_part(new.seq::text)
    || tandem.audit_part(to_char(new.at at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'))
    || tandem.audit_part(new.actor) || tandem.audit_part(new.action) || tandem.audit_part(new.subject)
    || tandem.audit_part(new.data::text), 'UTF8')), 'hex');
  return new;
end
$$;

create function tandem.refuse_audit_change() returns trigger language plpgsql as $$
begin
  raise exception 'an audit row is never changed';
end
$$;

create trigger audit_chain before insert on tandem.audit for each row execute function tandem.audit_chain();
create trigger audit_is_final before update or delete on tandem.audit
  for each row execute function tandem.refuse_audit_change();
create trigger audit_is_never_emptied before truncate on tandem.audit
  for each statement execute function tandem.refuse_audit_change();

alter table tandem.audit enable row level security;
create policy ours on tandem.audit to tandem_member using (tandem.is_ours(org_id));
grant select, insert (org_id, actor, action, subject, data) on tandem.audit to tandem_member;

-- Keys that could do all that their member's role could do go on so.
update tandem.api_key k set scopes = k.scopes || array['audit:read']
from tandem.member m
where m.id = k.member_id and m.role in ('owner', 'maintainer')
  and k.scopes @> array['members:read', 'keys:read', 'keys:write', 'repositories:read', 'repositories:write', 'tasks:read',
    'tasks:write', 'approvals:write', 'webhooks:read', 'webhooks:write']
  and (m.role <> 'owner' or k.scopes @> array['organisation:write', 'members:write']);
