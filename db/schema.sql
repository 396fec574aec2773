-- Generated from the migrations by npm run generate; do not edit, do not run.

create table account (
  district_id integer not null,
  id uuid not null,
  login text not null,
  person_id uuid,
  name text not null,
  password_hash text not null,
  password_changed_at timestamp with time zone not null,
  must_change_password boolean not null default false,
  previous_hashes text[] not null default '{}'::text[],
  totp_sealed bytea,
  totp_last_step bigint not null default 0,
  failures integer not null default 0,
  locked_until timestamp with time zone,
  last_used_at timestamp with time zone,
  disabled_at timestamp with time zone,
  created_at timestamp with time zone not null,
  constraint account_district_id_fkey FOREIGN KEY (district_id) REFERENCES district(id),
  constraint account_district_id_login_key UNIQUE (district_id, login),
  constraint account_district_id_person_id_fkey FOREIGN KEY (district_id, person_id) REFERENCES person(district_id, id),
  constraint account_login_check CHECK (((login = lower(login)) AND ((length(login) >= 3) AND (length(login) <= 40)))),
  constraint account_pkey PRIMARY KEY (district_id, id)
);
CREATE UNIQUE INDEX account_person ON public.account USING btree (district_id, person_id) WHERE ((person_id IS NOT NULL) AND (disabled_at IS NULL));
grant INSERT, SELECT, UPDATE to jishi_app;
policy district_wall using (district_id = current_district()) with check (district_id = current_district());

create table callback (
  district_id integer not null,
  id uuid not null,
  demand_id uuid not null,
  round integer not null default 0,
  at timestamp with time zone not null,
  made_on date not null,
  made_by uuid,
  reached boolean not null,
  outcome text,
  satisfaction text,
  constraint callback_check CHECK ((reached = ((outcome IS NOT NULL) AND (satisfaction IS NOT NULL)))),
  constraint callback_district_id_demand_id_fkey FOREIGN KEY (district_id, demand_id) REFERENCES demand(district_id, id),
  constraint callback_district_id_fkey FOREIGN KEY (district_id) REFERENCES district(id),
  constraint callback_outcome_check CHECK ((outcome = ANY (ARRAY['solved'::text, 'partly'::text, 'unsolved'::text]))),
  constraint callback_pkey PRIMARY KEY (district_id, id),
  constraint callback_satisfaction_check CHECK ((satisfaction = ANY (ARRAY['satisfied'::text, 'basically'::text, 'unsatisfied'::text])))
);
CREATE CONSTRAINT TRIGGER require_history AFTER INSERT OR DELETE OR UPDATE ON public.callback DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION require_history();
CREATE UNIQUE INDEX callback_one_answer ON public.callback USING btree (district_id, demand_id, round) WHERE reached;
CREATE UNIQUE INDEX callback_one_try_a_day ON public.callback USING btree (district_id, demand_id, round, made_on) WHERE (NOT reached);
grant INSERT, SELECT to jishi_app;
policy district_wall using (district_id = current_district()) with check (district_id = current_district());

create table claim (
  district_id integer not null,
  id uuid not null,
  task_id uuid not null,
  person_id uuid not null,
  place_id uuid not null,
  place_path text not null,
  state text not null,
  claimed_at timestamp with time zone not null,
  claimed_on date not null,
  withdrawn_at timestamp with time zone,
  submitted_at timestamp with time zone,
  report text,
  served_from timestamp with time zone,
  served_to timestamp with time zone,
  minutes integer,
  accepted_at timestamp with time zone,
  accepted_on date,
  accepted_by uuid,
  objection text,
  certificate text,
  constraint claim_check CHECK (((state = 'accepted'::text) = (accepted_at IS NOT NULL))),
  constraint claim_check1 CHECK ((served_to > served_from)),
  constraint claim_district_id_fkey FOREIGN KEY (district_id) REFERENCES district(id),
  constraint claim_district_id_person_id_fkey FOREIGN KEY (district_id, person_id) REFERENCES person(district_id, id),
  constraint claim_district_id_task_id_fkey FOREIGN KEY (district_id, task_id) REFERENCES task(district_id, id),
  constraint claim_minutes_check CHECK (((minutes >= 1) AND (minutes <= 1440))),
  constraint claim_no_overlap EXCLUDE USING gist (district_id WITH =, person_id WITH =, tstzrange(served_from, served_to) WITH &&) WHERE ((state = 'accepted'::text)),
  constraint claim_pkey PRIMARY KEY (district_id, id),
  constraint claim_state_check CHECK ((state = ANY (ARRAY['waiting'::text, 'claimed'::text, 'submitted'::text, 'accepted'::text, 'returned'::text, 'withdrawn'::text])))
);
CREATE CONSTRAINT TRIGGER require_history AFTER INSERT OR DELETE OR UPDATE ON public.claim DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION require_history();
CREATE INDEX claim_made ON public.claim USING btree (district_id, claimed_on, place_path);
CREATE INDEX claim_person ON public.claim USING btree (district_id, person_id, claimed_at);
CREATE INDEX claim_place ON public.claim USING btree (district_id, place_path, claimed_on);
CREATE UNIQUE INDEX claim_certificate ON public.claim USING btree (district_id, certificate) WHERE (certificate IS NOT NULL);
CREATE UNIQUE INDEX claim_once ON public.claim USING btree (district_id, task_id, person_id) WHERE (state <> 'withdrawn'::text);
grant INSERT, SELECT, UPDATE to jishi_app;
policy district_wall using (district_id = current_district()) with check (district_id = current_district());

