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

-- Counts the changes of a district's mechanisms: what was read under one edition need not be read again (mechanisms/store.ts).
create function mechanism_changed() returns trigger language plpgsql as $$
begin
  insert into counter (district_id, name, value) values (new.district_id, 'mechanisms', 1)
    on conflict (district_id, name) do update set value = counter.value + 1;
  return null;
end $$;
create trigger mechanism_changed after insert or update on mechanism for each row execute function mechanism_changed();
