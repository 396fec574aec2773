-- registers: what a mechanism says of units and persons, from–to: kinds, states, presence, honours, events, alliances, terms of office.

-- distributed: a mark of a unit under a mechanism: its housing type, form of presence, state, honour.
create table unit_mark (
  district_id int not null references district (id),
  id uuid not null,
  mechanism_id text not null,
  unit_id uuid not null,
  mark text not null,
  value text not null,
  note text not null default '',
  valid_from date not null,
  valid_to date not null default 'infinity' check (valid_to > valid_from),
  primary key (district_id, id),
  foreign key (district_id, mechanism_id) references mechanism (district_id, id),
  foreign key (district_id, unit_id) references unit (district_id, id),
  constraint unit_mark_once exclude using gist (district_id with =, mechanism_id with =, unit_id with =, mark with =, value with =, daterange(valid_from, valid_to) with &&)
);
create index unit_mark_unit on unit_mark (district_id, unit_id, mechanism_id, mark, valid_from);
create index unit_mark_mechanism on unit_mark (district_id, mechanism_id, mark, value);
call protect('unit_mark', 'select, insert, update', true);

-- distributed: what a unit held or took on under a mechanism: joint meeting, joint task, care visit, sweep.
create table unit_event (
  district_id int not null references district (id),
  id uuid not null,
  mechanism_id text not null,
  unit_id uuid not null,
  event text not null,
  title text not null,
  held_on date not null,
  quantity int not null default 0 check (quantity >= 0),
  settled_on date check (settled_on >= held_on),
  primary key (district_id, id),
  foreign key (district_id, mechanism_id) references mechanism (district_id, id),
  foreign key (district_id, unit_id) references unit (district_id, id)
);
create index unit_event_unit on unit_event (district_id, unit_id, held_on);
create index unit_event_mechanism on unit_event (district_id, mechanism_id, event, held_on);
call protect('unit_event', 'select, insert, update', true);

-- An alliance is formed under a mechanism that names its roles.
alter table unit_link add column mechanism_id text;
alter table unit_link add foreign key (district_id, mechanism_id) references mechanism (district_id, id);

-- distributed: a person's role for a term, with the published result it rests on; never a candidacy. A person with two roles is one person.
create table tenure (
  district_id int not null references district (id),
  id uuid not null,
  mechanism_id text not null,
  person_id uuid not null,
  unit_id uuid not null,
  role text not null,
  term text not null,
  basis text not null,
  valid_from date not null,
  valid_to date not null default 'infinity' check (valid_to > valid_from),
  primary key (district_id, id),
  foreign key (district_id, mechanism_id) references mechanism (district_id, id),
  foreign key (district_id, person_id) references person (district_id, id),
  foreign key (district_id, unit_id) references unit (district_id, id),
  constraint tenure_once exclude using gist (district_id with =, mechanism_id with =, person_id with =, role with =, term with =, daterange(valid_from, valid_to) with &&)
);
create index tenure_person on tenure (district_id, person_id);
create index tenure_unit on tenure (district_id, unit_id, mechanism_id);
call protect('tenure', 'select, insert, update', true);

-- distributed: a term of the committee of a Party organisation (届): elected on a day, due for the next election on another. [BR-11, BR-12]
create table unit_term (
  district_id int not null references district (id),
  id uuid not null,
  mechanism_id text not null,
  unit_id uuid not null,
  no int not null check (no between 1 and 99),
  elected_on date not null,
  due_on date not null check (due_on > elected_on),
  shifted_to date check (shifted_to > elected_on),   -- the day the superior approved instead
  ended_on date not null default 'infinity' check (ended_on > elected_on),   -- the next election
  basis text not null,                               -- the approval of the result
  voided_at timestamptz,                             -- entered in error
  primary key (district_id, id),
  foreign key (district_id, mechanism_id) references mechanism (district_id, id),
  foreign key (district_id, unit_id) references unit (district_id, id),
  constraint unit_term_one exclude using gist (district_id with =, unit_id with =, mechanism_id with =, daterange(elected_on, ended_on) with &&)
    where (voided_at is null) deferrable initially deferred
);
create index unit_term_unit on unit_term (district_id, unit_id, elected_on);
create index unit_term_due on unit_term (district_id, (coalesce(shifted_to, due_on))) where voided_at is null and ended_on = 'infinity';
call protect('unit_term', 'select, insert, update', true);

-- distributed: the wish to elect earlier or later than due, and what the superior organisation said. [BR-12]
create table unit_term_shift (
  district_id int not null references district (id),
  id uuid not null,
  term_id uuid not null,
  from_day date not null,
  to_day date not null check (to_day <> from_day),
  reason text not null,
  state text not null check (state in ('asked', 'granted', 'declined', 'withdrawn')),
  asked_by uuid,
  asked_by_name text not null,
  asked_at timestamptz not null,
  decided_by_name text,
  decided_at timestamptz check ((decided_at is null) = (state = 'asked')),
  basis text not null default '',
  primary key (district_id, id),
  foreign key (district_id, term_id) references unit_term (district_id, id)
);
create unique index unit_term_shift_open on unit_term_shift (district_id, term_id) where state = 'asked';
create index unit_term_shift_term on unit_term_shift (district_id, term_id, asked_at);
call protect('unit_term_shift', 'select, insert, update', true);