create table clock_change (
  district_id integer not null,
  id uuid not null,
  demand_id uuid not null,
  kind text not null,
  at timestamp with time zone not null,
  from_due timestamp with time zone,
  to_due timestamp with time zone,
  reason text not null,
  plan text,
  leader text,
  review_on date,
  decided_by uuid,
  constraint clock_change_district_id_demand_id_fkey FOREIGN KEY (district_id, demand_id) REFERENCES demand(district_id, id),
  constraint clock_change_district_id_fkey FOREIGN KEY (district_id) REFERENCES district(id),
  constraint clock_change_kind_check CHECK ((kind = ANY (ARRAY['extension'::text, 'suspension'::text, 'resumption'::text]))),
  constraint clock_change_pkey PRIMARY KEY (district_id, id)
);
CREATE CONSTRAINT TRIGGER require_history AFTER INSERT OR DELETE OR UPDATE ON public.clock_change DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION require_history();
CREATE INDEX clock_change_demand ON public.clock_change USING btree (district_id, demand_id, at);
grant INSERT, SELECT to jishi_app;
policy district_wall using (district_id = current_district()) with check (district_id = current_district());

create table counter (
  district_id integer not null,
  name text not null,
  value integer not null,
  constraint counter_district_id_fkey FOREIGN KEY (district_id) REFERENCES district(id),
  constraint counter_pkey PRIMARY KEY (district_id, name)
);
grant INSERT, SELECT, UPDATE to jishi_app;
policy district_wall using (district_id = current_district()) with check (district_id = current_district());

create table demand (
  district_id integer not null,
  id uuid not null,
  no bigint not null default nextval('demand_no'::regclass),
  mechanism_id text not null,
  channel text not null,
  category text not null,
  grade text not null,
  title text not null,
  words_sealed bytea,
  contact_sealed bytea,
  contact_index bytea,
  follow_index bytea,
  consent text,
  report boolean not null default false,
  about_id uuid,
  place_id uuid not null,
  place_path text not null,
  owner_id uuid,
  owner_path text,
  state text not null,
  due_at timestamp with time zone,
  respond_due_at timestamp with time zone,
  resolve_due_at timestamp with time zone,
  opened_at timestamp with time zone not null,
  opened_on date not null,
  dispatched_at timestamp with time zone,
  signed_at timestamp with time zone,
  responded_at timestamp with time zone,
  answered_at timestamp with time zone,
  answered_by uuid,
  answer_sealed bytea,
  closed_at timestamp with time zone,
  closed_on date,
  outcome text,
  satisfaction text,
  suspended_until date,
  excluded_at timestamp with time zone,
  merged_into uuid,
  extensions integer not null default 0,
  disputes integer not null default 0,
  reopenings integer not null default 0,
  escalations integer not null default 0,
  provisional boolean not null default false,
  version integer not null default 1,
  constraint demand_channel_check CHECK ((channel = ANY (ARRAY['resident'::text, 'secretary'::text, 'hotline'::text, 'visit'::text, 'patrol'::text]))),
  constraint demand_check CHECK ((merged_into <> id)),
  constraint demand_district_id_fkey FOREIGN KEY (district_id) REFERENCES district(id),
  constraint demand_district_id_mechanism_id_fkey FOREIGN KEY (district_id, mechanism_id) REFERENCES mechanism(district_id, id),
  constraint demand_district_id_merged_into_fkey FOREIGN KEY (district_id, merged_into) REFERENCES demand(district_id, id),
  constraint demand_district_id_owner_id_fkey FOREIGN KEY (district_id, owner_id) REFERENCES unit(district_id, id),
  constraint demand_district_id_place_id_fkey FOREIGN KEY (district_id, place_id) REFERENCES unit(district_id, id),
  constraint demand_grade_check CHECK ((grade = ANY (ARRAY['urgent'::text, 'normal'::text, 'complex'::text, 'enquiry'::text]))),
  constraint demand_outcome_check CHECK ((outcome = ANY (ARRAY['solved'::text, 'partly'::text, 'unsolved'::text, 'explained'::text, 'unreached'::text]))),
  constraint demand_pkey PRIMARY KEY (district_id, id),
  constraint demand_satisfaction_check CHECK ((satisfaction = ANY (ARRAY['satisfied'::text, 'basically'::text, 'unsatisfied'::text]))),
  constraint demand_state_check CHECK ((state = ANY (ARRAY['registered'::text, 'dispatched'::text, 'disputed'::text, 'signed'::text, 'answered'::text, 'called'::text, 'closed'::text, 'declined'::text, 'merged'::text])))
);
CREATE CONSTRAINT TRIGGER require_history AFTER INSERT OR DELETE OR UPDATE ON public.demand DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION require_history();
CREATE INDEX demand_due ON public.demand USING btree (district_id, due_at, place_path) WHERE (due_at IS NOT NULL);
CREATE INDEX demand_merged ON public.demand USING btree (district_id, merged_into) WHERE (merged_into IS NOT NULL);
CREATE INDEX demand_owner ON public.demand USING btree (district_id, owner_path, due_at) WHERE (owner_path IS NOT NULL);
CREATE INDEX demand_place ON public.demand USING btree (district_id, place_path, opened_on);
CREATE INDEX demand_title ON public.demand USING gin (title gin_trgm_ops);
CREATE UNIQUE INDEX demand_follow ON public.demand USING btree (district_id, follow_index) WHERE (follow_index IS NOT NULL);
grant INSERT, SELECT, UPDATE to jishi_app;
policy district_wall using (district_id = current_district()) with check (district_id = current_district());

