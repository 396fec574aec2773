-- people: persons and their dated ties. Names are plain (they are searched); numbers, phones and addresses are sealed with a blind index.
-- Nothing here is ever deleted [STAT-03]: a tie ends with a reason, a person entered in error is withdrawn, a double is merged.

-- distributed: a person. A double keeps its row and its ties and points to the row that stands for both (`key_id`).
create table person (
  district_id int not null references district (id),
  id uuid not null,
  no int not null check (no > 0),               -- small dense number: the bit position in distinct-person bitmaps
  name text not null,
  sex text not null default '0' check (sex in ('0', '1', '2', '9')),   -- GB/T 2261.1
  born date,
  nation text,                                  -- GB/T 3304
  politics text not null default '13',          -- GB/T 4762
  education text,                               -- GB/T 4658
  occupation text not null default '',
  joined text check (joined ~ '^\d{4}(-\d{2}(-\d{2})?)?$'),           -- 入党时间, in the precision it is known [IMP-8]
  full_since text check (full_since ~ '^\d{4}(-\d{2}(-\d{2})?)?$'),   -- 转正时间
  id_sealed bytea, id_index bytea, id_tail bytea,
  phone_sealed bytea, phone_index bytea, phone_tail bytea,
  address_sealed bytea,
  -- The number is also on a row its author may not see: nobody is told, the district desk finds the pair. [AZ-27]
  id_clash boolean not null default false,
  pinyin text not null default '',              -- every reading, spaced, full and initials
  stroke_key text collate "C" not null default '',
  home_id uuid,                                 -- the unit whose organisations keep this person's record
  home_path text collate "C" not null,
  merged_into uuid,
  key_id uuid not null generated always as (coalesce(merged_into, id)) stored,
  import_id uuid,
  withdrawn_at timestamptz,
  version int not null default 1,
  created_at timestamptz not null,
  primary key (district_id, id),
  unique (district_id, no),
  check (merged_into is null or merged_into <> id),
  check (id_sealed is null = (id_index is null) and phone_sealed is null = (phone_index is null)),
  foreign key (district_id, home_id) references unit (district_id, id),
  foreign key (district_id, merged_into) references person (district_id, id)
);
create unique index person_id_number on person (district_id, id_index) where not id_clash and withdrawn_at is null;
create index person_id_any on person (district_id, id_index) where id_index is not null;
create index person_id_tail on person (district_id, id_tail);
create index person_phone on person (district_id, phone_index);
create index person_phone_tail on person (district_id, phone_tail);
create index person_home on person (district_id, home_path, stroke_key);
create index person_strokes on person (district_id, stroke_key, id);
create index person_key on person (district_id, key_id);
create index person_import on person (district_id, import_id) where import_id is not null;
create index person_name on person using gin (name gin_trgm_ops, pinyin gin_trgm_ops);
call protect('person', 'select, insert, update', true);
create trigger edition_changed after update of merged_into on person for each statement execute function edition_changed();

-- distributed: what was said of two records: one person (the loser points to the winner), or two after all. Taken back, it stays on record.
create table person_merge (
  district_id int not null references district (id),
  id uuid not null,
  loser_id uuid not null,
  winner_id uuid not null,
  same boolean not null,                        -- false: looked at, and they are two persons
  taken jsonb not null,                         -- values of the loser that stand since, with what stood before: {field: {before, after}}
  reason text not null,
  merged_at timestamptz not null,
  merged_by uuid,
  merged_by_name text not null,
  undone_at timestamptz,
  undone_by uuid,
  primary key (district_id, id),
  check (loser_id <> winner_id),
  foreign key (district_id, loser_id) references person (district_id, id),
  foreign key (district_id, winner_id) references person (district_id, id)
);
create unique index person_merge_live on person_merge (district_id, loser_id) where undone_at is null and same;
create unique index person_merge_apart on person_merge (district_id, loser_id, winner_id) where undone_at is null and not same;
create index person_merge_winner on person_merge (district_id, winner_id);
create index person_merge_day on person_merge (district_id, merged_at);
call protect('person_merge', 'select, insert, update', true);

