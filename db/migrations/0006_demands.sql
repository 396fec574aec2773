-- demands: what residents ask, who must answer, by when; and tasks that members and volunteers claim. [domain 1.8, 1.9]
-- Times a measure needs are columns or dated rows here; the full timeline is read from history.

create sequence demand_no;
create sequence task_no;
grant usage on sequence demand_no, task_no to jishi_app;

-- An occasion at which matters are collected or people meet: a visit, an inspection, a matching meeting, a drill. People met are a
-- number (人次); nobody is recorded by name.
create table occasion (
  district_id int not null references district (id),
  id uuid not null,
  mechanism_id text not null,
  kind text not null check (kind in ('visit', 'inspection', 'meeting', 'drill')),
  place_id uuid not null,
  place_path text collate "C" not null,
  held_on date not null,
  met int not null default 0 check (met between 0 and 100000),
  note text not null default '',
  recorded_at timestamptz not null,
  recorded_by uuid,
  primary key (district_id, id),
  foreign key (district_id, mechanism_id) references mechanism (district_id, id),
  foreign key (district_id, place_id) references unit (district_id, id)
);
create index occasion_place on occasion (district_id, place_path, held_on);
call protect('occasion', 'select, insert', true);
grant update (place_path) on occasion to jishi_app;   -- follows the tree, nothing else changes

create table demand (
  district_id int not null references district (id),
  id uuid not null,
  no bigint not null default nextval('demand_no'),
  mechanism_id text not null,
  channel text not null check (channel in ('resident', 'secretary', 'hotline', 'visit', 'patrol', 'whistle')),
  hotline_no text,                              -- the hotline's own number: a file taken in twice changes nothing
  occasion_id uuid,
  category text not null,
  grade text not null check (grade in ('urgent', 'normal', 'complex', 'enquiry')),
  title text not null,
  words_sealed bytea,                           -- the resident's own words
  contact_sealed bytea,                         -- name and phone, opened from signing on [REQ-10]
  contact_index bytea,
  follow_index bytea,                           -- blind index of the follow-up code
  consent text,                                 -- version of the notice the resident agreed to
  consent_withdrawn_at timestamptz,             -- contact erased at the resident's wish; the matter stays [PRV]
  contact_erased_at timestamptz,                -- contact erased, by withdrawal or because its time is over
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
  dispatched_at timestamptz,                    -- when first made somebody's duty
  dispatched_on date generated always as ((dispatched_at at time zone 'Asia/Shanghai')::date) stored,
  signed_at timestamptz,
  responded_at timestamptz,                     -- first contact with the resident
  answered_at timestamptz,
  answered_by uuid,
  answer_sealed bytea,
  means text,                                   -- how it was settled, where the mechanism tells ways apart (mediation, enforcement)
  feasible boolean not null default true,       -- false: cannot be done now, explained to the resident
  legal_channel text,                           -- told with 不予受理
  closed_at timestamptz,
  closed_on date,
  outcome text check (outcome in ('solved', 'partly', 'unsolved', 'explained', 'unreached')),
  satisfaction text check (satisfaction in ('satisfied', 'basically', 'unsatisfied')),
  suspended_until date,                         -- 挂账: the day the plan is reviewed [REQ-06]
  excluded_at timestamptz,
  merged_into uuid check (merged_into <> id),
  split_from uuid check (split_from <> id),
  round int not null default 0,                 -- which handling this is; equals the number of its rework rows
  provisional boolean not null default false,   -- 暂算: a deadline leans on an unpublished calendar year [ENG-02]
  version int not null default 1,
  born bigint not null default (pg_current_xact_id()::text)::bigint,   -- transaction that inserted it: what an exact total may have counted before
  primary key (district_id, id),
  foreign key (district_id, mechanism_id) references mechanism (district_id, id),
  foreign key (district_id, place_id) references unit (district_id, id),
  foreign key (district_id, owner_id) references unit (district_id, id),
  foreign key (district_id, merged_into) references demand (district_id, id),
  foreign key (district_id, split_from) references demand (district_id, id),
  foreign key (district_id, occasion_id) references occasion (district_id, id),
  check ((state = 'merged') = (merged_into is not null))
) with (fillfactor = 80);
create index demand_occasion on demand (district_id, occasion_id) where occasion_id is not null;
create unique index demand_follow on demand (district_id, follow_index) where follow_index is not null;
-- The board: what is in hand by deadline and by place; all of it by deadline; totals without the heap. store/totals.ts says how they are used.
create index demand_open_due on demand (district_id, due_at, opened_at desc) include (id, place_path, owner_path, state, report, about_id)
  where state in ('registered', 'dispatched', 'disputed', 'signed', 'answered', 'called');
create index demand_open_place on demand (district_id, place_path, state) include (id, due_at, opened_at, category, mechanism_id, report, about_id)
  where state in ('registered', 'dispatched', 'disputed', 'signed', 'answered', 'called');
create index demand_open_owner on demand (district_id, owner_path, state) include (due_at)
  where state in ('registered', 'dispatched', 'disputed', 'signed', 'answered', 'called');