create table dispatch (
  district_id integer not null,
  id uuid not null,
  demand_id uuid not null,
  unit_id uuid not null,
  unit_path text not null,
  role text not null,
  at timestamp with time zone not null,
  due_at timestamp with time zone,
  signed_at timestamp with time zone,
  answered_at timestamp with time zone,
  disputed_at timestamp with time zone,
  dispute_reason text,
  dispute_outcome text,
  reviewed_at timestamp with time zone,
  reviewed_by uuid,
  ended_at timestamp with time zone,
  constraint dispatch_dispute_outcome_check CHECK ((dispute_outcome = ANY (ARRAY['reassigned'::text, 'upheld'::text]))),
  constraint dispatch_district_id_demand_id_fkey FOREIGN KEY (district_id, demand_id) REFERENCES demand(district_id, id),
  constraint dispatch_district_id_fkey FOREIGN KEY (district_id) REFERENCES district(id),
  constraint dispatch_district_id_unit_id_fkey FOREIGN KEY (district_id, unit_id) REFERENCES unit(district_id, id),
  constraint dispatch_pkey PRIMARY KEY (district_id, id),
  constraint dispatch_role_check CHECK ((role = ANY (ARRAY['lead'::text, 'support'::text])))
);
CREATE CONSTRAINT TRIGGER require_history AFTER INSERT OR DELETE OR UPDATE ON public.dispatch DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION require_history();
CREATE INDEX dispatch_demand ON public.dispatch USING btree (district_id, demand_id, at);
CREATE INDEX dispatch_unit ON public.dispatch USING btree (district_id, unit_path) WHERE (ended_at IS NULL);
CREATE UNIQUE INDEX dispatch_one_lead ON public.dispatch USING btree (district_id, demand_id) WHERE ((role = 'lead'::text) AND (ended_at IS NULL));
grant INSERT, SELECT, UPDATE to jishi_app;
policy district_wall using (district_id = current_district()) with check (district_id = current_district());

create table district (
  id integer not null,
  code text not null,
  name text not null,
  pack text not null,
  settings jsonb not null default '{}'::jsonb,
  created_at timestamp with time zone not null default now(),
  constraint district_code_check CHECK ((code ~ '^[0-9]{6}$'::text)),
  constraint district_code_key UNIQUE (code),
  constraint district_id_check CHECK (((id >= 1) AND (id <= 999999))),
  constraint district_pkey PRIMARY KEY (id)
);
grant SELECT to jishi_app;

