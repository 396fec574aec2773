-- editions: signed snapshots of a set of figures. `body` is the exact text that was signed: it is rendered from, never written again.

-- distributed: prepared by one person, signed by another, chained into history by the entry that signed it.
create table edition (
  district_id int not null references district (id),
  id uuid not null,
  no int not null,
  title text not null,
  unit_id uuid not null,
  unit_path text collate "C" not null,
  state text not null check (state in ('prepared', 'signed', 'dropped')),
  as_of timestamptz not null,
  body text not null,
  hash bytea not null,
  prepared_by text not null,
  prepared_id uuid not null,
  prepared_at timestamptz not null,
  signed_by text,
  signed_id uuid check (signed_id <> prepared_id),
  signed_at timestamptz,
  signature bytea,
  primary key (district_id, id),
  unique (district_id, no),
  foreign key (district_id, unit_id) references unit (district_id, id),
  check ((state = 'signed') = (signature is not null and signed_id is not null and signed_at is not null))
);
create index edition_list on edition (district_id, unit_path, prepared_at desc);
-- what was prepared never changes; only the signature comes to it, and the copied path follows its unit
call protect('edition', 'select, insert, update (state, signed_by, signed_id, signed_at, signature, unit_path)', true);