create index demand_apart on demand (district_id, place_path, state) where state in ('declined', 'merged');
create index demand_due on demand (district_id, due_at, opened_at desc);
create index demand_opened on demand (district_id, opened_at, id) include (place_path, owner_path, state);
create index demand_born on demand (district_id, born) include (place_path, mechanism_id, category);
create index demand_place on demand (district_id, place_path, opened_on);
create index demand_owner on demand (district_id, owner_path, due_at) where owner_path is not null;
create index demand_merged on demand (district_id, merged_into) where merged_into is not null;
create index demand_split on demand (district_id, split_from) where split_from is not null;
create unique index demand_hotline on demand (district_id, hotline_no) where hotline_no is not null;
create index demand_rates on demand (district_id, dispatched_on, place_path) where dispatched_on is not null;
create index demand_contact_kept on demand (district_id, closed_on) where contact_sealed is not null;
create index demand_against on demand (district_id, about_id) where report and about_id is not null;
create index demand_title on demand using gin (title gin_trgm_ops);
call protect('demand', 'select, insert, update', true);

-- Says that places of stored demands moved (a reorganisation): totals remembered before are then counted anew.
create function demand_moved() returns trigger language plpgsql as $$
begin
  insert into counter (district_id, name, value)
    select id, 'demand-moved', 1 from district where id = current_district() or current_district() is null
    on conflict (district_id, name) do update set value = counter.value + 1;
  return null;
end $$;
create trigger demand_moved after update of place_path on demand for each statement execute function demand_moved();

-- Photographs of a demand: at most three, never asked for, cleaned of everything but the picture and sealed. They go with the contact;
-- what is left then says that there was one.
create table demand_photo (
  district_id int not null references district (id),
  id uuid not null,
  demand_id uuid not null,
  place smallint not null check (place between 1 and 3),   -- [JF-08]
  picture_sealed bytea,
  erased_at timestamptz,                        -- taken away, or because its time is over
  size int not null check (size between 1 and 1048576),
  width int not null check (width > 0),
  height int not null check (height > 0),
  by_resident boolean not null,                 -- under his code: he alone takes it back the same way
  added_at timestamptz not null,
  version int not null default 1,
  primary key (district_id, id),
  foreign key (district_id, demand_id) references demand (district_id, id),
  check ((picture_sealed is null) = (erased_at is not null))
);
create unique index demand_photo_place on demand_photo (district_id, demand_id, place) where erased_at is null;
call protect('demand_photo', 'select, insert, update', true);

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
  signed_at timestamptz,                        -- for a whistle: when the unit reported in (报到)
  answered_at timestamptz,
  report_sealed bytea,                          -- what a supporting unit reported back
  disputed_at timestamptz,
  disputed_by uuid,
  dispute_reason text,
  dispute_basis text,
  dispute_outcome text check (dispute_outcome in ('reassigned', 'upheld')),
  review_reason text,
  reviewed_at timestamptz,
  reviewed_by uuid check (reviewed_by <> disputed_by),
  rating text check (rating in ('prompt', 'late', 'absent')),
  rating_note text,
  rated_at timestamptz,
  rated_by uuid,
  ended_at timestamptz,
  primary key (district_id, id),
  foreign key (district_id, demand_id) references demand (district_id, id),
  foreign key (district_id, unit_id) references unit (district_id, id)
);
create unique index dispatch_one_lead on dispatch (district_id, demand_id) where role = 'lead' and ended_at is null;
create unique index dispatch_one_support on dispatch (district_id, demand_id, unit_id) where role = 'support' and ended_at is null;
create index dispatch_demand on dispatch (district_id, demand_id, at);
create index dispatch_part on dispatch (district_id, unit_path) where role = 'support' and ended_at is null and answered_at is null;
create index dispatch_unit on dispatch (district_id, unit_path) where ended_at is null;
call protect('dispatch', 'select, insert, update', true);