create table exclusion (
  district_id integer not null,
  id uuid not null,
  demand_id uuid not null,
  ground text not null,
  reason text not null,
  asked_at timestamp with time zone not null,
  asked_by uuid not null,
  asked_unit_id uuid not null,
  decided_at timestamp with time zone,
  decided_by uuid,
  decided_unit_id uuid,
  granted boolean,
  constraint exclusion_check CHECK ((decided_by <> asked_by)),
  constraint exclusion_check1 CHECK ((decided_unit_id <> asked_unit_id)),
  constraint exclusion_district_id_demand_id_fkey FOREIGN KEY (district_id, demand_id) REFERENCES demand(district_id, id),
  constraint exclusion_district_id_fkey FOREIGN KEY (district_id) REFERENCES district(id),
  constraint exclusion_ground_check CHECK ((ground = ANY (ARRAY['unreasonable'::text, 'not-ours'::text, 'repeated'::text, 'malicious'::text, 'unreached'::text]))),
  constraint exclusion_pkey PRIMARY KEY (district_id, id)
);
CREATE CONSTRAINT TRIGGER require_history AFTER INSERT OR DELETE OR UPDATE ON public.exclusion DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION require_history();
CREATE INDEX exclusion_demand ON public.exclusion USING btree (district_id, demand_id, asked_at);
CREATE UNIQUE INDEX exclusion_one_pending ON public.exclusion USING btree (district_id, demand_id) WHERE (decided_at IS NULL);
grant INSERT, SELECT, UPDATE to jishi_app;
policy district_wall using (district_id = current_district()) with check (district_id = current_district());

create table history (
  district_id integer not null,
  lane integer not null,
  seq bigint not null,
  hash bytea not null,
  at timestamp with time zone not null,
  action text not null,
  actor_id uuid,
  subject_kind text not null,
  subject_id uuid not null,
  unit_path text not null,
  body text not null,
  constraint history_district_id_fkey FOREIGN KEY (district_id) REFERENCES district(id),
  constraint history_pkey PRIMARY KEY (district_id, lane, seq)
);
CREATE INDEX history_actor ON public.history USING btree (district_id, actor_id, at DESC);
CREATE INDEX history_at ON public.history USING btree (district_id, at DESC);
CREATE INDEX history_subject ON public.history USING btree (district_id, subject_id, at);
grant INSERT, SELECT to jishi_app;
policy district_wall using (district_id = current_district()) with check (district_id = current_district());

create table history_head (
  district_id integer not null,
  lane integer not null,
  seq bigint not null default 0,
  hash bytea not null,
  constraint history_head_district_id_fkey FOREIGN KEY (district_id) REFERENCES district(id),
  constraint history_head_pkey PRIMARY KEY (district_id, lane)
);
grant INSERT, SELECT, UPDATE to jishi_app;
policy district_wall using (district_id = current_district()) with check (district_id = current_district());

create table idempotency (
  district_id integer not null,
  actor text not null,
  key text not null,
  fingerprint text not null,
  status integer not null,
  response bytea not null,
  at timestamp with time zone not null,
  constraint idempotency_district_id_fkey FOREIGN KEY (district_id) REFERENCES district(id),
  constraint idempotency_pkey PRIMARY KEY (district_id, actor, key)
);
CREATE INDEX idempotency_at ON public.idempotency USING btree (district_id, at);
grant DELETE, INSERT, SELECT to jishi_app;
policy district_wall using (district_id = current_district()) with check (district_id = current_district());

create table mandate (
  district_id integer not null,
  id uuid not null,
  account_id uuid not null,
  role_id text not null,
  officer text,
  unit_id uuid not null,
  valid_from timestamp with time zone not null,
  valid_to timestamp with time zone not null default 'infinity'::timestamp with time zone,
  granted_by uuid,
  delegated_from uuid,
  officer_class text generated always as (COALESCE(officer, 'business'::text)) stored,
  constraint mandate_check CHECK ((valid_to >= valid_from)),
  constraint mandate_district_id_account_id_fkey FOREIGN KEY (district_id, account_id) REFERENCES account(district_id, id),
  constraint mandate_district_id_fkey FOREIGN KEY (district_id) REFERENCES district(id),
  constraint mandate_district_id_role_id_fkey FOREIGN KEY (district_id, role_id) REFERENCES role(district_id, id),
  constraint mandate_district_id_unit_id_fkey FOREIGN KEY (district_id, unit_id) REFERENCES unit(district_id, id),
  constraint mandate_officers_apart EXCLUDE USING gist (district_id WITH =, account_id WITH =, officer_class WITH <>, tstzrange(valid_from, valid_to) WITH &&),
  constraint mandate_pkey PRIMARY KEY (district_id, id)
);
CREATE CONSTRAINT TRIGGER require_history AFTER INSERT OR DELETE OR UPDATE ON public.mandate DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION require_history();
CREATE INDEX mandate_account ON public.mandate USING btree (district_id, account_id);
CREATE INDEX mandate_unit ON public.mandate USING btree (district_id, unit_id);
grant INSERT, SELECT, UPDATE to jishi_app;
policy district_wall using (district_id = current_district()) with check (district_id = current_district());

