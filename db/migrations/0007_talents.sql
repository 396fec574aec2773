-- talents: who was brought in, by which route, and whether they stayed; programmes, agreements, trips and yearly targets.
-- Only results are kept of elections and appointments; candidates under consideration stay in their own systems. [mission: rights]

-- distributed: one enrolment of a person (or of a team or project, which has a title instead) in one talent mechanism.
create table talent (
  district_id int not null references district (id),
  id uuid not null,
  mechanism_id text not null,
  form text not null check (form in ('person', 'team', 'project')),
  person_id uuid,
  title text not null default '',
  holder_id uuid not null,                      -- the employer or office that keeps the record
  level text not null default '',
  field text not null default '',
  route text not null default '',
  channel text not null default '',
  target_year int not null check (target_year between 2000 and 2200),
  state text not null,
  wish_sealed bytea,                            -- what the person looks for; only with consent, erased on withdrawal
  consent_at timestamptz,
  withdrawn_at timestamptz,
  wish_erased_at timestamptz,
  version int not null default 1,
  recorded_at timestamptz not null,
  primary key (district_id, id),
  check ((form = 'person') = (person_id is not null)),
  check (form = 'person' or title <> ''),
  check (wish_sealed is null or (consent_at is not null and withdrawn_at is null)),
  foreign key (district_id, mechanism_id) references mechanism (district_id, id),
  foreign key (district_id, person_id) references person (district_id, id),
  foreign key (district_id, holder_id) references unit (district_id, id)
);
-- One open enrolment per person and year in a mechanism: nobody is introduced twice.
create unique index talent_once on talent (district_id, mechanism_id, target_year, person_id) where withdrawn_at is null;
create index talent_holder on talent (district_id, holder_id, mechanism_id);
create index talent_person on talent (district_id, person_id);
call protect('talent', 'select, insert, update', true);

-- distributed: every state a record came into, on its day; numbers are derived from here.
create table talent_step (
  district_id int not null references district (id),
  id uuid not null,
  talent_id uuid not null,
  state text not null,
  milestone text not null check (milestone in ('interest', 'applied', 'assessed', 'interviewed', 'offered', 'signed', 'arrived', 'serving', 'supported', 'retained', 'completed', 'left')),
  happened_on date not null,
  days int not null default 0 check (days >= 0), -- of service under a flexible contract
  note text not null default '',
  recorded_at timestamptz not null,
  actor_id uuid,
  primary key (district_id, id),
  foreign key (district_id, talent_id) references talent (district_id, id)
);
create index talent_step_of on talent_step (district_id, talent_id, happened_on);
create index talent_step_day on talent_step (district_id, milestone, happened_on);
call protect('talent_step', 'select, insert', true);

-- distributed: a trip, fair or meeting, planned and then held; how many posts were offered at it.
create table talent_event (
  district_id int not null references district (id),
  id uuid not null,
  mechanism_id text not null,
  holder_id uuid not null,
  kind text not null,
  title text not null,
  place text not null default '',               -- school or town
  planned_on date not null,
  held_on date,
  posts int not null default 0 check (posts >= 0),
  primary key (district_id, id),
  foreign key (district_id, mechanism_id) references mechanism (district_id, id),
  foreign key (district_id, holder_id) references unit (district_id, id)
);
create index talent_event_day on talent_event (district_id, held_on);
call protect('talent_event', 'select, insert, update', true);

-- distributed: what a unit is to reach in a year.
create table talent_target (
  district_id int not null references district (id),
  id uuid not null,
  mechanism_id text not null,
  holder_id uuid not null,
  year int not null check (year between 2000 and 2200),
  amount int not null check (amount > 0),
  primary key (district_id, id),
  unique (district_id, mechanism_id, holder_id, year),
  foreign key (district_id, mechanism_id) references mechanism (district_id, id),
  foreign key (district_id, holder_id) references unit (district_id, id)
);
call protect('talent_target', 'select, insert, update', true);
