-- access: accounts, roles, mandates, sessions.

create table role (
  district_id int not null references district (id),
  id text not null,
  name text not null,
  verbs text[] not null,
  officer text check (officer in ('system', 'security', 'audit')),   -- 三员: mutually exclusive (等保 12)
  second_factor boolean not null,
  primary key (district_id, id),
  unique (district_id, id, officer)
);
call protect('role', 'select, insert, update', true);

create table account (
  district_id int not null references district (id),
  id uuid not null,
  login text not null check (login = lower(login) and length(login) between 3 and 40),
  person_id uuid,
  name text not null,
  password_hash text not null,
  password_changed_at timestamptz not null,
  must_change_password boolean not null default false,
  previous_hashes text[] not null default '{}',
  totp_sealed bytea,
  totp_last_step bigint not null default 0,
  failures int not null default 0,
  locked_until timestamptz,
  last_used_at timestamptz,
  disabled_at timestamptz,
  created_at timestamptz not null,
  primary key (district_id, id),
  unique (district_id, login),
  foreign key (district_id, person_id) references person (district_id, id)
);
create unique index account_person on account (district_id, person_id) where person_id is not null and disabled_at is null;
call protect('account', 'select, insert, update', false);

-- A mandate is (account, role, unit, from, to, by whom). The exclusion keeps the three officers apart even in a race.
create table mandate (
  district_id int not null references district (id),
  id uuid not null,
  account_id uuid not null,
  role_id text not null,
  officer text,
  unit_id uuid not null,
  valid_from timestamptz not null,
  valid_to timestamptz not null default 'infinity' check (valid_to >= valid_from),
  granted_by uuid,
  delegated_from uuid,
  primary key (district_id, id),
  foreign key (district_id, account_id) references account (district_id, id),
  foreign key (district_id, role_id) references role (district_id, id),
  foreign key (district_id, unit_id) references unit (district_id, id)
);
-- An account that holds an officer's mandate holds nothing else in that time: system, security and audit exclude each other and every business role.
alter table mandate add column officer_class text generated always as (coalesce(officer, 'business')) stored;
alter table mandate add constraint mandate_officers_apart
  exclude using gist (district_id with =, account_id with =, officer_class with <>, tstzrange(valid_from, valid_to) with &&);
create index mandate_account on mandate (district_id, account_id);
create index mandate_unit on mandate (district_id, unit_id);
call protect('mandate', 'select, insert, update', true);

create table session (
  district_id int not null references district (id),
  token_hash text not null,
  account_id uuid not null,
  started_at timestamptz not null,
  used_at timestamptz not null,
  expires_at timestamptz not null,
  proved_at timestamptz not null,
  second_factor boolean not null,
  kind text not null check (kind in ('cookie', 'token')),
  address text not null default '',
  ended_at timestamptz,
  primary key (district_id, token_hash),
  foreign key (district_id, account_id) references account (district_id, id)
) with (fillfactor = 70);
create index session_account on session (district_id, account_id) where ended_at is null;
call protect('session', 'select, insert, update, delete', false);
