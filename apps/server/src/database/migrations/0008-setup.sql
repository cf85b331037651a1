-- The one-time code with which the first organisation is made. Of a code only its hash is kept; no organisation may see any.

create table tandem.setup (
  hash text primary key check (hash ~ '^[0-9a-f]{64}$'),
  expires_at timestamptz not null,
  used_at timestamptz
);

alter table tandem.setup enable row level security;
