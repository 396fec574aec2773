-- feedback: what users say of the system itself, and what the system says of itself. [JF-12, JF-13, JF-15]

create sequence feedback_no;
grant usage on sequence feedback_no to jishi_app;

-- distributed: one matter that somebody wrote about the system. Who wrote it is not kept, signed in or not: the code is the only key to it.
create table feedback (
  district_id int not null references district (id),
  id uuid not null,
  no bigint not null default nextval('feedback_no'),
  kind text not null check (kind in ('complaint', 'suggestion', 'fault')),
  face text not null check (face in ('console', 'phone')),
  page text not null,                           -- the kind of page it was written on; ids and codes are left out
  function text not null,                       -- which function of the filed list that page belongs to
  unit_id uuid not null,                        -- the district's own place: the system has one owner
  state text not null check (state in ('waiting', 'replied', 'rated')),
  due_at timestamptz,                           -- the clock that runs now; null when none does
  first_due_at timestamptz not null,
  provisional boolean not null default false,   -- 暂算: the deadline leans on an unpublished calendar year [ENG-02]
  received_at timestamptz not null,
  received_on date not null,
  replied_at timestamptz,                       -- first reply
  replied_on date,
  spoken_at timestamptz not null,               -- last word of either side
  follow_index bytea not null,                  -- blind index of the code
  contact_sealed bytea,
  contact_erased_at timestamptz,
  rating text check (rating in ('satisfied', 'basically', 'unsatisfied')),
  rated_at timestamptz,
  version int not null default 1,
  primary key (district_id, id),
  unique (district_id, follow_index),
  foreign key (district_id, unit_id) references unit (district_id, id),
  check ((state = 'waiting') = (due_at is not null)),
  check ((rating is null) = (rated_at is null)),
  check ((replied_at is null) = (replied_on is null))
);
create index feedback_due on feedback (district_id, due_at) where due_at is not null;
create index feedback_received on feedback (district_id, received_at desc);
create index feedback_contact on feedback (district_id, spoken_at) where contact_sealed is not null;
call protect('feedback', 'select, insert, update', true);

-- distributed: what was said, by the sender or by the desk, in order. Words are sealed.
create table feedback_message (
  district_id int not null references district (id),
  id uuid not null,
  feedback_id uuid not null,
  side text not null check (side in ('sender', 'desk')),
  at timestamptz not null,
  words_sealed bytea not null,
  by_id uuid check (side = 'desk' or by_id is null),
  primary key (district_id, id),
  foreign key (district_id, feedback_id) references feedback (district_id, id)
);
create index feedback_message_of on feedback_message (district_id, feedback_id, at);
call protect('feedback_message', 'select, insert', true);

-- distributed: who runs the system and under which filing; one row per district.
create table about (
  district_id int not null references district (id),
  settings jsonb not null,
  version int not null default 1,
  primary key (district_id)
);
call protect('about', 'select, insert, update', true);

-- distributed: how often a function was used on a day. Sums only: no person, no account, no unit, no session. [JF-15, JF-03]
create table function_use (
  district_id int not null references district (id),
  day date not null,
  function text not null,
  looked int not null default 0,                -- times something was read; screens that renew themselves included
  done int not null default 0,                  -- times something was written
  primary key (district_id, day, function)
);
call protect('function_use', 'select, insert, update', false);
