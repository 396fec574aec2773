-- forms: the registry of what units may be asked to type, and what they were asked. [JF-09, JF-10]
-- A form without ground, frequency, deadline, definitions, end and approver cannot be stored; a target has one deadline a month.

create sequence form_no;
grant usage on sequence form_no to jishi_app;

-- distributed: a registered form, or what a lower level adds to one (base_id): optional fields only, the same deadline.
create table form (
  district_id int not null references district (id),
  id uuid not null,
  no bigint not null default nextval('form_no'),
  title text not null,
  ground text not null check (ground <> ''),          -- 依据
  purpose text not null check (purpose <> ''),        -- what the answers are for
  owner_id uuid not null,                             -- who asks
  base_id uuid check (base_id <> id),
  kinds text[] not null check (cardinality(kinds) > 0),
  below_id uuid not null,                             -- asked of units of these kinds in this organisation's subtree
  frequency text not null check (frequency in ('once', 'month', 'quarter', 'half', 'year')),
  due_months int not null check (due_months between 0 and 3),   -- months after the end of the period
  due_day int not null check (due_day between 1 and 28),
  valid_from date not null,
  ends_on date not null check (ends_on > valid_from and ends_on <= valid_from + interval '3 years'),
  state text not null check (state in ('draft', 'submitted', 'approved', 'refused', 'stopped')),
  drafted_by uuid,
  submitted_at timestamptz,
  decided_by uuid check (decided_by <> drafted_by),   -- nobody approves his own [等保 33]
  decided_at timestamptz,
  decided_on date,
  decision_reason text,
  stopped_on date,
  stop_reason text,
  version int not null default 1,
  primary key (district_id, id),
  foreign key (district_id, owner_id) references unit (district_id, id),
  foreign key (district_id, below_id) references unit (district_id, id),
  foreign key (district_id, base_id) references form (district_id, id),
  check (state not in ('approved', 'stopped') or decided_at is not null),
  check ((state = 'stopped') = (stopped_on is not null))
);
create index form_state on form (district_id, state);
create index form_base on form (district_id, base_id) where base_id is not null;
call protect('form', 'select, insert, update', true);

-- distributed: one thing asked. `held` names what the system holds already: shown with its value, to be confirmed, never typed.
create table form_field (
  district_id int not null references district (id),
  id uuid not null,
  form_id uuid not null,
  seq int not null check (seq > 0),
  label text not null,
  term text not null,                                 -- the label as it is compared
  definition text not null check (definition <> ''),  -- 口径
  type text not null check (type in ('number', 'text', 'choice', 'yes-no', 'day', 'held')),
  measured text not null default '',                  -- unit of count of a number
  required boolean not null,
  choices text[] not null default '{}',
  held text,
  differs text not null default '',                   -- why it is not what is held under a like name
  primary key (district_id, id),
  unique (district_id, form_id, seq),
  foreign key (district_id, form_id) references form (district_id, id),
  check ((type = 'held') = (held is not null)),
  check ((type = 'choice') = (cardinality(choices) > 0))
);
call protect('form_field', 'select, insert, delete', true);

-- distributed: the one day of a month on which everything asked of a unit is due.
create table form_deadline (
  district_id int not null references district (id),
  unit_id uuid not null,
  month date not null check (extract(day from month) = 1),
  due_on date not null check (due_on >= month),
  primary key (district_id, unit_id, month),
  unique (district_id, unit_id, month, due_on),
  foreign key (district_id, unit_id) references unit (district_id, id)
);
call protect('form_deadline', 'select, insert, update', true);

-- distributed: one unit asked one form for one period.
create table form_ask (
  district_id int not null references district (id),
  id uuid not null,
  form_id uuid not null,
  period text not null,
  unit_id uuid not null,
  month date not null,
  due_on date not null,
  opened_on date not null,
  state text not null check (state in ('open', 'filled', 'returned', 'void')),
  minutes int not null check (minutes > 0),           -- estimated, by one formula for all
  typed int not null check (typed >= 0),              -- fields to be typed
  confirmed int not null check (confirmed >= 0),      -- fields shown, to be confirmed
  first_filled_on date,
  filled_at timestamptz,
  filled_by uuid,
  return_reason text,
  void_reason text,
  version int not null default 1,
  primary key (district_id, id),
  unique (district_id, form_id, period, unit_id),
  foreign key (district_id, form_id) references form (district_id, id),
  -- a later common deadline moves every form of the month; none can have its own
  foreign key (district_id, unit_id, month, due_on) references form_deadline (district_id, unit_id, month, due_on) on update cascade,
  check ((state = 'filled') <= (filled_at is not null)),
  check ((state = 'returned') <= (return_reason is not null)),
  check ((state = 'void') = (void_reason is not null))
);
create index form_ask_unit on form_ask (district_id, unit_id, month);
create index form_ask_month on form_ask (district_id, month, state);
call protect('form_ask', 'select, insert, update', true);

-- distributed: what a unit answered: a value typed, or what is held confirmed or disputed.
create table form_answer (
  district_id int not null references district (id),
  id uuid not null,
  ask_id uuid not null,
  field_id uuid not null,
  value text,
  number numeric,
  shown text,                                         -- the held value as it was shown
  agreed boolean,
  claimed text,                                       -- what it should be, in the unit's words
  claim_reason text,
  resolution text check (resolution in ('corrected', 'kept')),
  resolved_words text,
  resolved_at timestamptz,
  resolved_by uuid,
  primary key (district_id, id),
  unique (district_id, ask_id, field_id),
  foreign key (district_id, ask_id) references form_ask (district_id, id),
  foreign key (district_id, field_id) references form_field (district_id, id),
  check ((agreed is false) = (claimed is not null)),
  check ((resolution is null) = (resolved_at is null))
);
create index form_answer_claim on form_answer (district_id, ask_id) where agreed is false and resolved_at is null;
call protect('form_answer', 'select, insert, update, delete', true);
