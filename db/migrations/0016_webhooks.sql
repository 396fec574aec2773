-- notices: what is told to systems outside, signed. Only the operator says where to; nothing personal leaves.

-- distributed: who is told. Secrets are sealed; the older one signs along for a day after a change.
create table webhook (
  district_id int not null references district (id),
  id uuid not null,
  url text not null check (length(url) <= 500),
  types text[] not null,
  secret_sealed bytea not null,
  old_secret_sealed bytea,
  old_until timestamptz,
  state text not null check (state in ('on', 'off', 'stopped', 'ended')),   -- stopped: by itself, after too many failures
  reason text not null default '',
  begun_at timestamptz not null,
  primary key (district_id, id)
);
create unique index webhook_url on webhook (district_id, url) where state <> 'ended';
call protect('webhook', 'select, insert, update', true);

-- distributed: what happened, once under its key
create table webhook_event (
  district_id int not null references district (id),
  id uuid not null,
  type text not null,
  key text not null,
  body text not null,                           -- exactly what is signed and sent
  at timestamptz not null,
  primary key (district_id, id),
  unique (district_id, key)
);
call protect('webhook_event', 'select, insert', true);

-- distributed: one event on its way to one of those who are told
create table webhook_delivery (
  district_id int not null references district (id),
  id uuid not null,
  webhook_id uuid not null,
  event_id uuid not null,
  state text not null check (state in ('waiting', 'delivered', 'failed')),
  attempts int not null default 0,
  status int,                                   -- of the last answer
  fault text not null default '',
  at timestamptz not null,
  tried_at timestamptz,
  next_at timestamptz,
  primary key (district_id, id),
  foreign key (district_id, webhook_id) references webhook (district_id, id),
  foreign key (district_id, event_id) references webhook_event (district_id, id)
);
create index webhook_delivery_of on webhook_delivery (district_id, webhook_id, at desc);
call protect('webhook_delivery', 'select, insert, update', true);