create table mechanism (
  district_id integer not null,
  id text not null,
  name text not null,
  engine text not null,
  catalogue_id text,
  settings jsonb not null,
  owner_id uuid not null,
  valid_from date not null,
  valid_to date not null default 'infinity'::date,
  version integer not null default 1,
  constraint mechanism_check CHECK ((valid_to > valid_from)),
  constraint mechanism_district_id_fkey FOREIGN KEY (district_id) REFERENCES district(id),
  constraint mechanism_district_id_owner_id_fkey FOREIGN KEY (district_id, owner_id) REFERENCES unit(district_id, id),
  constraint mechanism_id_check CHECK ((id ~ '^[a-z0-9-]{2,60}$'::text)),
  constraint mechanism_pkey PRIMARY KEY (district_id, id)
);
CREATE CONSTRAINT TRIGGER require_history AFTER INSERT OR DELETE OR UPDATE ON public.mechanism DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION require_history();
grant INSERT, SELECT, UPDATE to jishi_app;
policy district_wall using (district_id = current_district()) with check (district_id = current_district());

create table membership (
  district_id integer not null,
  id uuid not null,
  person_id uuid not null,
  unit_id uuid not null,
  kind text not null,
  status text not null,
  valid_from date not null,
  valid_to date not null default 'infinity'::date,
  constraint membership_check CHECK ((valid_to > valid_from)),
  constraint membership_district_id_fkey FOREIGN KEY (district_id) REFERENCES district(id),
  constraint membership_district_id_person_id_fkey FOREIGN KEY (district_id, person_id) REFERENCES person(district_id, id),
  constraint membership_district_id_unit_id_fkey FOREIGN KEY (district_id, unit_id) REFERENCES unit(district_id, id),
  constraint membership_kind_check CHECK ((kind = ANY (ARRAY['formal'::text, 'functional'::text]))),
  constraint membership_once EXCLUDE USING gist (district_id WITH =, person_id WITH =, unit_id WITH =, kind WITH =, daterange(valid_from, valid_to) WITH &&),
  constraint membership_one_formal EXCLUDE USING gist (district_id WITH =, person_id WITH =, daterange(valid_from, valid_to) WITH &&) WHERE ((kind = 'formal'::text)),
  constraint membership_pkey PRIMARY KEY (district_id, id),
  constraint membership_status_check CHECK ((status = ANY (ARRAY['full'::text, 'probationary'::text])))
);
CREATE CONSTRAINT TRIGGER require_history AFTER INSERT OR DELETE OR UPDATE ON public.membership DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION require_history();
CREATE INDEX membership_person ON public.membership USING btree (district_id, person_id, valid_from);
CREATE INDEX membership_unit ON public.membership USING btree (district_id, unit_id, valid_from);
grant INSERT, SELECT, UPDATE to jishi_app;
policy district_wall using (district_id = current_district()) with check (district_id = current_district());

create table migration (
  name text not null,
  sum text not null,
  at timestamp with time zone not null default now(),
  constraint migration_pkey PRIMARY KEY (name)
);


create table person (
  district_id integer not null,
  id uuid not null,
  no integer not null,
  name text not null,
  sex text not null default '0'::text,
  born date,
  nation text not null default '01'::text,
  politics text not null default '13'::text,
  education text,
  id_sealed bytea,
  id_index bytea,
  id_tail bytea,
  phone_sealed bytea,
  phone_index bytea,
  phone_tail bytea,
  address_sealed bytea,
  pinyin text not null default ''::text,
  stroke_key text not null default ''::text,
  home_id uuid,
  home_path text not null,
  merged_into uuid,
  version integer not null default 1,
  created_at timestamp with time zone not null,
  constraint person_check CHECK (((merged_into IS NULL) OR (merged_into <> id))),
  constraint person_district_id_fkey FOREIGN KEY (district_id) REFERENCES district(id),
  constraint person_district_id_home_id_fkey FOREIGN KEY (district_id, home_id) REFERENCES unit(district_id, id),
  constraint person_district_id_merged_into_fkey FOREIGN KEY (district_id, merged_into) REFERENCES person(district_id, id),
  constraint person_district_id_no_key UNIQUE (district_id, no),
  constraint person_no_check CHECK ((no > 0)),
  constraint person_pkey PRIMARY KEY (district_id, id),
  constraint person_sex_check CHECK ((sex = ANY (ARRAY['0'::text, '1'::text, '2'::text, '9'::text])))
);
CREATE CONSTRAINT TRIGGER require_history AFTER INSERT OR DELETE OR UPDATE ON public.person DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION require_history();
CREATE INDEX person_home ON public.person USING btree (district_id, home_path, stroke_key);
CREATE INDEX person_id_tail ON public.person USING btree (district_id, id_tail);
CREATE INDEX person_name ON public.person USING gin (name gin_trgm_ops, pinyin gin_trgm_ops);
CREATE INDEX person_phone ON public.person USING btree (district_id, phone_index);
CREATE INDEX person_phone_tail ON public.person USING btree (district_id, phone_tail);
CREATE UNIQUE INDEX person_id_number ON public.person USING btree (district_id, id_index) WHERE (merged_into IS NULL);
grant INSERT, SELECT, UPDATE to jishi_app;
policy district_wall using (district_id = current_district()) with check (district_id = current_district());

