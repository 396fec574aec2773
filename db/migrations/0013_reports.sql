-- reports: manuscripts on their way to print, the documents that were made with every number in them, and where texts appeared.

-- distributed: a text about a unit and a period. Its content holds tokens, never numbers.
create table manuscript (
  district_id int not null references district (id),
  id uuid not null,
  mechanism_id text not null,
  unit_id uuid not null,
  unit_path text collate "C" not null,
  period text not null,
  tree text not null check (tree in ('day', 'today')),
  title text not null,
  content jsonb not null,
  state text not null check (state in ('drafted', 'checked', 'reviewed', 'approved', 'published', 'corrected', 'dropped')),
  author_id uuid not null,
  author text not null,
  created_at timestamptz not null,
  changed_at timestamptz not null,
  published_on date,
  document_id uuid,                             -- the document whose numbers were published
  figures int not null default 0,               -- how many
  version int not null default 1,
  primary key (district_id, id),
  foreign key (district_id, mechanism_id) references mechanism (district_id, id),
  foreign key (district_id, unit_id) references unit (district_id, id),
  check ((state in ('published', 'corrected')) = (published_on is not null and document_id is not null))
);
create index manuscript_list on manuscript (district_id, unit_path, changed_at desc);
create index manuscript_published on manuscript (district_id, published_on) where published_on is not null;
call protect('manuscript', 'select, insert, update', true);

-- distributed: who took a manuscript a step further. Who wrote it may not check, review or approve it.
create table manuscript_step (
  district_id int not null references district (id),
  id uuid not null,
  manuscript_id uuid not null,
  state text not null,
  account_id uuid not null,
  actor text not null,
  at timestamptz not null,
  note text not null default '',
  primary key (district_id, id),
  foreign key (district_id, manuscript_id) references manuscript (district_id, id)
);
create index manuscript_step_of on manuscript_step (district_id, manuscript_id, at);
call protect('manuscript_step', 'select, insert', true);

-- distributed: a document that left the house, with the manifest of its numbers: what `verify` holds it against.
create table report_document (
  district_id int not null references district (id),
  id uuid not null,
  manuscript_id uuid,
  unit_id uuid not null,
  unit_path text collate "C" not null,
  title text not null,
  manifest jsonb not null,
  made_by text not null,
  made_at timestamptz not null,
  primary key (district_id, id),
  foreign key (district_id, unit_id) references unit (district_id, id)
);
create index report_document_list on report_document (district_id, unit_path, made_at desc);
-- what a document says never changes; only the copied path follows its unit
call protect('report_document', 'select, insert, update (unit_path)', true);

-- distributed: what appeared of or about the district's work: article, broadcast, speech, visit. Entered by hand with its source.
create table coverage (
  district_id int not null references district (id),
  id uuid not null,
  mechanism_id text not null,
  unit_id uuid not null,
  unit_path text collate "C" not null,
  form text not null,
  level text not null,
  outlet text not null,
  title text not null,
  link text not null default '',
  happened_on date not null,
  manuscript_id uuid,
  withdrawn_at timestamptz,
  primary key (district_id, id),
  foreign key (district_id, mechanism_id) references mechanism (district_id, id),
  foreign key (district_id, unit_id) references unit (district_id, id),
  foreign key (district_id, manuscript_id) references manuscript (district_id, id)
);
create index coverage_list on coverage (district_id, unit_path, happened_on desc);
create unique index coverage_once on coverage (district_id, mechanism_id, outlet, title, happened_on) where withdrawn_at is null;
call protect('coverage', 'select, insert, update', true);

call watch('manuscript', 'id', 'unit_id, mechanism_id, state, published_on, figures');
call watch('coverage', 'id', 'unit_id, mechanism_id, form, level, happened_on, withdrawn_at');
