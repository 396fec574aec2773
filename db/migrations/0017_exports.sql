-- exports: which files of persons' records were asked for, by whom, what for, who approved, and when they were carried away. (EX-08, A-36)

-- distributed: `waiting` for another person; `granted` until `until`; `taken` once. Small files are entered as taken at once, without a purpose.
create table export (
  district_id int not null references district (id),
  id uuid not null,
  account_id uuid not null,
  operation text not null,                      -- operationId of the file
  query text not null,                          -- canonical JSON of what is asked of it
  title text not null,
  about text not null,                          -- of which unit and time, as the approver reads it
  rows int not null check (rows >= 0),
  purpose text not null,
  unit_id uuid not null,                        -- where the asker holds the right: who approves holds his there or above
  unit_path text not null,
  content_hash text not null,                   -- of what the approver sees (AZ-31)
  state text not null check (state in ('waiting', 'granted', 'declined', 'taken')),
  asked_at timestamptz not null,
  until timestamptz not null,
  decided_by uuid check (decided_by <> account_id),
  decided_at timestamptz,
  note text not null default '',
  taken_at timestamptz,
  primary key (district_id, id),
  check ((decided_by is null) = (decided_at is null)),
  check ((state = 'taken') = (taken_at is not null)),
  foreign key (district_id, account_id) references account (district_id, id),
  foreign key (district_id, unit_id) references unit (district_id, id)
);
create index export_account on export (district_id, account_id, asked_at desc);
create index export_waiting on export (district_id, unit_path) where state = 'waiting';
call protect('export', 'select, insert, update', true);
