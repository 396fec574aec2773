-- access: accounts, roles, mandates, sessions.

-- distributed: what a role may do, as data of the district (pack).
create table role (
  district_id int not null references district (id),
  id text not null,
  name text not null,
  verbs text[] not null,
  officer text check (officer in ('system', 'security', 'audit')),   -- 三员: mutually exclusive (等保 12)
  primary key (district_id, id),
  unique (district_id, id, officer)
);
call protect('role', 'select, insert, update', true);
create trigger edition_changed after insert or update on role for each statement execute function edition_changed();

-- distributed: never deleted, so a login is never given to somebody else (等保 1).
create table account (
  district_id int not null references district (id),
  id uuid not null,
  login text not null check (login = lower(login) and length(login) between 3 and 40),
  person_id uuid,
  unit_id uuid,                                 -- where the holder works; null for the district as a whole
  name text not null,
  password_hash text,                           -- null until the invitation is accepted: nobody else ever knew one (A-07)
  password_changed_at timestamptz not null,
  must_change_password boolean not null default false,
  previous_hashes text[] not null default '{}',
  totp_sealed bytea,
  totp_pending bytea,                           -- shown to the holder, not yet confirmed by a code
  totp_last_step bigint not null default 0,
  last_used_at timestamptz,
  disabled_at timestamptz,
  disabled_for text check (disabled_for in ('officer', 'idle')),
  rights int not null default 1,                -- counts the changes of its mandates and registrations, see below
  created_at timestamptz not null,
  primary key (district_id, id),
  unique (district_id, login),
  check ((disabled_at is null) = (disabled_for is null)),
  foreign key (district_id, person_id) references person (district_id, id),
  foreign key (district_id, unit_id) references unit (district_id, id)
);
create unique index account_person on account (district_id, person_id) where person_id is not null and disabled_at is null;
call protect('account', 'select, insert, update', true);

-- distributed: one-time tokens that let a holder set his own password; only the hash is kept, a newer one voids the older (A-07, AU-11).
create table invitation (
  district_id int not null references district (id),
  token_hash text not null,
  account_id uuid not null,
  made_by uuid,
  made_at timestamptz not null,
  expires_at timestamptz not null check (expires_at > made_at and expires_at <= made_at + interval '24 hours'),
  used_at timestamptz,
  voided_at timestamptz,
  primary key (district_id, token_hash),
  foreign key (district_id, account_id) references account (district_id, id)
);
create unique index invitation_one_open on invitation (district_id, account_id) where used_at is null and voided_at is null;
call protect('invitation', 'select, insert, update', true);

-- distributed: failed sign-ins by account, address and day (A-02). A device the owner used before counts under its own name (A-03).
create table login_failure (
  district_id int not null references district (id),
  account_id uuid not null,
  address text not null,
  day date not null,
  streak int not null,                          -- failures since the last success or lock
  total int not null,
  last_at timestamptz not null,
  locked_until timestamptz,
  primary key (district_id, account_id, address, day),
  foreign key (district_id, account_id) references account (district_id, id)
);
call protect('login_failure', 'select, insert, update, delete', false);

-- distributed: browsers in which the owner has signed in before.
create table known_device (
  district_id int not null references district (id),
  token_hash text not null,
  account_id uuid not null,
  since timestamptz not null,
  primary key (district_id, token_hash, account_id),
  foreign key (district_id, account_id) references account (district_id, id)
);
create index known_device_account on known_device (district_id, account_id, since);
call protect('known_device', 'select, insert, delete', false);