create table post (
  district_id integer not null,
  id uuid not null,
  person_id uuid not null,
  unit_id uuid not null,
  title text not null,
  valid_from date not null,
  valid_to date not null default 'infinity'::date,
  constraint post_check CHECK ((valid_to > valid_from)),
  constraint post_district_id_fkey FOREIGN KEY (district_id) REFERENCES district(id),
  constraint post_district_id_person_id_fkey FOREIGN KEY (district_id, person_id) REFERENCES person(district_id, id),
  constraint post_district_id_unit_id_fkey FOREIGN KEY (district_id, unit_id) REFERENCES unit(district_id, id),
  constraint post_once EXCLUDE USING gist (district_id WITH =, person_id WITH =, unit_id WITH =, title WITH =, daterange(valid_from, valid_to) WITH &&),
  constraint post_pkey PRIMARY KEY (district_id, id)
);
CREATE CONSTRAINT TRIGGER require_history AFTER INSERT OR DELETE OR UPDATE ON public.post DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION require_history();
CREATE INDEX post_person ON public.post USING btree (district_id, person_id, valid_from);
CREATE INDEX post_unit ON public.post USING btree (district_id, unit_id, valid_from);
grant INSERT, SELECT, UPDATE to jishi_app;
policy district_wall using (district_id = current_district()) with check (district_id = current_district());

create table registration (
  district_id integer not null,
  id uuid not null,
  person_id uuid not null,
  place_id uuid not null,
  place_path text not null,
  organ text not null default ''::text,
  skills text[] not null default '{}'::text[],
  reported_on date not null,
  confirmed_on date,
  confirmed_by uuid,
  ended_on date,
  constraint registration_check CHECK ((confirmed_on >= reported_on)),
  constraint registration_check1 CHECK ((ended_on >= reported_on)),
  constraint registration_district_id_fkey FOREIGN KEY (district_id) REFERENCES district(id),
  constraint registration_district_id_person_id_fkey FOREIGN KEY (district_id, person_id) REFERENCES person(district_id, id),
  constraint registration_district_id_place_id_fkey FOREIGN KEY (district_id, place_id) REFERENCES unit(district_id, id),
  constraint registration_one_active EXCLUDE USING gist (district_id WITH =, person_id WITH =, daterange(reported_on, COALESCE(ended_on, 'infinity'::date)) WITH &&),
  constraint registration_pkey PRIMARY KEY (district_id, id)
);
CREATE CONSTRAINT TRIGGER require_history AFTER INSERT OR DELETE OR UPDATE ON public.registration DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION require_history();
CREATE INDEX registration_person ON public.registration USING btree (district_id, person_id);
CREATE INDEX registration_place ON public.registration USING btree (district_id, place_path, confirmed_on);
grant INSERT, SELECT, UPDATE to jishi_app;
policy district_wall using (district_id = current_district()) with check (district_id = current_district());

create table role (
  district_id integer not null,
  id text not null,
  name text not null,
  verbs text[] not null,
  officer text,
  second_factor boolean not null,
  constraint role_district_id_fkey FOREIGN KEY (district_id) REFERENCES district(id),
  constraint role_district_id_id_officer_key UNIQUE (district_id, id, officer),
  constraint role_officer_check CHECK ((officer = ANY (ARRAY['system'::text, 'security'::text, 'audit'::text]))),
  constraint role_pkey PRIMARY KEY (district_id, id)
);
CREATE CONSTRAINT TRIGGER require_history AFTER INSERT OR DELETE OR UPDATE ON public.role DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION require_history();
grant INSERT, SELECT, UPDATE to jishi_app;
policy district_wall using (district_id = current_district()) with check (district_id = current_district());

create table session (
  district_id integer not null,
  token_hash text not null,
  account_id uuid not null,
  started_at timestamp with time zone not null,
  used_at timestamp with time zone not null,
  expires_at timestamp with time zone not null,
  proved_at timestamp with time zone not null,
  second_factor boolean not null,
  kind text not null,
  address text not null default ''::text,
  ended_at timestamp with time zone,
  constraint session_district_id_account_id_fkey FOREIGN KEY (district_id, account_id) REFERENCES account(district_id, id),
  constraint session_district_id_fkey FOREIGN KEY (district_id) REFERENCES district(id),
  constraint session_kind_check CHECK ((kind = ANY (ARRAY['cookie'::text, 'token'::text]))),
  constraint session_pkey PRIMARY KEY (district_id, token_hash)
);
CREATE INDEX session_account ON public.session USING btree (district_id, account_id) WHERE (ended_at IS NULL);
grant DELETE, INSERT, SELECT, UPDATE to jishi_app;
policy district_wall using (district_id = current_district()) with check (district_id = current_district());

