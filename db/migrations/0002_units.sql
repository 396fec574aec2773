-- units: places (区—街道/镇—社区/村—小区—楼栋 …) and Party organisations; two dated trees on one machinery.

-- The second wall (row-level security) lets an index answer only through functions known to leak nothing. These two tell nothing
-- but true or false; without this a search by name would read every unit. Where the owner may not say so, it is only slower.
do $$ begin
  alter function pg_catalog.textlike(text, text) leakproof;
  alter function pg_catalog.arraycontains(anyarray, anyarray) leakproof;
exception when insufficient_privilege then null;
end $$;

-- distributed: a unit as it stands today. unit_version holds its whole dated life; `settle` keeps this row equal to today's version.
create table unit (
  district_id int not null references district (id),
  id uuid not null,
  no int not null check (no > 0),
  tree text not null check (tree in ('place', 'org')),
  kind text not null,
  code text collate "C",
  name text not null check (length(name) between 1 and 60),
  parent_id uuid,
  path text collate "C" not null,
  depth int not null check (depth between 1 and 32),
  sort int not null default 0,
  pinyin text not null default '',              -- of every name it ever had, so that a former name finds it too
  keys text[] not null default '{}',            -- pairs of neighbouring characters of those names, for searches of two characters
  opened_on date not null,
  closed_on date check (closed_on > opened_on),
  withdrawn_at timestamptz,                     -- taken back with the import that made it: without versions, in no tree on any day
  attributes jsonb not null default '{}',
  primary key (district_id, id),
  unique (district_id, no),
  unique (district_id, path),
  foreign key (district_id, parent_id) references unit (district_id, id)
);
create unique index unit_one_root on unit (district_id, tree) where parent_id is null;
create unique index unit_code on unit (district_id, tree, code) where code is not null and closed_on is null;
create index unit_children on unit (district_id, parent_id, sort, no);
create index unit_code_find on unit (district_id, code) where code is not null;
create index unit_pinyin on unit using gin (pinyin gin_trgm_ops);
create index unit_keys on unit using gin (keys);
create index unit_kind on unit (district_id, kind, path);
call protect('unit', 'select, insert, update', true);
create trigger edition_changed after update on unit for each statement execute function edition_changed();

-- distributed: what a unit was, is and (planned) will be called, and where it hangs, from–to. [ORG-02, ORG-03]
create table unit_version (
  district_id int not null references district (id),
  unit_id uuid not null,
  valid_from date not null,
  valid_to date not null default 'infinity' check (valid_to > valid_from),
  tree text not null,
  kind text not null,
  code text,
  name text not null,
  parent_id uuid,
  path text collate "C" not null,
  sets text[] not null default '{kind,code,name,parentId}',   -- fields decided on valid_from; none when only units above moved
  change_id uuid,
  primary key (district_id, unit_id, valid_from),
  foreign key (district_id, unit_id) references unit (district_id, id),
  exclude using gist (district_id with =, unit_id with =, daterange(valid_from, valid_to) with &&)
);
create index unit_version_path on unit_version (district_id, path, valid_from, valid_to);
create index unit_version_parent on unit_version (district_id, parent_id, valid_from);
call protect('unit_version', 'select, insert, update, delete', true);
create trigger edition_changed after insert or update or delete on unit_version for each statement execute function edition_changed();

-- distributed: a reorganisation, carried out or planned, as one decision.
create table unit_change (
  district_id int not null references district (id),
  id uuid not null,
  effective_on date not null,
  state text not null check (state in ('planned', 'done', 'cancelled')),
  reason text not null,
  operations jsonb not null,
  differences jsonb not null,
  unit_ids uuid[] not null,
  decided_by text not null,
  decided_at timestamptz not null,
  held text,                                    -- why a planned change whose day has come is not carried out yet
  primary key (district_id, id)
);
create index unit_change_due on unit_change (district_id, state, effective_on);
create index unit_change_units on unit_change using gin (unit_ids);
call protect('unit_change', 'select, insert, update', true);

-- distributed: what one workbook brought in, so that the batch can be taken back as a whole within a day. [IMP-6]
create table unit_import (
  district_id int not null references district (id),
  id uuid not null,                             -- of the decision its rows were carried out by
  account_id uuid not null,
  under_id uuid not null,
  file_name text not null,
  sha256 bytea not null,
  opened_on date not null,
  counts jsonb not null,
  created uuid[] not null,
  changes jsonb not null,                       -- of units known already: which field, what it was, what the file said
  -- storing: waits for its job; refused: that could not; planned: its day is still to come
  state text not null check (state in ('storing', 'refused', 'planned', 'committed', 'undone')),
  pending jsonb check ((pending is not null) = (state = 'storing')),   -- the rows, while they wait
  result jsonb not null,                        -- what the undoing took back
  committed_at timestamptz not null,
  undone_at timestamptz,
  primary key (district_id, id),
  foreign key (district_id, under_id) references unit (district_id, id)
);
create index unit_import_account on unit_import (district_id, account_id, committed_at desc);
call protect('unit_import', 'select, insert, update', true);

-- distributed: who carries on after a merge, split or closure.
create table unit_successor (
  district_id int not null references district (id),
  unit_id uuid not null,
  successor_id uuid not null,
  effective_on date not null,
  change_id uuid not null,
  primary key (district_id, unit_id, successor_id, effective_on),   -- a closing corrected to another day is stated again
  check (unit_id <> successor_id),
  foreign key (district_id, unit_id) references unit (district_id, id),
  foreign key (district_id, successor_id) references unit (district_id, id)
);
create index unit_successor_of on unit_successor (district_id, successor_id);
call protect('unit_successor', 'select, insert', true);

-- distributed: dated links: an organisation serves a place, alliances 1+X+N, contact lists.
create table unit_link (
  district_id int not null references district (id),
  id uuid not null,
  kind text not null check (kind in ('serves', 'alliance', 'contact')),
  from_id uuid not null,
  to_id uuid not null,
  role text not null default '',
  valid_from date not null,
  valid_to date not null default 'infinity' check (valid_to > valid_from),
  primary key (district_id, id),
  foreign key (district_id, from_id) references unit (district_id, id),
  foreign key (district_id, to_id) references unit (district_id, id),
  exclude using gist (district_id with =, kind with =, from_id with =, to_id with =, role with =, daterange(valid_from, valid_to) with &&)
);
create index unit_link_from on unit_link (district_id, from_id, kind);
create index unit_link_to on unit_link (district_id, to_id, kind);
call protect('unit_link', 'select, insert, update', true);
create trigger edition_changed after insert or update on unit_link for each statement execute function edition_changed();

-- Only the owner may analyze. What was planned for a handful of units (every foreign key looked up by reading the whole table) is planned
-- anew after a bulk of rows; a tree the planner knows to be large stays as it is.
create function refresh_unit_statistics() returns void language plpgsql security definer set search_path = public, pg_temp as $$
begin
  if (select reltuples from pg_class where oid = 'unit'::regclass) < 20000 then
    analyze unit, unit_version;
  end if;
end $$;
revoke all on function refresh_unit_statistics() from public;
grant execute on function refresh_unit_statistics() to jishi_app;