-- Changes of a running clock, each with its reason and told to the resident. [REQ-05, REQ-06]
create table clock_change (
  district_id int not null references district (id),
  id uuid not null,
  demand_id uuid not null,
  kind text not null check (kind in ('extension', 'suspension', 'resumption', 'dispute-pause', 'review')),
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

-- A demand sent back into handling: asked again by the resident, or unsolved at the call-back. [REQ-08]
create table rework (
  district_id int not null references district (id),
  id uuid not null,
  demand_id uuid not null,
  round int not null check (round > 0),
  kind text not null check (kind in ('redo', 'reopen', 'resume')),
  at timestamptz not null,
  made_on date not null,
  reason text not null,
  asked_by uuid,                                -- null when the resident asked by code
  primary key (district_id, id),
  unique (district_id, demand_id, round),
  foreign key (district_id, demand_id) references demand (district_id, id)
);
call protect('rework', 'select, insert', true);

-- Who was told that a demand is late: each step of the ladder once per deadline.
create table escalation (
  district_id int not null references district (id),
  id uuid not null,
  demand_id uuid not null,
  step int not null check (step between 1 and 10),
  due_at timestamptz not null,
  at timestamptz not null,
  told_unit_id uuid not null,
  told_path text collate "C" not null,
  primary key (district_id, id),
  unique (district_id, demand_id, due_at, step),
  foreign key (district_id, demand_id) references demand (district_id, id),
  foreign key (district_id, told_unit_id) references unit (district_id, id)
);
create index escalation_told on escalation (district_id, told_path, at);
call protect('escalation', 'select, insert', true);
grant update (told_path) on escalation to jishi_app;   -- follows the tree, nothing else changes

-- Call-backs by somebody other than the handler. [REQ-08]
create table callback (
  district_id int not null references district (id),
  id uuid not null,
  demand_id uuid not null,
  round int not null default 0,                 -- the handling asked about
  kind text not null default 'call' check (kind in ('call', 'self', 'verification')),
  at timestamptz not null,
  made_on date not null,
  made_by uuid,                                 -- null when the resident answered by himself
  reached boolean not null,
  outcome text check (outcome in ('solved', 'partly', 'unsolved')),
  satisfaction text check (satisfaction in ('satisfied', 'basically', 'unsatisfied')),
  primary key (district_id, id),
  foreign key (district_id, demand_id) references demand (district_id, id),
  check (reached = (outcome is not null)),
  check ((reached and kind <> 'verification') = (satisfaction is not null))   -- an inspector verifies, only residents are satisfied
);
create unique index callback_one_try_a_day on callback (district_id, demand_id, round, made_on) where not reached;
create unique index callback_one_answer on callback (district_id, demand_id, round) where reached;
create index callback_last on callback (district_id, demand_id, at desc) include (outcome, satisfaction, kind) where reached;
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
  decision_reason text,
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
  open_to text not null default 'registered' check (open_to in ('registered', 'anyone')),
  drafted_by uuid,
  published_at timestamptz,
  published_on date,
  published_by uuid,
  closed_at timestamptz,
  end_reason text,
  version int not null default 1,
  primary key (district_id, id),
  foreign key (district_id, mechanism_id) references mechanism (district_id, id),
  foreign key (district_id, demand_id) references demand (district_id, id),
  foreign key (district_id, place_id) references unit (district_id, id)
) with (fillfactor = 80);
create index task_open on task (district_id, place_path, ends_at) where state = 'published';
create index task_published on task (district_id, published_on, place_path) where published_on is not null;
create index task_anyone on task (district_id, ends_at) where state = 'published' and open_to = 'anyone';
create index task_demand on task (district_id, demand_id) where demand_id is not null;
call protect('task', 'select, insert, update', true);

create table claim (
  district_id int not null references district (id),
  id uuid not null,
  task_id uuid not null,
  person_id uuid,
  unit_id uuid,                                 -- where units claim: the claiming unit instead of a person
  unit_path text collate "C",
  place_id uuid not null,
  place_path text collate "C" not null,
  state text not null check (state in ('waiting', 'claimed', 'submitted', 'accepted', 'returned', 'withdrawn')),
  claimed_at timestamptz not null,
  claimed_on date not null,
  claimed_by uuid,                              -- who claimed for the person or the unit; null where he claimed for himself
  withdrawn_at timestamptz,
  end_reason text,                              -- why it was returned for correction, or ended by the organiser
  arrived_at timestamptz,                       -- said on arrival, if anybody wants to; no place is read
  arrived_by uuid,
  submitted_at timestamptz,
  report text,
  served_from timestamptz,
  served_to timestamptz,
  minutes int check (minutes between 1 and 1440),   -- actual service only, travel excluded [VOL-02]
  accepted_at timestamptz,
  accepted_on date,
  accepted_by uuid,
  objection text,                               -- the volunteer may object to the record [VOL-04]
  objected_at timestamptz,
  objection_answer text,
  objection_settled_at timestamptz,
  certificate text,                             -- public check code [VOL-05]
  primary key (district_id, id),
  foreign key (district_id, task_id) references task (district_id, id),
  foreign key (district_id, person_id) references person (district_id, id),
  foreign key (district_id, unit_id) references unit (district_id, id),
  check ((person_id is null) <> (unit_id is null)),
  check ((state = 'accepted') = (accepted_at is not null)),
  check (served_to > served_from),
  check ((arrived_at is null) = (arrived_by is null)),
  check ((served_from is null) = (served_to is null) and (served_from is null) = (minutes is null)),
  constraint claim_no_overlap exclude using gist (district_id with =, person_id with =, tstzrange(served_from, served_to) with &&) where (state = 'accepted' and served_from is not null)
) with (fillfactor = 80);
create unique index claim_once on claim (district_id, task_id, person_id) where state <> 'withdrawn';
create unique index claim_once_unit on claim (district_id, task_id, unit_id) where state <> 'withdrawn';
create index claim_person on claim (district_id, person_id, claimed_at);
create index claim_unit on claim (district_id, unit_id, claimed_at) where unit_id is not null;
create index claim_made on claim (district_id, claimed_on, place_path);
create index claim_place on claim (district_id, place_path, claimed_on);
create index claim_waits on claim (district_id, place_path) where state = 'submitted' or (objection is not null and objection_settled_at is null);
create unique index claim_certificate on claim (district_id, certificate) where certificate is not null;
call protect('claim', 'select, insert, update', true);