create table task (
  district_id integer not null,
  id uuid not null,
  no bigint not null default nextval('task_no'::regclass),
  mechanism_id text not null,
  demand_id uuid,
  title text not null,
  detail text not null default ''::text,
  category text not null,
  skills text[] not null default '{}'::text[],
  place_id uuid not null,
  place_path text not null,
  starts_at timestamp with time zone not null,
  ends_at timestamp with time zone not null,
  capacity integer not null,
  claimed integer not null default 0,
  state text not null,
  published_at timestamp with time zone,
  published_on date,
  published_by uuid,
  closed_at timestamp with time zone,
  version integer not null default 1,
  constraint task_capacity_check CHECK (((capacity >= 1) AND (capacity <= 10000))),
  constraint task_check CHECK ((ends_at > starts_at)),
  constraint task_check1 CHECK (((claimed >= 0) AND (claimed <= capacity))),
  constraint task_district_id_demand_id_fkey FOREIGN KEY (district_id, demand_id) REFERENCES demand(district_id, id),
  constraint task_district_id_fkey FOREIGN KEY (district_id) REFERENCES district(id),
  constraint task_district_id_mechanism_id_fkey FOREIGN KEY (district_id, mechanism_id) REFERENCES mechanism(district_id, id),
  constraint task_district_id_place_id_fkey FOREIGN KEY (district_id, place_id) REFERENCES unit(district_id, id),
  constraint task_pkey PRIMARY KEY (district_id, id),
  constraint task_state_check CHECK ((state = ANY (ARRAY['draft'::text, 'published'::text, 'closed'::text, 'expired'::text, 'cancelled'::text])))
);
CREATE CONSTRAINT TRIGGER require_history AFTER INSERT OR DELETE OR UPDATE ON public.task DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION require_history();
CREATE INDEX task_demand ON public.task USING btree (district_id, demand_id) WHERE (demand_id IS NOT NULL);
CREATE INDEX task_open ON public.task USING btree (district_id, place_path, ends_at) WHERE (state = 'published'::text);
CREATE INDEX task_published ON public.task USING btree (district_id, published_on, place_path) WHERE (published_on IS NOT NULL);
grant INSERT, SELECT, UPDATE to jishi_app;
policy district_wall using (district_id = current_district()) with check (district_id = current_district());

create table unit (
  district_id integer not null,
  id uuid not null,
  no integer not null,
  tree text not null,
  kind text not null,
  code text,
  name text not null,
  parent_id uuid,
  path text not null,
  depth integer not null,
  sort integer not null default 0,
  pinyin text not null default ''::text,
  opened_on date not null,
  closed_on date,
  attributes jsonb not null default '{}'::jsonb,
  constraint unit_check CHECK ((closed_on > opened_on)),
  constraint unit_depth_check CHECK (((depth >= 1) AND (depth <= 32))),
  constraint unit_district_id_fkey FOREIGN KEY (district_id) REFERENCES district(id),
  constraint unit_district_id_no_key UNIQUE (district_id, no),
  constraint unit_district_id_parent_id_fkey FOREIGN KEY (district_id, parent_id) REFERENCES unit(district_id, id),
  constraint unit_district_id_path_key UNIQUE (district_id, path),
  constraint unit_name_check CHECK (((length(name) >= 1) AND (length(name) <= 60))),
  constraint unit_no_check CHECK ((no > 0)),
  constraint unit_pkey PRIMARY KEY (district_id, id),
  constraint unit_tree_check CHECK ((tree = ANY (ARRAY['place'::text, 'org'::text])))
);
CREATE CONSTRAINT TRIGGER require_history AFTER INSERT OR DELETE OR UPDATE ON public.unit DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION require_history();
CREATE INDEX unit_children ON public.unit USING btree (district_id, parent_id, sort, no);
CREATE INDEX unit_kind ON public.unit USING btree (district_id, kind, path);
CREATE INDEX unit_name ON public.unit USING gin (name gin_trgm_ops, pinyin gin_trgm_ops);
CREATE UNIQUE INDEX unit_code ON public.unit USING btree (district_id, tree, code) WHERE ((code IS NOT NULL) AND (closed_on IS NULL));
CREATE UNIQUE INDEX unit_one_root ON public.unit USING btree (district_id, tree) WHERE (parent_id IS NULL);
grant INSERT, SELECT, UPDATE to jishi_app;
policy district_wall using (district_id = current_district()) with check (district_id = current_district());

