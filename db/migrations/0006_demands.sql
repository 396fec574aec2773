-- demands: what residents ask, who must answer, by when; and tasks that members and volunteers claim. [domain 1.8, 1.9]
-- Times a measure needs are columns or dated rows here; the full timeline is read from history.

create sequence demand_no;
create sequence task_no;
grant usage on sequence demand_no, task_no to jishi_app;

create table demand (
  district_id int not null references district (id),
  id uuid not null,
  no bigint not null default nextval('demand_no'),
  mechanism_id text not null,
  channel text not null check (channel in ('resident', 'secretary', 'hotline', 'visit', 'patrol')),
  category text not null,
  grade text not null check (grade in ('urgent', 'normal', 'complex', 'enquiry')),
  title text not null,
  words_sealed bytea,                           -- the resident's own words
  contact_sealed bytea,                         -- name and phone, opened from signing on [REQ-10]
  contact_index bytea,
  follow_index bytea,                           -- blind index of the follow-up code
  consent text,                                 -- version of the notice the resident agreed to
  report boolean not null default false,        -- 举报: never shown to the unit complained about [REQ-10]
  about_id uuid,
  place_id uuid not null,
  place_path text collate "C" not null,
  owner_id uuid,                                -- the lead unit now
  owner_path text collate "C",
  state text not null check (state in ('registered', 'dispatched', 'disputed', 'signed', 'answered', 'called', 'closed', 'declined', 'merged')),
  due_at timestamptz,                           -- the clock that runs now; null when none does
  respond_due_at timestamptz,
  resolve_due_at timestamptz,
  opened_at timestamptz not null,
  opened_on date not null,
  dispatched_at timestamptz,
  signed_at timestamptz,
  responded_at timestamptz,                     -- first contact with the resident
  answered_at timestamptz,
  answered_by uuid,
  answer_sealed bytea,
  closed_at timestamptz,
  closed_on date,
  outcome text check (outcome in ('solved', 'partly', 'unsolved', 'explained', 'unreached')),
  satisfaction text check (satisfaction in ('satisfied', 'basically', 'unsatisfied')),
  suspended_until date,
  excluded_at timestamptz,
  merged_into uuid check (merged_into <> id),
  extensions int not null default 0,
  disputes int not null default 0,
  reopenings int not null default 0,
  escalations int not null default 0,
  provisional boolean not null default false,   -- 暂算: a deadline leans on an unpublished calendar year [ENG-02]
  version int not null default 1,
  primary key (district_id, id),
  foreign key (district_id, mechanism_id) references mechanism (district_id, id),
  foreign key (district_id, place_id) references unit (district_id, id),
  foreign key (district_id, owner_id) references unit (district_id, id),
  foreign key (district_id, merged_into) references demand (district_id, id)
) with (fillfactor = 80);
create unique index demand_follow on demand (district_id, follow_index) where follow_index is not null;
create index demand_due on demand (district_id, due_at, place_path) where due_at is not null;
create index demand_place on demand (district_id, place_path, opened_on);
create index demand_owner on demand (district_id, owner_path, due_at) where owner_path is not null;
create index demand_merged on demand (district_id, merged_into) where merged_into is not null;
create index demand_title on demand using gin (title gin_trgm_ops);
call protect('demand', 'select, insert, update', true);

-- One row per time a unit was made responsible; lead owns deadline and reply, support has its own within it. [REQ-02, REQ-03]
create table dispatch (
  district_id int not null references district (id),
  id uuid not null,
  demand_id uuid not null,
  unit_id uuid not null,
  unit_path text collate "C" not null,
  role text not null check (role in ('lead', 'support')),
  at timestamptz not null,
  due_at timestamptz,
  signed_at timestamptz,
  answered_at timestamptz,
  disputed_at timestamptz,
  dispute_reason text,
  dispute_outcome text check (dispute_outcome in ('reassigned', 'upheld')),
  reviewed_at timestamptz,
  reviewed_by uuid,
  ended_at timestamptz,
  primary key (district_id, id),
  foreign key (district_id, demand_id) references demand (district_id, id),
  foreign key (district_id, unit_id) references unit (district_id, id)
);
create unique index dispatch_one_lead on dispatch (district_id, demand_id) where role = 'lead' and ended_at is null;
create index dispatch_demand on dispatch (district_id, demand_id, at);
create index dispatch_unit on dispatch (district_id, unit_path) where ended_at is null;
call protect('dispatch', 'select, insert, update', true);

-- Changes of a running clock, each with its reason and told to the resident. [REQ-05, REQ-06]
create table clock_change (
  district_id int not null references district (id),
  id uuid not null,
  demand_id uuid not null,
  kind text not null check (kind in ('extension', 'suspension', 'resumption')),
  at timestamptz not null,
  from_due timestamptz,
  to_due timestamptz,
  reason text not null,
  plan text,
  leader text,
  review_on date,
  decided_by uuid,
  primary key (district_id, id),
  foreign key (district_id, demand_id) references demand (district_id, id)
);
create index clock_change_demand on clock_change (district_id, demand_id, at);
call protect('clock_change', 'select, insert', true);

