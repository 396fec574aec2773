-- figures: what a district counts beside what the modules publish.

-- distributed: one row per version of a measure the district defined. Once written only its last day changes, so an old report keeps its numbers' meaning.
create table measure (
  district_id int not null references district (id),
  id text not null check (id ~ '^own\.[a-z0-9-]{1,40}$'),
  version int not null check (version > 0),
  definition jsonb not null,
  owner_id uuid not null,
  valid_from date not null,
  valid_to date not null default 'infinity' check (valid_to >= valid_from),
  reason text not null,
  decided_by text not null,
  decided_at timestamptz not null,
  end_reason text,
  primary key (district_id, id, version),
  foreign key (district_id, owner_id) references unit (district_id, id),
  exclude using gist (district_id with =, id with =, daterange(valid_from, valid_to) with &&)
);
call protect('measure', 'select, insert, update', true);
create trigger edition_changed after insert or update on measure for each statement execute function edition_changed();
