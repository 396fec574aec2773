-- people: persons and their dated ties. Names are plain (they are searched); numbers, phones and addresses are sealed with a blind index.

create table person (
  district_id int not null references district (id),
  id uuid not null,
  no int not null check (no > 0),               -- small dense number: the bit position in distinct-person bitmaps
  name text not null,
  sex text not null default '0' check (sex in ('0', '1', '2', '9')),   -- GB/T 2261.1
  born date,
  nation text not null default '01',            -- GB/T 3304
  politics text not null default '13',          -- GB/T 4762
  education text,
  id_sealed bytea, id_index bytea, id_tail bytea,
  phone_sealed bytea, phone_index bytea, phone_tail bytea,
  address_sealed bytea,
  pinyin text not null default '',              -- every reading, spaced, full and initials
  stroke_key text collate "C" not null default '',
  home_id uuid,                                 -- the unit whose organisations keep this person's record
  home_path text collate "C" not null,
  merged_into uuid,
  version int not null default 1,
  created_at timestamptz not null,
  primary key (district_id, id),
  unique (district_id, no),
  check (merged_into is null or merged_into <> id),
  foreign key (district_id, home_id) references unit (district_id, id),
  foreign key (district_id, merged_into) references person (district_id, id)
);
create unique index person_id_number on person (district_id, id_index) where merged_into is null;
create index person_id_tail on person (district_id, id_tail);
create index person_phone on person (district_id, phone_index);
create index person_phone_tail on person (district_id, phone_tail);
create index person_home on person (district_id, home_path, stroke_key);
create index person_name on person using gin (name gin_trgm_ops, pinyin gin_trgm_ops);
call protect('person', 'select, insert, update', true);

-- A member has exactly one formal relation at any day and any number of functional ones. [BR-06, TR-03]
create table membership (
  district_id int not null references district (id),
  id uuid not null,
  person_id uuid not null,
  unit_id uuid not null,
  kind text not null check (kind in ('formal', 'functional')),
  status text not null check (status in ('full', 'probationary')),
  valid_from date not null,
  valid_to date not null default 'infinity' check (valid_to > valid_from),
  primary key (district_id, id),
  foreign key (district_id, person_id) references person (district_id, id),
  foreign key (district_id, unit_id) references unit (district_id, id),
  constraint membership_one_formal exclude using gist (district_id with =, person_id with =, daterange(valid_from, valid_to) with &&) where (kind = 'formal'),
  constraint membership_once exclude using gist (district_id with =, person_id with =, unit_id with =, kind with =, daterange(valid_from, valid_to) with &&)
);
create index membership_unit on membership (district_id, unit_id, valid_from);
create index membership_person on membership (district_id, person_id, valid_from);
call protect('membership', 'select, insert, update', true);

create table post (
  district_id int not null references district (id),
  id uuid not null,
  person_id uuid not null,
  unit_id uuid not null,
  title text not null,
  valid_from date not null,
  valid_to date not null default 'infinity' check (valid_to > valid_from),
  primary key (district_id, id),
  foreign key (district_id, person_id) references person (district_id, id),
  foreign key (district_id, unit_id) references unit (district_id, id),
  constraint post_once exclude using gist (district_id with =, person_id with =, unit_id with =, title with =, daterange(valid_from, valid_to) with &&)
);
create index post_unit on post (district_id, unit_id, valid_from);
create index post_person on post (district_id, person_id, valid_from);
call protect('post', 'select, insert, update', true);

-- 双报到: a member reports to a community; reported → confirmed (社区签收) → ended. At most one active at a time. [SB-01]
create table registration (
  district_id int not null references district (id),
  id uuid not null,
  person_id uuid not null,
  place_id uuid not null,
  place_path text collate "C" not null,
  organ text not null default '',               -- the organisation he comes from; city organs are not in our tree
  skills text[] not null default '{}',
  reported_on date not null,
  confirmed_on date check (confirmed_on >= reported_on),
  confirmed_by uuid,
  ended_on date check (ended_on >= reported_on),
  primary key (district_id, id),
  foreign key (district_id, person_id) references person (district_id, id),
  foreign key (district_id, place_id) references unit (district_id, id),
  constraint registration_one_active exclude using gist (district_id with =, person_id with =, daterange(reported_on, coalesce(ended_on, 'infinity'::date)) with &&)
);
create index registration_place on registration (district_id, place_path, confirmed_on);
create index registration_person on registration (district_id, person_id);
call protect('registration', 'select, insert, update', true);