-- Call-backs by somebody other than the handler. [REQ-08]
create table callback (
  district_id int not null references district (id),
  id uuid not null,
  demand_id uuid not null,
  round int not null default 0,                 -- how often the demand had been reopened before
  at timestamptz not null,
  made_on date not null,
  made_by uuid,                                 -- null when the resident answered by himself
  reached boolean not null,
  outcome text check (outcome in ('solved', 'partly', 'unsolved')),
  satisfaction text check (satisfaction in ('satisfied', 'basically', 'unsatisfied')),
  primary key (district_id, id),
  foreign key (district_id, demand_id) references demand (district_id, id),
  check (reached = (outcome is not null and satisfaction is not null))
);
create unique index callback_one_try_a_day on callback (district_id, demand_id, round, made_on) where not reached;
create unique index callback_one_answer on callback (district_id, demand_id, round) where reached;
call protect('callback', 'select, insert', true);

-- Taking a demand out of the rates: asked by one unit, decided by another, always visible. [REQ-09]
create table exclusion (
  district_id int not null references district (id),
  id uuid not null,
  demand_id uuid not null,
  ground text not null check (ground in ('unreasonable', 'not-ours', 'repeated', 'malicious', 'unreached')),
  reason text not null,
  asked_at timestamptz not null,
  asked_by uuid not null,
  asked_unit_id uuid not null,
  decided_at timestamptz,
  decided_by uuid check (decided_by <> asked_by),
  decided_unit_id uuid check (decided_unit_id <> asked_unit_id),
  granted boolean,
  primary key (district_id, id),
  foreign key (district_id, demand_id) references demand (district_id, id)
);
create unique index exclusion_one_pending on exclusion (district_id, demand_id) where decided_at is null;
create index exclusion_demand on exclusion (district_id, demand_id, asked_at);
call protect('exclusion', 'select, insert, update', true);

create table task (
  district_id int not null references district (id),
  id uuid not null,
  no bigint not null default nextval('task_no'),
  mechanism_id text not null,
  demand_id uuid,
  title text not null,
  detail text not null default '',
  category text not null,
  skills text[] not null default '{}',
  place_id uuid not null,
  place_path text collate "C" not null,
  starts_at timestamptz not null,
  ends_at timestamptz not null check (ends_at > starts_at),
  capacity int not null check (capacity between 1 and 10000),
  claimed int not null default 0 check (claimed between 0 and capacity),
  state text not null check (state in ('draft', 'published', 'closed', 'expired', 'cancelled')),
  published_at timestamptz,
  published_on date,
  published_by uuid,
  closed_at timestamptz,
  version int not null default 1,
  primary key (district_id, id),
  foreign key (district_id, mechanism_id) references mechanism (district_id, id),
  foreign key (district_id, demand_id) references demand (district_id, id),
  foreign key (district_id, place_id) references unit (district_id, id)
) with (fillfactor = 80);
create index task_open on task (district_id, place_path, ends_at) where state = 'published';
create index task_published on task (district_id, published_on, place_path) where published_on is not null;
create index task_demand on task (district_id, demand_id) where demand_id is not null;
call protect('task', 'select, insert, update', true);

create table claim (
  district_id int not null references district (id),
  id uuid not null,
  task_id uuid not null,
  person_id uuid not null,
  place_id uuid not null,
  place_path text collate "C" not null,
  state text not null check (state in ('waiting', 'claimed', 'submitted', 'accepted', 'returned', 'withdrawn')),
  claimed_at timestamptz not null,
  claimed_on date not null,
  withdrawn_at timestamptz,
  submitted_at timestamptz,
  report text,
  served_from timestamptz,
  served_to timestamptz,
  minutes int check (minutes between 1 and 1440),   -- actual service only, travel excluded [VOL-02]
  accepted_at timestamptz,
  accepted_on date,
  accepted_by uuid,
  objection text,                               -- the volunteer may object to the record [VOL-04]
  certificate text,                             -- public check code [VOL-05]
  primary key (district_id, id),
  foreign key (district_id, task_id) references task (district_id, id),
  foreign key (district_id, person_id) references person (district_id, id),
  check ((state = 'accepted') = (accepted_at is not null)),
  check (served_to > served_from),
  constraint claim_no_overlap exclude using gist (district_id with =, person_id with =, tstzrange(served_from, served_to) with &&) where (state = 'accepted')
) with (fillfactor = 80);
create unique index claim_once on claim (district_id, task_id, person_id) where state <> 'withdrawn';
create index claim_person on claim (district_id, person_id, claimed_at);
create index claim_made on claim (district_id, claimed_on, place_path);
create index claim_place on claim (district_id, place_path, claimed_on);
create unique index claim_certificate on claim (district_id, certificate) where certificate is not null;
call protect('claim', 'select, insert, update', true);
