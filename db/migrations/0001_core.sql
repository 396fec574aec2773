-- The ground every capability stands on: districts, the history chain, idempotency keys, and the second wall.

create extension if not exists pg_trgm;
create extension if not exists btree_gist;

-- reference: one row per district; a district is the unit of distribution, so every other table leads with district_id.
create table district (
  id int primary key check (id between 1 and 999999),
  code text not null unique check (code ~ '^[0-9]{6}$'),
  name text not null,
  pack text not null,
  settings jsonb not null default '{}',
  created_at timestamptz not null default now()
);
grant select on district to jishi_app;

-- True while the transaction runs for that district; unset or empty fails closed (no row matches null).
create function current_district() returns int language sql stable parallel safe
  return nullif(current_setting('app.district', true), '')::int;

-- Refuses COMMIT when a transaction changed an audited table and wrote no history (trust C-4).
create function require_history() returns trigger language plpgsql as $$
begin
  if coalesce(current_setting('app.recorded', true), '') <> '1' then
    raise exception 'change of % without a history entry', tg_table_name using errcode = 'JS001';
  end if;
  return null;
end $$;

-- Puts a table behind the second wall. `powers` are the application's grants; `audited` demands history in the same transaction.
create procedure protect(table_name text, powers text, audited boolean) language plpgsql as $$
begin
  execute format('alter table %I enable row level security', table_name);
  execute format('alter table %I force row level security', table_name);
  execute format('create policy district_wall on %I using (district_id = current_district()) with check (district_id = current_district())', table_name);
  execute format('grant %s on %I to jishi_app', powers, table_name);
  if audited then
    execute format('create constraint trigger require_history after insert or update or delete on %I deferrable initially deferred for each row execute function require_history()', table_name);
  end if;
end $$;

-- distributed: heads of the history chains. One chain per lane so that writers of different subjects do not queue behind each other.
create table history_head (
  district_id int not null references district (id),
  lane int not null,
  seq bigint not null default 0,
  hash bytea not null,
  primary key (district_id, lane)
) with (fillfactor = 50);
call protect('history_head', 'select, insert, update', false);

-- distributed: append-only; hash = sha256(previous hash || body), body is the exact text that was hashed. An entry is born from its
-- head, which knows the district: a key of its own would lock the district's row at every change.
create table history (
  district_id int not null,
  lane int not null,
  seq bigint not null,
  hash bytea not null,
  at timestamptz not null,
  action text not null,
  actor_id uuid,
  subject_kind text not null,
  subject_id uuid not null,
  unit_path text collate "C" not null,
  body text not null,
  primary key (district_id, lane, seq)
);
create index history_subject on history (district_id, subject_id, at);
create index history_at on history (district_id, at desc);
create index history_actor on history (district_id, actor_id, at desc);
call protect('history', 'select, insert', false);

-- distributed: answers to creating requests, kept 72 h (trust C-6). The response is sealed: it may hold a follow-up code. Written with
-- every change, so it too has no key to the district, whose row all writers would lock.
create table idempotency (
  district_id int not null,
  actor text not null,
  key text not null,
  fingerprint text not null,
  status int not null,
  response bytea not null,
  at timestamptz not null,
  primary key (district_id, actor, key)
);
create index idempotency_at on idempotency (district_id, at);
call protect('idempotency', 'select, insert, delete', false);

-- distributed: small dense numbers (units, persons); taken in the transaction that uses them, so none is lost or doubled.
create table counter (
  district_id int not null references district (id),
  name text not null,
  value int not null,
  primary key (district_id, name)
);
call protect('counter', 'select, insert, update', false);

-- Counts the changes of what rarely changes but is needed again and again: roles, mechanisms, measures, units, their names and links, merged
-- persons. What a transaction read under one edition need not be read again under the same (trust C-2, decision 0012).
create function edition_changed() returns trigger language plpgsql as $$
begin
  insert into counter (district_id, name, value)
    select id, 'edition', 1 from district where id = current_district() or current_district() is null
    on conflict (district_id, name) do update set value = counter.value + 1;
  return null;
end $$;