create table unit_change (
  district_id integer not null,
  id uuid not null,
  effective_on date not null,
  state text not null,
  reason text not null,
  operations jsonb not null,
  decided_by uuid,
  decided_at timestamp with time zone not null,
  constraint unit_change_district_id_fkey FOREIGN KEY (district_id) REFERENCES district(id),
  constraint unit_change_pkey PRIMARY KEY (district_id, id),
  constraint unit_change_state_check CHECK ((state = ANY (ARRAY['planned'::text, 'done'::text, 'cancelled'::text])))
);
CREATE CONSTRAINT TRIGGER require_history AFTER INSERT OR DELETE OR UPDATE ON public.unit_change DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION require_history();
CREATE INDEX unit_change_due ON public.unit_change USING btree (district_id, state, effective_on);
grant INSERT, SELECT, UPDATE to jishi_app;
policy district_wall using (district_id = current_district()) with check (district_id = current_district());

create table unit_link (
  district_id integer not null,
  id uuid not null,
  kind text not null,
  from_id uuid not null,
  to_id uuid not null,
  role text not null default ''::text,
  valid_from date not null,
  valid_to date not null default 'infinity'::date,
  constraint unit_link_check CHECK ((valid_to > valid_from)),
  constraint unit_link_district_id_fkey FOREIGN KEY (district_id) REFERENCES district(id),
  constraint unit_link_district_id_from_id_fkey FOREIGN KEY (district_id, from_id) REFERENCES unit(district_id, id),
  constraint unit_link_district_id_kind_from_id_to_id_role_daterange_excl EXCLUDE USING gist (district_id WITH =, kind WITH =, from_id WITH =, to_id WITH =, role WITH =, daterange(valid_from, valid_to) WITH &&),
  constraint unit_link_district_id_to_id_fkey FOREIGN KEY (district_id, to_id) REFERENCES unit(district_id, id),
  constraint unit_link_kind_check CHECK ((kind = ANY (ARRAY['serves'::text, 'alliance'::text, 'contact'::text]))),
  constraint unit_link_pkey PRIMARY KEY (district_id, id)
);
CREATE CONSTRAINT TRIGGER require_history AFTER INSERT OR DELETE OR UPDATE ON public.unit_link DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION require_history();
CREATE INDEX unit_link_from ON public.unit_link USING btree (district_id, from_id, kind);
CREATE INDEX unit_link_to ON public.unit_link USING btree (district_id, to_id, kind);
grant INSERT, SELECT, UPDATE to jishi_app;
policy district_wall using (district_id = current_district()) with check (district_id = current_district());

create table unit_successor (
  district_id integer not null,
  unit_id uuid not null,
  successor_id uuid not null,
  effective_on date not null,
  change_id uuid not null,
  constraint unit_successor_check CHECK ((unit_id <> successor_id)),
  constraint unit_successor_district_id_fkey FOREIGN KEY (district_id) REFERENCES district(id),
  constraint unit_successor_district_id_successor_id_fkey FOREIGN KEY (district_id, successor_id) REFERENCES unit(district_id, id),
  constraint unit_successor_district_id_unit_id_fkey FOREIGN KEY (district_id, unit_id) REFERENCES unit(district_id, id),
  constraint unit_successor_pkey PRIMARY KEY (district_id, unit_id, successor_id)
);
CREATE CONSTRAINT TRIGGER require_history AFTER INSERT OR DELETE OR UPDATE ON public.unit_successor DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION require_history();
grant DELETE, INSERT, SELECT to jishi_app;
policy district_wall using (district_id = current_district()) with check (district_id = current_district());

create table unit_version (
  district_id integer not null,
  unit_id uuid not null,
  valid_from date not null,
  valid_to date not null default 'infinity'::date,
  tree text not null,
  kind text not null,
  code text,
  name text not null,
  parent_id uuid,
  path text not null,
  change_id uuid,
  constraint unit_version_check CHECK ((valid_to > valid_from)),
  constraint unit_version_district_id_fkey FOREIGN KEY (district_id) REFERENCES district(id),
  constraint unit_version_district_id_unit_id_daterange_excl EXCLUDE USING gist (district_id WITH =, unit_id WITH =, daterange(valid_from, valid_to) WITH &&),
  constraint unit_version_district_id_unit_id_fkey FOREIGN KEY (district_id, unit_id) REFERENCES unit(district_id, id),
  constraint unit_version_pkey PRIMARY KEY (district_id, unit_id, valid_from)
);
CREATE CONSTRAINT TRIGGER require_history AFTER INSERT OR DELETE OR UPDATE ON public.unit_version DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION require_history();
CREATE INDEX unit_version_parent ON public.unit_version USING btree (district_id, parent_id, valid_from);
CREATE INDEX unit_version_path ON public.unit_version USING btree (district_id, path, valid_from, valid_to);
grant DELETE, INSERT, SELECT, UPDATE to jishi_app;
policy district_wall using (district_id = current_district()) with check (district_id = current_district());
