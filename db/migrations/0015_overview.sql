-- overview: numbers a person keeps in sight, what he asked to be told of, and views he saved. Nobody else reads any of it.

-- distributed: a number on somebody's own page; of his own unit where none is named
create table pin (
  district_id int not null references district (id),
  id uuid not null,
  account_id uuid not null,
  measure text not null,
  unit_id uuid,
  at timestamptz not null,
  primary key (district_id, id),
  unique nulls not distinct (district_id, account_id, measure, unit_id),
  foreign key (district_id, account_id) references account (district_id, id),
  foreign key (district_id, unit_id) references unit (district_id, id)
);
call protect('pin', 'select, insert, delete', true);

-- distributed: a number somebody wants to hear of when its week or month is over, or when it goes beyond a line of his own
create table watch (
  district_id int not null references district (id),
  id uuid not null,
  account_id uuid not null,
  measure text not null,
  unit_id uuid not null,
  every text not null check (every in ('week', 'month')),
  digest boolean not null,
  side text check (side in ('above', 'below')),
  line double precision,
  begun_on date not null,
  primary key (district_id, id),
  foreign key (district_id, account_id) references account (district_id, id),
  foreign key (district_id, unit_id) references unit (district_id, id),
  check ((side is null) = (line is null)),
  check (digest or side is not null)
);
create index watch_of on watch (district_id, account_id);
call protect('watch', 'select, insert, delete', true);

-- distributed: what he was told, with the number as it was then
create table watch_note (
  district_id int not null references district (id),
  id uuid not null,
  watch_id uuid not null,
  account_id uuid not null,
  kind text not null check (kind in ('closed', 'crossed')),
  measure text not null,
  name text not null,
  classifier text not null,
  unit_id uuid not null,
  period text not null,
  value double precision,
  before double precision,
  side text,
  line double precision,
  at timestamptz not null,
  seen_at timestamptz,
  primary key (district_id, id),
  unique (district_id, watch_id, kind, period),
  foreign key (district_id, unit_id) references unit (district_id, id)
);
create index watch_note_of on watch_note (district_id, account_id, at desc);
call protect('watch_note', 'select, insert, update (seen_at)', true);

-- distributed: filters, sort and columns of one of the console's pages under a name of one's own
create table saved_view (
  district_id int not null references district (id),
  id uuid not null,
  account_id uuid not null,
  page text not null,
  name text not null,
  query text not null,
  at timestamptz not null,
  primary key (district_id, id),
  unique (district_id, account_id, page, name),
  foreign key (district_id, account_id) references account (district_id, id)
);
call protect('saved_view', 'select, insert, update (query, at), delete', true);
