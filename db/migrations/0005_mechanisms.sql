-- mechanisms: a named mechanism is an engine with settings, an owner and a validity. Data, never code.
create table mechanism (
  district_id int not null references district (id),
  id text not null check (id ~ '^[a-z0-9-]{2,60}$'),
  name text not null,
  engine text not null,
  catalogue_id text,
  settings jsonb not null,
  owner_id uuid not null,
  valid_from date not null,
  valid_to date not null default 'infinity' check (valid_to > valid_from),
  version int not null default 1,
  primary key (district_id, id),
  foreign key (district_id, owner_id) references unit (district_id, id)
);
call protect('mechanism', 'select, insert, update', true);
create trigger edition_changed after insert or update on mechanism for each statement execute function edition_changed();