-- distributed: a member has exactly one formal relation at any day and any number of functional ones. [BR-06, TR-03]
-- Reasons are the codes ZB60 (001 新入党 … 173 内部转移 … 271 转往本县区其他乡镇街道), 'roster' for the first register, 'status' for 转正.
create table membership (
  district_id int not null references district (id),
  id uuid not null,
  person_id uuid not null,
  unit_id uuid not null,
  kind text not null check (kind in ('formal', 'functional')),
  status text not null check (status in ('full', 'probationary')),
  valid_from date not null,
  valid_to date not null default 'infinity' check (valid_to > valid_from),
  begin_reason text not null default 'roster',
  end_reason text,
  import_id uuid,
  voided_at timestamptz,                        -- entered in error: an undone import
  primary key (district_id, id),
  check ((valid_to = 'infinity') = (end_reason is null)),
  foreign key (district_id, person_id) references person (district_id, id),
  foreign key (district_id, unit_id) references unit (district_id, id),
  constraint membership_one_formal exclude using gist (district_id with =, person_id with =, daterange(valid_from, valid_to) with &&) where (kind = 'formal' and voided_at is null),
  constraint membership_once exclude using gist (district_id with =, person_id with =, unit_id with =, daterange(valid_from, valid_to) with &&) where (kind = 'functional' and voided_at is null)
);
create index membership_unit on membership (district_id, unit_id, valid_from);
create index membership_person on membership (district_id, person_id, valid_from);
create index membership_import on membership (district_id, import_id) where import_id is not null;
call protect('membership', 'select, insert, update', true);

-- distributed: what suspends or changes a member's rights for a time; the kind and the days only, never the case. [MEM-RIGHTS]
create table standing (
  district_id int not null references district (id),
  id uuid not null,
  person_id uuid not null,
  kind text not null check (kind in ('on-probation', 'rights-suspended', 'membership-stopped', 'mobile', 'abroad', 'out-of-contact')),
  valid_from date not null,
  valid_to date not null default 'infinity' check (valid_to > valid_from),
  import_id uuid,
  voided_at timestamptz,
  primary key (district_id, id),
  foreign key (district_id, person_id) references person (district_id, id),
  constraint standing_once exclude using gist (district_id with =, person_id with =, kind with =, daterange(valid_from, valid_to) with &&) where (voided_at is null)
);
create index standing_person on standing (district_id, person_id, valid_from);
call protect('standing', 'select, insert, update', true);

-- distributed: posts, from–to.
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

-- distributed: 双报到. A member reports to a community; reported → confirmed (社区签收) → ended. At most one active at a time. [SB-01]
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
  end_reason text check (end_reason in ('moved', 'retired', 'left-organ', 'deceased', 'mistaken', 'other')),
  primary key (district_id, id),
  check (ended_on is not null or end_reason is null),
  foreign key (district_id, person_id) references person (district_id, id),
  foreign key (district_id, place_id) references unit (district_id, id),
  constraint registration_one_active exclude using gist (district_id with =, person_id with =, daterange(reported_on, coalesce(ended_on, 'infinity'::date)) with &&)
);
create index registration_place on registration (district_id, place_path, confirmed_on);
create index registration_person on registration (district_id, person_id);
call protect('registration', 'select, insert, update', true);

-- distributed: a roster that was uploaded and judged; nothing of it is a person before it is committed. [IMP-2, IMP-6]
create table people_import (
  district_id int not null references district (id),
  id uuid not null,
  account_id uuid not null,
  unit_path text collate "C" not null,          -- the widest unit the asker might import into
  file_name text not null,
  sha256 bytea not null,                        -- of the file shown in the dry run; the commit names it again [A-33]
  member_from date not null,
  state text not null check (state in ('checked', 'committing', 'committed', 'undone', 'cancelled')),
  counts jsonb not null,
  result jsonb not null,                        -- what the commit stored and the undoing took back, or why it stored nothing
  checked_at timestamptz not null,
  committed_at timestamptz,
  undone_at timestamptz,
  primary key (district_id, id)
);
create index people_import_account on people_import (district_id, account_id, checked_at desc);
call protect('people_import', 'select, insert, update', true);

-- distributed: its rows, sealed in parts; removed when it is cancelled, and after seven days. [PRV-04]
create table people_import_part (
  district_id int not null references district (id),
  import_id uuid not null,
  part int not null,
  sealed bytea not null,
  primary key (district_id, import_id, part),
  foreign key (district_id, import_id) references people_import (district_id, id)
);
call protect('people_import_part', 'select, insert, delete', false);

-- Only the owner may analyze; this lets the application ask for it after a bulk of rows. It reads no rows on the caller's behalf.
create function refresh_people_statistics() returns void language plpgsql security definer set search_path = public, pg_temp as $$
begin
  analyze person, membership, standing, registration;
end $$;
revoke all on function refresh_people_statistics() from public;
grant execute on function refresh_people_statistics() to jishi_app;