-- distributed: a mandate is (account, role, unit, from, to, by whom). The exclusion keeps the three officers apart even in a race.
create table mandate (
  district_id int not null references district (id),
  id uuid not null,
  account_id uuid not null,
  role_id text not null,
  officer text,
  unit_id uuid not null,
  valid_from timestamptz not null,
  valid_to timestamptz not null default 'infinity' check (valid_to >= valid_from),
  granted_by uuid check (granted_by <> account_id),
  delegated_from uuid check (delegated_from <> id),
  officer_class text generated always as (coalesce(officer, 'business')) stored,
  primary key (district_id, id),
  foreign key (district_id, account_id) references account (district_id, id),
  foreign key (district_id, role_id) references role (district_id, id),
  foreign key (district_id, unit_id) references unit (district_id, id),
  foreign key (district_id, delegated_from) references mandate (district_id, id),
  -- a delegated mandate ends within 90 days
  check (delegated_from is null or valid_to <= valid_from + interval '90 days'),
  constraint mandate_once exclude using gist (district_id with =, account_id with =, role_id with =, unit_id with =, tstzrange(valid_from, valid_to) with &&),
  -- an account that holds an officer's mandate holds nothing else in that time: the three exclude each other and every business role
  constraint mandate_officers_apart exclude using gist (district_id with =, account_id with =, officer_class with <>, tstzrange(valid_from, valid_to) with &&)
);
create index mandate_account on mandate (district_id, account_id);
create index mandate_unit on mandate (district_id, unit_id);
create index mandate_delegated on mandate (district_id, delegated_from) where delegated_from is not null;
call protect('mandate', 'select, insert, update', true);

-- What an account may do is read anew whenever its mandates or the registrations of its holder change: the change and its count are
-- one transaction. Everything else its rights rest on is counted by the edition.
create function count_rights(district int, persons uuid[]) returns void language sql as $$
  update account a set rights = rights + 1
  from (select distinct p.id from person g join person p on p.district_id = g.district_id and p.key_id = g.key_id
    where g.district_id = district and g.id = any(persons)) holder
  where a.district_id = district and a.person_id = holder.id
$$;
create function mandate_counts() returns trigger language plpgsql as $$
begin
  update account set rights = rights + 1 where district_id = new.district_id and id = new.account_id;
  return null;
end $$;
create function registration_counts() returns trigger language plpgsql as $$
begin
  perform count_rights(new.district_id, array[new.person_id]);
  return null;
end $$;
create function registrations_count() returns trigger language plpgsql as $$
begin
  perform count_rights(district_id, array_agg(person_id)) from fresh group by district_id;
  return null;
end $$;
create trigger rights_changed after insert or update on mandate for each row execute function mandate_counts();
create trigger rights_changed after update of person_id, place_id, confirmed_on, ended_on on registration for each row execute function registration_counts();
create trigger rights_given after insert on registration referencing new table as fresh for each statement execute function registrations_count();

-- distributed: an officer's mandate is asked for by one officer and confirmed by another, on exactly the content both saw (AZ-30, AZ-31).
create table mandate_request (
  district_id int not null references district (id),
  id uuid not null,
  account_id uuid not null,
  role_id text not null,
  unit_id uuid not null,
  valid_from timestamptz not null,
  valid_to timestamptz not null,
  reason text not null,
  content_hash text not null,
  asked_by uuid not null check (asked_by <> account_id),
  asked_at timestamptz not null,
  decided_by uuid check (decided_by <> asked_by and decided_by <> account_id),
  decided_at timestamptz,
  granted boolean,
  mandate_id uuid,
  primary key (district_id, id),
  check ((decided_by is null) = (decided_at is null) and (decided_at is null) = (granted is null)),
  foreign key (district_id, account_id) references account (district_id, id),
  foreign key (district_id, role_id) references role (district_id, id),
  foreign key (district_id, unit_id) references unit (district_id, id),
  foreign key (district_id, mandate_id) references mandate (district_id, id)
);
create unique index mandate_request_once on mandate_request (district_id, account_id, role_id, unit_id) where decided_at is null;
call protect('mandate_request', 'select, insert, update', true);

-- distributed: only the hash of a token is kept (A-08).
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
  client text not null default 'api' check (client in ('pc', 'phone', 'api')),
  address text not null default '',
  ended_at timestamptz,
  primary key (district_id, token_hash),
  foreign key (district_id, account_id) references account (district_id, id)
) with (fillfactor = 70);
create index session_account on session (district_id, account_id) where ended_at is null;
call protect('session', 'select, insert, update, delete', false);
