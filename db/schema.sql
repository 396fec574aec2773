-- Generated from the migrations by npm run generate; do not edit, do not run.

create table about (
  district_id integer not null,
  settings jsonb not null,
  version integer not null default 1,
  constraint about_district_id_fkey FOREIGN KEY (district_id) REFERENCES district(id),
  constraint about_pkey PRIMARY KEY (district_id)
);
CREATE CONSTRAINT TRIGGER require_history AFTER INSERT OR DELETE OR UPDATE ON public.about DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION require_history();
grant INSERT, SELECT, UPDATE to jishi_app;
policy district_wall using (district_id = current_district()) with check (district_id = current_district());

create table account (
  district_id integer not null,
  id uuid not null,
  login text not null,
  person_id uuid,
  unit_id uuid,
  name text not null,
  password_hash text,
  password_changed_at timestamp with time zone not null,
  must_change_password boolean not null default false,
  previous_hashes text[] not null default '{}'::text[],
  totp_sealed bytea,
  totp_pending bytea,
  totp_last_step bigint not null default 0,
  last_used_at timestamp with time zone,
  disabled_at timestamp with time zone,
  disabled_for text,
  rights integer not null default 1,
  created_at timestamp with time zone not null,
  constraint account_check CHECK (((disabled_at IS NULL) = (disabled_for IS NULL))),
  constraint account_disabled_for_check CHECK ((disabled_for = ANY (ARRAY['officer'::text, 'idle'::text]))),
  constraint account_district_id_fkey FOREIGN KEY (district_id) REFERENCES district(id),
  constraint account_district_id_login_key UNIQUE (district_id, login),
  constraint account_district_id_person_id_fkey FOREIGN KEY (district_id, person_id) REFERENCES person(district_id, id),
  constraint account_district_id_unit_id_fkey FOREIGN KEY (district_id, unit_id) REFERENCES unit(district_id, id),
  constraint account_login_check CHECK (((login = lower(login)) AND ((length(login) >= 3) AND (length(login) <= 40)))),
  constraint account_pkey PRIMARY KEY (district_id, id)
);
CREATE CONSTRAINT TRIGGER require_history AFTER INSERT OR DELETE OR UPDATE ON public.account DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION require_history();
CREATE UNIQUE INDEX account_person ON public.account USING btree (district_id, person_id) WHERE ((person_id IS NOT NULL) AND (disabled_at IS NULL));
grant INSERT, SELECT, UPDATE to jishi_app;
policy district_wall using (district_id = current_district()) with check (district_id = current_district());

create table callback (
  district_id integer not null,
  id uuid not null,
  demand_id uuid not null,
  round integer not null default 0,
  kind text not null default 'call'::text,
  at timestamp with time zone not null,
  made_on date not null,
  made_by uuid,
  reached boolean not null,
  outcome text,
  satisfaction text,
  constraint callback_check CHECK ((reached = (outcome IS NOT NULL))),
  constraint callback_check1 CHECK (((reached AND (kind <> 'verification'::text)) = (satisfaction IS NOT NULL))),
  constraint callback_district_id_demand_id_fkey FOREIGN KEY (district_id, demand_id) REFERENCES demand(district_id, id),
  constraint callback_district_id_fkey FOREIGN KEY (district_id) REFERENCES district(id),
  constraint callback_kind_check CHECK ((kind = ANY (ARRAY['call'::text, 'self'::text, 'verification'::text]))),
  constraint callback_outcome_check CHECK ((outcome = ANY (ARRAY['solved'::text, 'partly'::text, 'unsolved'::text]))),
  constraint callback_pkey PRIMARY KEY (district_id, id),
  constraint callback_satisfaction_check CHECK ((satisfaction = ANY (ARRAY['satisfied'::text, 'basically'::text, 'unsatisfied'::text])))
);
CREATE CONSTRAINT TRIGGER require_history AFTER INSERT OR DELETE OR UPDATE ON public.callback DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION require_history();
CREATE INDEX callback_last ON public.callback USING btree (district_id, demand_id, at DESC) INCLUDE (outcome, satisfaction, kind) WHERE reached;
CREATE TRIGGER mark_demand_id_change AFTER UPDATE ON public.callback FOR EACH ROW WHEN ((((((old.demand_id IS DISTINCT FROM new.demand_id) OR (old.round IS DISTINCT FROM new.round)) OR (old.reached IS DISTINCT FROM new.reached)) OR (old.outcome IS DISTINCT FROM new.outcome)) OR (old.satisfaction IS DISTINCT FROM new.satisfaction))) EXECUTE FUNCTION mark_demand_id('callback.demand_id');
CREATE TRIGGER mark_demand_id_row AFTER INSERT OR DELETE ON public.callback FOR EACH ROW EXECUTE FUNCTION mark_demand_id('callback.demand_id');
CREATE UNIQUE INDEX callback_one_answer ON public.callback USING btree (district_id, demand_id, round) WHERE reached;
CREATE UNIQUE INDEX callback_one_try_a_day ON public.callback USING btree (district_id, demand_id, round, made_on) WHERE (NOT reached);
grant INSERT, SELECT to jishi_app;
policy district_wall using (district_id = current_district()) with check (district_id = current_district());

create table claim (
  district_id integer not null,
  id uuid not null,
  task_id uuid not null,
  person_id uuid,
  unit_id uuid,
  unit_path text,
  place_id uuid not null,
  place_path text not null,
  state text not null,
  claimed_at timestamp with time zone not null,
  claimed_on date not null,
  claimed_by uuid,
  withdrawn_at timestamp with time zone,
  end_reason text,
  arrived_at timestamp with time zone,
  arrived_by uuid,
  submitted_at timestamp with time zone,
  report text,
  served_from timestamp with time zone,
  served_to timestamp with time zone,
  minutes integer,
  accepted_at timestamp with time zone,
  accepted_on date,
  accepted_by uuid,
  objection text,
  objected_at timestamp with time zone,
  objection_answer text,
  objection_settled_at timestamp with time zone,
  certificate text,
  constraint claim_check CHECK (((person_id IS NULL) <> (unit_id IS NULL))),
  constraint claim_check1 CHECK (((state = 'accepted'::text) = (accepted_at IS NOT NULL))),
  constraint claim_check2 CHECK ((served_to > served_from)),
  constraint claim_check3 CHECK (((arrived_at IS NULL) = (arrived_by IS NULL))),
  constraint claim_check4 CHECK ((((served_from IS NULL) = (served_to IS NULL)) AND ((served_from IS NULL) = (minutes IS NULL)))),
  constraint claim_district_id_fkey FOREIGN KEY (district_id) REFERENCES district(id),
  constraint claim_district_id_person_id_fkey FOREIGN KEY (district_id, person_id) REFERENCES person(district_id, id),
  constraint claim_district_id_task_id_fkey FOREIGN KEY (district_id, task_id) REFERENCES task(district_id, id),
  constraint claim_district_id_unit_id_fkey FOREIGN KEY (district_id, unit_id) REFERENCES unit(district_id, id),
  constraint claim_minutes_check CHECK (((minutes >= 1) AND (minutes <= 1440))),
  constraint claim_no_overlap EXCLUDE USING gist (district_id WITH =, person_id WITH =, tstzrange(served_from, served_to) WITH &&) WHERE (((state = 'accepted'::text) AND (served_from IS NOT NULL))),
  constraint claim_pkey PRIMARY KEY (district_id, id),
  constraint claim_state_check CHECK ((state = ANY (ARRAY['waiting'::text, 'claimed'::text, 'submitted'::text, 'accepted'::text, 'returned'::text, 'withdrawn'::text])))
);
CREATE CONSTRAINT TRIGGER require_history AFTER INSERT OR DELETE OR UPDATE ON public.claim DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION require_history();
CREATE INDEX claim_made ON public.claim USING btree (district_id, claimed_on, place_path);
CREATE INDEX claim_person ON public.claim USING btree (district_id, person_id, claimed_at);
CREATE INDEX claim_place ON public.claim USING btree (district_id, place_path, claimed_on);
CREATE INDEX claim_unit ON public.claim USING btree (district_id, unit_id, claimed_at) WHERE (unit_id IS NOT NULL);
CREATE INDEX claim_waits ON public.claim USING btree (district_id, place_path) WHERE ((state = 'submitted'::text) OR ((objection IS NOT NULL) AND (objection_settled_at IS NULL)));
CREATE TRIGGER mark_id_change AFTER UPDATE ON public.claim FOR EACH ROW WHEN (((((((((old.task_id IS DISTINCT FROM new.task_id) OR (old.person_id IS DISTINCT FROM new.person_id)) OR (old.unit_id IS DISTINCT FROM new.unit_id)) OR (old.place_id IS DISTINCT FROM new.place_id)) OR (old.claimed_on IS DISTINCT FROM new.claimed_on)) OR (old.state IS DISTINCT FROM new.state)) OR (old.accepted_on IS DISTINCT FROM new.accepted_on)) OR (old.minutes IS DISTINCT FROM new.minutes))) EXECUTE FUNCTION mark_id('claim.id');
CREATE TRIGGER mark_id_row AFTER INSERT OR DELETE ON public.claim FOR EACH ROW EXECUTE FUNCTION mark_id('claim.id');
CREATE UNIQUE INDEX claim_certificate ON public.claim USING btree (district_id, certificate) WHERE (certificate IS NOT NULL);
CREATE UNIQUE INDEX claim_once ON public.claim USING btree (district_id, task_id, person_id) WHERE (state <> 'withdrawn'::text);
CREATE UNIQUE INDEX claim_once_unit ON public.claim USING btree (district_id, task_id, unit_id) WHERE (state <> 'withdrawn'::text);
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
  constraint clock_change_kind_check CHECK ((kind = ANY (ARRAY['extension'::text, 'suspension'::text, 'resumption'::text, 'dispute-pause'::text, 'review'::text]))),
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

create table coverage (
  district_id integer not null,
  id uuid not null,
  mechanism_id text not null,
  unit_id uuid not null,
  unit_path text not null,
  form text not null,
  level text not null,
  outlet text not null,
  title text not null,
  link text not null default ''::text,
  happened_on date not null,
  manuscript_id uuid,
  withdrawn_at timestamp with time zone,
  constraint coverage_district_id_fkey FOREIGN KEY (district_id) REFERENCES district(id),
  constraint coverage_district_id_manuscript_id_fkey FOREIGN KEY (district_id, manuscript_id) REFERENCES manuscript(district_id, id),
  constraint coverage_district_id_mechanism_id_fkey FOREIGN KEY (district_id, mechanism_id) REFERENCES mechanism(district_id, id),
  constraint coverage_district_id_unit_id_fkey FOREIGN KEY (district_id, unit_id) REFERENCES unit(district_id, id),
  constraint coverage_pkey PRIMARY KEY (district_id, id)
);
CREATE CONSTRAINT TRIGGER require_history AFTER INSERT OR DELETE OR UPDATE ON public.coverage DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION require_history();
CREATE INDEX coverage_list ON public.coverage USING btree (district_id, unit_path, happened_on DESC);
CREATE TRIGGER mark_id_change AFTER UPDATE ON public.coverage FOR EACH ROW WHEN (((((((old.unit_id IS DISTINCT FROM new.unit_id) OR (old.mechanism_id IS DISTINCT FROM new.mechanism_id)) OR (old.form IS DISTINCT FROM new.form)) OR (old.level IS DISTINCT FROM new.level)) OR (old.happened_on IS DISTINCT FROM new.happened_on)) OR (old.withdrawn_at IS DISTINCT FROM new.withdrawn_at))) EXECUTE FUNCTION mark_id('coverage.id');
CREATE TRIGGER mark_id_row AFTER INSERT OR DELETE ON public.coverage FOR EACH ROW EXECUTE FUNCTION mark_id('coverage.id');
CREATE UNIQUE INDEX coverage_once ON public.coverage USING btree (district_id, mechanism_id, outlet, title, happened_on) WHERE (withdrawn_at IS NULL);
grant INSERT, SELECT, UPDATE to jishi_app;
policy district_wall using (district_id = current_district()) with check (district_id = current_district());

create table demand (
  district_id integer not null,
  id uuid not null,
  no bigint not null default nextval('demand_no'::regclass),
  mechanism_id text not null,
  channel text not null,
  hotline_no text,
  occasion_id uuid,
  category text not null,
  grade text not null,
  title text not null,
  words_sealed bytea,
  contact_sealed bytea,
  contact_index bytea,
  follow_index bytea,
  consent text,
  consent_withdrawn_at timestamp with time zone,
  contact_erased_at timestamp with time zone,
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
  dispatched_on date generated always as (((dispatched_at AT TIME ZONE 'Asia/Shanghai'::text))::date) stored,
  signed_at timestamp with time zone,
  responded_at timestamp with time zone,
  answered_at timestamp with time zone,
  answered_by uuid,
  answer_sealed bytea,
  means text,
  feasible boolean not null default true,
  legal_channel text,
  closed_at timestamp with time zone,
  closed_on date,
  outcome text,
  satisfaction text,
  suspended_until date,
  excluded_at timestamp with time zone,
  merged_into uuid,
  split_from uuid,
  round integer not null default 0,
  provisional boolean not null default false,
  version integer not null default 1,
  born bigint not null default ((pg_current_xact_id())::text)::bigint,
  constraint demand_channel_check CHECK ((channel = ANY (ARRAY['resident'::text, 'secretary'::text, 'hotline'::text, 'visit'::text, 'patrol'::text, 'whistle'::text]))),
  constraint demand_check CHECK ((merged_into <> id)),
  constraint demand_check1 CHECK ((split_from <> id)),
  constraint demand_check2 CHECK (((state = 'merged'::text) = (merged_into IS NOT NULL))),
  constraint demand_district_id_fkey FOREIGN KEY (district_id) REFERENCES district(id),
  constraint demand_district_id_mechanism_id_fkey FOREIGN KEY (district_id, mechanism_id) REFERENCES mechanism(district_id, id),
  constraint demand_district_id_merged_into_fkey FOREIGN KEY (district_id, merged_into) REFERENCES demand(district_id, id),
  constraint demand_district_id_occasion_id_fkey FOREIGN KEY (district_id, occasion_id) REFERENCES occasion(district_id, id),
  constraint demand_district_id_owner_id_fkey FOREIGN KEY (district_id, owner_id) REFERENCES unit(district_id, id),
  constraint demand_district_id_place_id_fkey FOREIGN KEY (district_id, place_id) REFERENCES unit(district_id, id),
  constraint demand_district_id_split_from_fkey FOREIGN KEY (district_id, split_from) REFERENCES demand(district_id, id),
  constraint demand_grade_check CHECK ((grade = ANY (ARRAY['urgent'::text, 'normal'::text, 'complex'::text, 'enquiry'::text]))),
  constraint demand_outcome_check CHECK ((outcome = ANY (ARRAY['solved'::text, 'partly'::text, 'unsolved'::text, 'explained'::text, 'unreached'::text]))),
  constraint demand_pkey PRIMARY KEY (district_id, id),
  constraint demand_satisfaction_check CHECK ((satisfaction = ANY (ARRAY['satisfied'::text, 'basically'::text, 'unsatisfied'::text]))),
  constraint demand_state_check CHECK ((state = ANY (ARRAY['registered'::text, 'dispatched'::text, 'disputed'::text, 'signed'::text, 'answered'::text, 'called'::text, 'closed'::text, 'declined'::text, 'merged'::text])))
);
CREATE CONSTRAINT TRIGGER require_history AFTER INSERT OR DELETE OR UPDATE ON public.demand DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION require_history();
CREATE INDEX demand_against ON public.demand USING btree (district_id, about_id) WHERE (report AND (about_id IS NOT NULL));
CREATE INDEX demand_apart ON public.demand USING btree (district_id, place_path, state) WHERE (state = ANY (ARRAY['declined'::text, 'merged'::text]));
CREATE INDEX demand_born ON public.demand USING btree (district_id, born) INCLUDE (place_path, mechanism_id, category);
CREATE INDEX demand_contact_kept ON public.demand USING btree (district_id, closed_on) WHERE (contact_sealed IS NOT NULL);
CREATE INDEX demand_due ON public.demand USING btree (district_id, due_at, opened_at DESC);
CREATE INDEX demand_merged ON public.demand USING btree (district_id, merged_into) WHERE (merged_into IS NOT NULL);
CREATE INDEX demand_occasion ON public.demand USING btree (district_id, occasion_id) WHERE (occasion_id IS NOT NULL);
CREATE INDEX demand_open_due ON public.demand USING btree (district_id, due_at, opened_at DESC) INCLUDE (id, place_path, owner_path, state, report, about_id) WHERE (state = ANY (ARRAY['registered'::text, 'dispatched'::text, 'disputed'::text, 'signed'::text, 'answered'::text, 'called'::text]));
CREATE INDEX demand_open_owner ON public.demand USING btree (district_id, owner_path, state) INCLUDE (due_at) WHERE (state = ANY (ARRAY['registered'::text, 'dispatched'::text, 'disputed'::text, 'signed'::text, 'answered'::text, 'called'::text]));
CREATE INDEX demand_open_place ON public.demand USING btree (district_id, place_path, state) INCLUDE (id, due_at, opened_at, category, mechanism_id, report, about_id) WHERE (state = ANY (ARRAY['registered'::text, 'dispatched'::text, 'disputed'::text, 'signed'::text, 'answered'::text, 'called'::text]));
CREATE INDEX demand_opened ON public.demand USING btree (district_id, opened_at, id) INCLUDE (place_path, owner_path, state);
CREATE INDEX demand_owner ON public.demand USING btree (district_id, owner_path, due_at) WHERE (owner_path IS NOT NULL);
CREATE INDEX demand_place ON public.demand USING btree (district_id, place_path, opened_on);
CREATE INDEX demand_rates ON public.demand USING btree (district_id, dispatched_on, place_path) WHERE (dispatched_on IS NOT NULL);
CREATE INDEX demand_split ON public.demand USING btree (district_id, split_from) WHERE (split_from IS NOT NULL);
CREATE INDEX demand_title ON public.demand USING gin (title gin_trgm_ops);
CREATE TRIGGER demand_moved AFTER UPDATE OF place_path ON public.demand FOR EACH STATEMENT EXECUTE FUNCTION demand_moved();
CREATE TRIGGER mark_id_change AFTER UPDATE ON public.demand FOR EACH ROW WHEN (((((((((((((((old.place_id IS DISTINCT FROM new.place_id) OR (old.opened_on IS DISTINCT FROM new.opened_on)) OR (old.category IS DISTINCT FROM new.category)) OR (old.channel IS DISTINCT FROM new.channel)) OR (old.state IS DISTINCT FROM new.state)) OR (old.mechanism_id IS DISTINCT FROM new.mechanism_id)) OR (old.responded_at IS DISTINCT FROM new.responded_at)) OR (old.respond_due_at IS DISTINCT FROM new.respond_due_at)) OR (old.excluded_at IS DISTINCT FROM new.excluded_at)) OR (old.merged_into IS DISTINCT FROM new.merged_into)) OR (old.suspended_until IS DISTINCT FROM new.suspended_until)) OR (old.round IS DISTINCT FROM new.round)) OR (old.closed_on IS DISTINCT FROM new.closed_on)) OR (old.outcome IS DISTINCT FROM new.outcome))) EXECUTE FUNCTION mark_id('demand.id');
CREATE TRIGGER mark_id_row AFTER INSERT OR DELETE ON public.demand FOR EACH ROW EXECUTE FUNCTION mark_id('demand.id');
CREATE UNIQUE INDEX demand_follow ON public.demand USING btree (district_id, follow_index) WHERE (follow_index IS NOT NULL);
CREATE UNIQUE INDEX demand_hotline ON public.demand USING btree (district_id, hotline_no) WHERE (hotline_no IS NOT NULL);
grant INSERT, SELECT, UPDATE to jishi_app;
policy district_wall using (district_id = current_district()) with check (district_id = current_district());

create table demand_photo (
  district_id integer not null,
  id uuid not null,
  demand_id uuid not null,
  place smallint not null,
  picture_sealed bytea,
  erased_at timestamp with time zone,
  size integer not null,
  width integer not null,
  height integer not null,
  by_resident boolean not null,
  added_at timestamp with time zone not null,
  version integer not null default 1,
  constraint demand_photo_check CHECK (((picture_sealed IS NULL) = (erased_at IS NOT NULL))),
  constraint demand_photo_district_id_demand_id_fkey FOREIGN KEY (district_id, demand_id) REFERENCES demand(district_id, id),
  constraint demand_photo_district_id_fkey FOREIGN KEY (district_id) REFERENCES district(id),
  constraint demand_photo_height_check CHECK ((height > 0)),
  constraint demand_photo_pkey PRIMARY KEY (district_id, id),
  constraint demand_photo_place_check CHECK (((place >= 1) AND (place <= 3))),
  constraint demand_photo_size_check CHECK (((size >= 1) AND (size <= 1048576))),
  constraint demand_photo_width_check CHECK ((width > 0))
);
CREATE CONSTRAINT TRIGGER require_history AFTER INSERT OR DELETE OR UPDATE ON public.demand_photo DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION require_history();
CREATE UNIQUE INDEX demand_photo_place ON public.demand_photo USING btree (district_id, demand_id, place) WHERE (erased_at IS NULL);
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
  report_sealed bytea,
  disputed_at timestamp with time zone,
  disputed_by uuid,
  dispute_reason text,
  dispute_basis text,
  dispute_outcome text,
  review_reason text,
  reviewed_at timestamp with time zone,
  reviewed_by uuid,
  rating text,
  rating_note text,
  rated_at timestamp with time zone,
  rated_by uuid,
  ended_at timestamp with time zone,
  constraint dispatch_check CHECK ((reviewed_by <> disputed_by)),
  constraint dispatch_dispute_outcome_check CHECK ((dispute_outcome = ANY (ARRAY['reassigned'::text, 'upheld'::text]))),
  constraint dispatch_district_id_demand_id_fkey FOREIGN KEY (district_id, demand_id) REFERENCES demand(district_id, id),
  constraint dispatch_district_id_fkey FOREIGN KEY (district_id) REFERENCES district(id),
  constraint dispatch_district_id_unit_id_fkey FOREIGN KEY (district_id, unit_id) REFERENCES unit(district_id, id),
  constraint dispatch_pkey PRIMARY KEY (district_id, id),
  constraint dispatch_rating_check CHECK ((rating = ANY (ARRAY['prompt'::text, 'late'::text, 'absent'::text]))),
  constraint dispatch_role_check CHECK ((role = ANY (ARRAY['lead'::text, 'support'::text])))
);
CREATE CONSTRAINT TRIGGER require_history AFTER INSERT OR DELETE OR UPDATE ON public.dispatch DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION require_history();
CREATE INDEX dispatch_demand ON public.dispatch USING btree (district_id, demand_id, at);
CREATE INDEX dispatch_part ON public.dispatch USING btree (district_id, unit_path) WHERE ((role = 'support'::text) AND (ended_at IS NULL) AND (answered_at IS NULL));
CREATE INDEX dispatch_unit ON public.dispatch USING btree (district_id, unit_path) WHERE (ended_at IS NULL);
CREATE UNIQUE INDEX dispatch_one_lead ON public.dispatch USING btree (district_id, demand_id) WHERE ((role = 'lead'::text) AND (ended_at IS NULL));
CREATE UNIQUE INDEX dispatch_one_support ON public.dispatch USING btree (district_id, demand_id, unit_id) WHERE ((role = 'support'::text) AND (ended_at IS NULL));
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

create table edition (
  district_id integer not null,
  id uuid not null,
  no integer not null,
  title text not null,
  unit_id uuid not null,
  unit_path text not null,
  state text not null,
  as_of timestamp with time zone not null,
  body text not null,
  hash bytea not null,
  prepared_by text not null,
  prepared_id uuid not null,
  prepared_at timestamp with time zone not null,
  signed_by text,
  signed_id uuid,
  signed_at timestamp with time zone,
  signature bytea,
  constraint edition_check CHECK ((signed_id <> prepared_id)),
  constraint edition_check1 CHECK (((state = 'signed'::text) = ((signature IS NOT NULL) AND (signed_id IS NOT NULL) AND (signed_at IS NOT NULL)))),
  constraint edition_district_id_fkey FOREIGN KEY (district_id) REFERENCES district(id),
  constraint edition_district_id_no_key UNIQUE (district_id, no),
  constraint edition_district_id_unit_id_fkey FOREIGN KEY (district_id, unit_id) REFERENCES unit(district_id, id),
  constraint edition_pkey PRIMARY KEY (district_id, id),
  constraint edition_state_check CHECK ((state = ANY (ARRAY['prepared'::text, 'signed'::text, 'dropped'::text])))
);
CREATE CONSTRAINT TRIGGER require_history AFTER INSERT OR DELETE OR UPDATE ON public.edition DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION require_history();
CREATE INDEX edition_list ON public.edition USING btree (district_id, unit_path, prepared_at DESC);
grant INSERT, SELECT to jishi_app;
policy district_wall using (district_id = current_district()) with check (district_id = current_district());

create table escalation (
  district_id integer not null,
  id uuid not null,
  demand_id uuid not null,
  step integer not null,
  due_at timestamp with time zone not null,
  at timestamp with time zone not null,
  told_unit_id uuid not null,
  told_path text not null,
  constraint escalation_district_id_demand_id_due_at_step_key UNIQUE (district_id, demand_id, due_at, step),
  constraint escalation_district_id_demand_id_fkey FOREIGN KEY (district_id, demand_id) REFERENCES demand(district_id, id),
  constraint escalation_district_id_fkey FOREIGN KEY (district_id) REFERENCES district(id),
  constraint escalation_district_id_told_unit_id_fkey FOREIGN KEY (district_id, told_unit_id) REFERENCES unit(district_id, id),
  constraint escalation_pkey PRIMARY KEY (district_id, id),
  constraint escalation_step_check CHECK (((step >= 1) AND (step <= 10)))
);
CREATE CONSTRAINT TRIGGER require_history AFTER INSERT OR DELETE OR UPDATE ON public.escalation DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION require_history();
CREATE INDEX escalation_told ON public.escalation USING btree (district_id, told_path, at);
grant INSERT, SELECT to jishi_app;
policy district_wall using (district_id = current_district()) with check (district_id = current_district());

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
  decision_reason text,
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

create table export (
  district_id integer not null,
  id uuid not null,
  account_id uuid not null,
  operation text not null,
  query text not null,
  title text not null,
  about text not null,
  rows integer not null,
  purpose text not null,
  unit_id uuid not null,
  unit_path text not null,
  content_hash text not null,
  state text not null,
  asked_at timestamp with time zone not null,
  until timestamp with time zone not null,
  decided_by uuid,
  decided_at timestamp with time zone,
  note text not null default ''::text,
  taken_at timestamp with time zone,
  constraint export_check CHECK ((decided_by <> account_id)),
  constraint export_check1 CHECK (((decided_by IS NULL) = (decided_at IS NULL))),
  constraint export_check2 CHECK (((state = 'taken'::text) = (taken_at IS NOT NULL))),
  constraint export_district_id_account_id_fkey FOREIGN KEY (district_id, account_id) REFERENCES account(district_id, id),
  constraint export_district_id_fkey FOREIGN KEY (district_id) REFERENCES district(id),
  constraint export_district_id_unit_id_fkey FOREIGN KEY (district_id, unit_id) REFERENCES unit(district_id, id),
  constraint export_pkey PRIMARY KEY (district_id, id),
  constraint export_rows_check CHECK ((rows >= 0)),
  constraint export_state_check CHECK ((state = ANY (ARRAY['waiting'::text, 'granted'::text, 'declined'::text, 'taken'::text])))
);
CREATE CONSTRAINT TRIGGER require_history AFTER INSERT OR DELETE OR UPDATE ON public.export DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION require_history();
CREATE INDEX export_account ON public.export USING btree (district_id, account_id, asked_at DESC);
CREATE INDEX export_waiting ON public.export USING btree (district_id, unit_path) WHERE (state = 'waiting'::text);
grant INSERT, SELECT, UPDATE to jishi_app;
policy district_wall using (district_id = current_district()) with check (district_id = current_district());

create table fact (
  district_id integer not null,
  no smallint not null,
  id text not null,
  fingerprint text not null,
  since timestamp with time zone,
  cursor uuid,
  constraint fact_district_id_id_key UNIQUE (district_id, id),
  constraint fact_pkey PRIMARY KEY (district_id, no)
);
grant INSERT, SELECT, UPDATE to jishi_app;
policy district_wall using (district_id = current_district()) with check (district_id = current_district());

create table fact_bits (
  district_id integer not null,
  fact smallint not null,
  node integer not null,
  day date not null,
  months smallint not null,
  view text not null,
  dimension text not null,
  value text not null,
  block integer not null,
  bits bit(16384),
  people integer[],
  constraint fact_bits_check CHECK ((num_nulls(bits, people) = 1)),
  constraint fact_bits_pkey PRIMARY KEY (district_id, fact, view, dimension, node, months, day, value, block)
);
grant DELETE, INSERT, SELECT to jishi_app;
policy district_wall using (district_id = current_district()) with check (district_id = current_district());

create table fact_bucket (
  district_id integer not null,
  fact smallint not null,
  day date not null,
  roll integer not null,
  dense integer not null,
  constraint fact_bucket_pkey PRIMARY KEY (district_id, fact, day)
);
grant DELETE, INSERT, SELECT, UPDATE to jishi_app;
policy district_wall using (district_id = current_district()) with check (district_id = current_district());

create table fact_cell (
  district_id integer not null,
  fact smallint not null,
  node integer not null,
  day date not null,
  months smallint not null,
  view text not null,
  dimension text not null,
  value text not null,
  n integer not null,
  sum numeric,
  constraint fact_cell_pkey PRIMARY KEY (district_id, fact, view, dimension, node, months, day, value)
);
grant DELETE, INSERT, SELECT to jishi_app;
policy district_wall using (district_id = current_district()) with check (district_id = current_district());

create table fact_place (
  district_id integer not null,
  unit integer not null,
  known_from timestamp with time zone not null,
  valid_from date not null,
  known_to timestamp with time zone not null default 'infinity'::timestamp with time zone,
  valid_to date not null,
  path text not null,
  depth smallint not null generated always as (((length(path) - 2) / 6)) stored,
  kind text not null,
  constraint fact_place_check CHECK (((known_to > known_from) AND (valid_to > valid_from))),
  constraint fact_place_pkey PRIMARY KEY (district_id, unit, known_from, valid_from)
);
CREATE INDEX fact_place_depth ON public.fact_place USING btree (district_id, depth, path) INCLUDE (unit, valid_from, valid_to) WHERE (known_to = 'infinity'::timestamp with time zone);
CREATE INDEX fact_place_from ON public.fact_place USING btree (district_id, known_from) INCLUDE (unit) WHERE (known_from > '-infinity'::timestamp with time zone);
CREATE INDEX fact_place_moved ON public.fact_place USING btree (district_id) INCLUDE (unit) WHERE ((known_to = 'infinity'::timestamp with time zone) AND (valid_from > '-infinity'::date));
CREATE INDEX fact_place_path ON public.fact_place USING btree (district_id, path, valid_from, valid_to) INCLUDE (unit, kind) WHERE (known_to = 'infinity'::timestamp with time zone);
CREATE INDEX fact_place_to ON public.fact_place USING btree (district_id, known_to) WHERE (known_to < 'infinity'::timestamp with time zone);
grant INSERT, SELECT, UPDATE to jishi_app;
policy district_wall using (district_id = current_district()) with check (district_id = current_district());

create table fact_roll (
  district_id integer not null,
  fact smallint not null,
  no integer not null,
  known_at timestamp with time zone not null,
  placed_on date not null,
  big integer[] not null,
  views text[] not null,
  dimensions text[] not null,
  constraint fact_roll_pkey PRIMARY KEY (district_id, fact, no)
);
grant DELETE, INSERT, SELECT to jishi_app;
policy district_wall using (district_id = current_district()) with check (district_id = current_district());

create table fact_row (
  district_id integer not null,
  fact smallint not null,
  record uuid not null,
  known_from timestamp with time zone not null,
  part smallint not null,
  known_to timestamp with time zone not null default 'infinity'::timestamp with time zone,
  unit integer not null,
  day date not null,
  until date,
  person integer,
  born smallint,
  quantity numeric,
  shape bigint not null,
  traits bigint,
  turns_at timestamp with time zone,
  work bigint,
  ended_work bigint,
  constraint fact_row_check CHECK ((known_to > known_from)),
  constraint fact_row_pkey PRIMARY KEY (district_id, fact, record, known_from, part)
);
CREATE INDEX fact_row_born ON public.fact_row USING btree (district_id, fact, born) WHERE ((known_to = 'infinity'::timestamp with time zone) AND (born IS NOT NULL));
CREATE INDEX fact_row_day ON public.fact_row USING btree (district_id, fact, day, record) INCLUDE (unit, until, person, born, quantity, shape, traits) WHERE (known_to = 'infinity'::timestamp with time zone);
CREATE INDEX fact_row_from ON public.fact_row USING btree (district_id, fact, known_from) WHERE (known_from > '-infinity'::timestamp with time zone);
CREATE INDEX fact_row_person ON public.fact_row USING btree (district_id, person) WHERE ((known_to = 'infinity'::timestamp with time zone) AND (person IS NOT NULL));
CREATE INDEX fact_row_to ON public.fact_row USING btree (district_id, fact, known_to) WHERE (known_to < 'infinity'::timestamp with time zone);
CREATE INDEX fact_row_turns ON public.fact_row USING btree (district_id, turns_at) WHERE ((known_to = 'infinity'::timestamp with time zone) AND (turns_at IS NOT NULL));
CREATE INDEX fact_row_unit ON public.fact_row USING btree (district_id, fact, unit, day) INCLUDE (until, person, born, quantity, shape, traits) WHERE (known_to = 'infinity'::timestamp with time zone);
CREATE INDEX fact_row_until ON public.fact_row USING btree (district_id, fact, until) WHERE (until IS NOT NULL);
grant INSERT, SELECT, UPDATE to jishi_app;
policy district_wall using (district_id = current_district()) with check (district_id = current_district());

create table fact_shape (
  district_id integer not null,
  fact smallint not null,
  shape bigint not null,
  dims jsonb not null,
  constraint fact_shape_pkey PRIMARY KEY (district_id, fact, shape)
);
grant INSERT, SELECT to jishi_app;
policy district_wall using (district_id = current_district()) with check (district_id = current_district());

create table fact_stale (
  district_id integer not null,
  source text not null,
  key uuid,
  at timestamp with time zone not null default clock_timestamp(),
  work bigint default (NULLIF(current_setting('app.work'::text, true), ''::text))::bigint
);
grant DELETE, INSERT, SELECT to jishi_app;
policy district_wall using (district_id = current_district()) with check (district_id = current_district());

create table feedback (
  district_id integer not null,
  id uuid not null,
  no bigint not null default nextval('feedback_no'::regclass),
  kind text not null,
  face text not null,
  page text not null,
  function text not null,
  unit_id uuid not null,
  state text not null,
  due_at timestamp with time zone,
  first_due_at timestamp with time zone not null,
  provisional boolean not null default false,
  received_at timestamp with time zone not null,
  received_on date not null,
  replied_at timestamp with time zone,
  replied_on date,
  spoken_at timestamp with time zone not null,
  follow_index bytea not null,
  contact_sealed bytea,
  contact_erased_at timestamp with time zone,
  rating text,
  rated_at timestamp with time zone,
  version integer not null default 1,
  constraint feedback_check CHECK (((state = 'waiting'::text) = (due_at IS NOT NULL))),
  constraint feedback_check1 CHECK (((rating IS NULL) = (rated_at IS NULL))),
  constraint feedback_check2 CHECK (((replied_at IS NULL) = (replied_on IS NULL))),
  constraint feedback_district_id_fkey FOREIGN KEY (district_id) REFERENCES district(id),
  constraint feedback_district_id_follow_index_key UNIQUE (district_id, follow_index),
  constraint feedback_district_id_unit_id_fkey FOREIGN KEY (district_id, unit_id) REFERENCES unit(district_id, id),
  constraint feedback_face_check CHECK ((face = ANY (ARRAY['console'::text, 'phone'::text]))),
  constraint feedback_kind_check CHECK ((kind = ANY (ARRAY['complaint'::text, 'suggestion'::text, 'fault'::text]))),
  constraint feedback_pkey PRIMARY KEY (district_id, id),
  constraint feedback_rating_check CHECK ((rating = ANY (ARRAY['satisfied'::text, 'basically'::text, 'unsatisfied'::text]))),
  constraint feedback_state_check CHECK ((state = ANY (ARRAY['waiting'::text, 'replied'::text, 'rated'::text])))
);
CREATE CONSTRAINT TRIGGER require_history AFTER INSERT OR DELETE OR UPDATE ON public.feedback DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION require_history();
CREATE INDEX feedback_contact ON public.feedback USING btree (district_id, spoken_at) WHERE (contact_sealed IS NOT NULL);
CREATE INDEX feedback_due ON public.feedback USING btree (district_id, due_at) WHERE (due_at IS NOT NULL);
CREATE INDEX feedback_received ON public.feedback USING btree (district_id, received_at DESC);
CREATE TRIGGER mark_id_change AFTER UPDATE ON public.feedback FOR EACH ROW WHEN ((((((((((old.kind IS DISTINCT FROM new.kind) OR (old.function IS DISTINCT FROM new.function)) OR (old.face IS DISTINCT FROM new.face)) OR (old.state IS DISTINCT FROM new.state)) OR (old.rating IS DISTINCT FROM new.rating)) OR (old.unit_id IS DISTINCT FROM new.unit_id)) OR (old.received_on IS DISTINCT FROM new.received_on)) OR (old.first_due_at IS DISTINCT FROM new.first_due_at)) OR (old.replied_at IS DISTINCT FROM new.replied_at))) EXECUTE FUNCTION mark_id('feedback.id');
CREATE TRIGGER mark_id_row AFTER INSERT OR DELETE ON public.feedback FOR EACH ROW EXECUTE FUNCTION mark_id('feedback.id');
grant INSERT, SELECT, UPDATE to jishi_app;
policy district_wall using (district_id = current_district()) with check (district_id = current_district());

create table feedback_message (
  district_id integer not null,
  id uuid not null,
  feedback_id uuid not null,
  side text not null,
  at timestamp with time zone not null,
  words_sealed bytea not null,
  by_id uuid,
  constraint feedback_message_check CHECK (((side = 'desk'::text) OR (by_id IS NULL))),
  constraint feedback_message_district_id_feedback_id_fkey FOREIGN KEY (district_id, feedback_id) REFERENCES feedback(district_id, id),
  constraint feedback_message_district_id_fkey FOREIGN KEY (district_id) REFERENCES district(id),
  constraint feedback_message_pkey PRIMARY KEY (district_id, id),
  constraint feedback_message_side_check CHECK ((side = ANY (ARRAY['sender'::text, 'desk'::text])))
);
CREATE CONSTRAINT TRIGGER require_history AFTER INSERT OR DELETE OR UPDATE ON public.feedback_message DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION require_history();
CREATE INDEX feedback_message_of ON public.feedback_message USING btree (district_id, feedback_id, at);
grant INSERT, SELECT to jishi_app;
policy district_wall using (district_id = current_district()) with check (district_id = current_district());

create table form (
  district_id integer not null,
  id uuid not null,
  no bigint not null default nextval('form_no'::regclass),
  title text not null,
  ground text not null,
  purpose text not null,
  owner_id uuid not null,
  base_id uuid,
  kinds text[] not null,
  below_id uuid not null,
  frequency text not null,
  due_months integer not null,
  due_day integer not null,
  valid_from date not null,
  ends_on date not null,
  state text not null,
  drafted_by uuid,
  submitted_at timestamp with time zone,
  decided_by uuid,
  decided_at timestamp with time zone,
  decided_on date,
  decision_reason text,
  stopped_on date,
  stop_reason text,
  version integer not null default 1,
  constraint form_check CHECK ((base_id <> id)),
  constraint form_check1 CHECK (((ends_on > valid_from) AND (ends_on <= (valid_from + '3 years'::interval)))),
  constraint form_check2 CHECK ((decided_by <> drafted_by)),
  constraint form_check3 CHECK (((state <> ALL (ARRAY['approved'::text, 'stopped'::text])) OR (decided_at IS NOT NULL))),
  constraint form_check4 CHECK (((state = 'stopped'::text) = (stopped_on IS NOT NULL))),
  constraint form_district_id_base_id_fkey FOREIGN KEY (district_id, base_id) REFERENCES form(district_id, id),
  constraint form_district_id_below_id_fkey FOREIGN KEY (district_id, below_id) REFERENCES unit(district_id, id),
  constraint form_district_id_fkey FOREIGN KEY (district_id) REFERENCES district(id),
  constraint form_district_id_owner_id_fkey FOREIGN KEY (district_id, owner_id) REFERENCES unit(district_id, id),
  constraint form_due_day_check CHECK (((due_day >= 1) AND (due_day <= 28))),
  constraint form_due_months_check CHECK (((due_months >= 0) AND (due_months <= 3))),
  constraint form_frequency_check CHECK ((frequency = ANY (ARRAY['once'::text, 'month'::text, 'quarter'::text, 'half'::text, 'year'::text]))),
  constraint form_ground_check CHECK ((ground <> ''::text)),
  constraint form_kinds_check CHECK ((cardinality(kinds) > 0)),
  constraint form_pkey PRIMARY KEY (district_id, id),
  constraint form_purpose_check CHECK ((purpose <> ''::text)),
  constraint form_state_check CHECK ((state = ANY (ARRAY['draft'::text, 'submitted'::text, 'approved'::text, 'refused'::text, 'stopped'::text])))
);
CREATE CONSTRAINT TRIGGER require_history AFTER INSERT OR DELETE OR UPDATE ON public.form DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION require_history();
CREATE INDEX form_base ON public.form USING btree (district_id, base_id) WHERE (base_id IS NOT NULL);
CREATE INDEX form_state ON public.form USING btree (district_id, state);
CREATE TRIGGER mark_id_change AFTER UPDATE ON public.form FOR EACH ROW WHEN (((((((((old.owner_id IS DISTINCT FROM new.owner_id) OR (old.base_id IS DISTINCT FROM new.base_id)) OR (old.frequency IS DISTINCT FROM new.frequency)) OR (old.state IS DISTINCT FROM new.state)) OR (old.valid_from IS DISTINCT FROM new.valid_from)) OR (old.ends_on IS DISTINCT FROM new.ends_on)) OR (old.decided_on IS DISTINCT FROM new.decided_on)) OR (old.stopped_on IS DISTINCT FROM new.stopped_on))) EXECUTE FUNCTION mark_id('form.id');
CREATE TRIGGER mark_id_row AFTER INSERT OR DELETE ON public.form FOR EACH ROW EXECUTE FUNCTION mark_id('form.id');
grant INSERT, SELECT, UPDATE to jishi_app;
policy district_wall using (district_id = current_district()) with check (district_id = current_district());

create table form_answer (
  district_id integer not null,
  id uuid not null,
  ask_id uuid not null,
  field_id uuid not null,
  value text,
  number numeric,
  shown text,
  agreed boolean,
  claimed text,
  claim_reason text,
  resolution text,
  resolved_words text,
  resolved_at timestamp with time zone,
  resolved_by uuid,
  constraint form_answer_check CHECK (((agreed IS FALSE) = (claimed IS NOT NULL))),
  constraint form_answer_check1 CHECK (((resolution IS NULL) = (resolved_at IS NULL))),
  constraint form_answer_district_id_ask_id_field_id_key UNIQUE (district_id, ask_id, field_id),
  constraint form_answer_district_id_ask_id_fkey FOREIGN KEY (district_id, ask_id) REFERENCES form_ask(district_id, id),
  constraint form_answer_district_id_field_id_fkey FOREIGN KEY (district_id, field_id) REFERENCES form_field(district_id, id),
  constraint form_answer_district_id_fkey FOREIGN KEY (district_id) REFERENCES district(id),
  constraint form_answer_pkey PRIMARY KEY (district_id, id),
  constraint form_answer_resolution_check CHECK ((resolution = ANY (ARRAY['corrected'::text, 'kept'::text])))
);
CREATE CONSTRAINT TRIGGER require_history AFTER INSERT OR DELETE OR UPDATE ON public.form_answer DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION require_history();
CREATE INDEX form_answer_claim ON public.form_answer USING btree (district_id, ask_id) WHERE ((agreed IS FALSE) AND (resolved_at IS NULL));
grant DELETE, INSERT, SELECT, UPDATE to jishi_app;
policy district_wall using (district_id = current_district()) with check (district_id = current_district());

create table form_ask (
  district_id integer not null,
  id uuid not null,
  form_id uuid not null,
  period text not null,
  unit_id uuid not null,
  month date not null,
  due_on date not null,
  opened_on date not null,
  state text not null,
  minutes integer not null,
  typed integer not null,
  confirmed integer not null,
  first_filled_on date,
  filled_at timestamp with time zone,
  filled_by uuid,
  return_reason text,
  void_reason text,
  version integer not null default 1,
  constraint form_ask_check CHECK (((state = 'filled'::text) <= (filled_at IS NOT NULL))),
  constraint form_ask_check1 CHECK (((state = 'returned'::text) <= (return_reason IS NOT NULL))),
  constraint form_ask_check2 CHECK (((state = 'void'::text) = (void_reason IS NOT NULL))),
  constraint form_ask_confirmed_check CHECK ((confirmed >= 0)),
  constraint form_ask_district_id_fkey FOREIGN KEY (district_id) REFERENCES district(id),
  constraint form_ask_district_id_form_id_fkey FOREIGN KEY (district_id, form_id) REFERENCES form(district_id, id),
  constraint form_ask_district_id_form_id_period_unit_id_key UNIQUE (district_id, form_id, period, unit_id),
  constraint form_ask_district_id_unit_id_month_due_on_fkey FOREIGN KEY (district_id, unit_id, month, due_on) REFERENCES form_deadline(district_id, unit_id, month, due_on) ON UPDATE CASCADE,
  constraint form_ask_minutes_check CHECK ((minutes > 0)),
  constraint form_ask_pkey PRIMARY KEY (district_id, id),
  constraint form_ask_state_check CHECK ((state = ANY (ARRAY['open'::text, 'filled'::text, 'returned'::text, 'void'::text]))),
  constraint form_ask_typed_check CHECK ((typed >= 0))
);
CREATE CONSTRAINT TRIGGER require_history AFTER INSERT OR DELETE OR UPDATE ON public.form_ask DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION require_history();
CREATE INDEX form_ask_month ON public.form_ask USING btree (district_id, month, state);
CREATE INDEX form_ask_unit ON public.form_ask USING btree (district_id, unit_id, month);
CREATE TRIGGER mark_id_change AFTER UPDATE ON public.form_ask FOR EACH ROW WHEN ((((((((old.form_id IS DISTINCT FROM new.form_id) OR (old.unit_id IS DISTINCT FROM new.unit_id)) OR (old.month IS DISTINCT FROM new.month)) OR (old.due_on IS DISTINCT FROM new.due_on)) OR (old.minutes IS DISTINCT FROM new.minutes)) OR (old.state IS DISTINCT FROM new.state)) OR (old.first_filled_on IS DISTINCT FROM new.first_filled_on))) EXECUTE FUNCTION mark_id('form_ask.id');
CREATE TRIGGER mark_id_row AFTER INSERT OR DELETE ON public.form_ask FOR EACH ROW EXECUTE FUNCTION mark_id('form_ask.id');
grant INSERT, SELECT, UPDATE to jishi_app;
policy district_wall using (district_id = current_district()) with check (district_id = current_district());

create table form_deadline (
  district_id integer not null,
  unit_id uuid not null,
  month date not null,
  due_on date not null,
  constraint form_deadline_check CHECK ((due_on >= month)),
  constraint form_deadline_district_id_fkey FOREIGN KEY (district_id) REFERENCES district(id),
  constraint form_deadline_district_id_unit_id_fkey FOREIGN KEY (district_id, unit_id) REFERENCES unit(district_id, id),
  constraint form_deadline_district_id_unit_id_month_due_on_key UNIQUE (district_id, unit_id, month, due_on),
  constraint form_deadline_month_check CHECK ((EXTRACT(day FROM month) = (1)::numeric)),
  constraint form_deadline_pkey PRIMARY KEY (district_id, unit_id, month)
);
CREATE CONSTRAINT TRIGGER require_history AFTER INSERT OR DELETE OR UPDATE ON public.form_deadline DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION require_history();
grant INSERT, SELECT, UPDATE to jishi_app;
policy district_wall using (district_id = current_district()) with check (district_id = current_district());

create table form_field (
  district_id integer not null,
  id uuid not null,
  form_id uuid not null,
  seq integer not null,
  label text not null,
  term text not null,
  definition text not null,
  type text not null,
  measured text not null default ''::text,
  required boolean not null,
  choices text[] not null default '{}'::text[],
  held text,
  differs text not null default ''::text,
  constraint form_field_check CHECK (((type = 'held'::text) = (held IS NOT NULL))),
  constraint form_field_check1 CHECK (((type = 'choice'::text) = (cardinality(choices) > 0))),
  constraint form_field_definition_check CHECK ((definition <> ''::text)),
  constraint form_field_district_id_fkey FOREIGN KEY (district_id) REFERENCES district(id),
  constraint form_field_district_id_form_id_fkey FOREIGN KEY (district_id, form_id) REFERENCES form(district_id, id),
  constraint form_field_district_id_form_id_seq_key UNIQUE (district_id, form_id, seq),
  constraint form_field_pkey PRIMARY KEY (district_id, id),
  constraint form_field_seq_check CHECK ((seq > 0)),
  constraint form_field_type_check CHECK ((type = ANY (ARRAY['number'::text, 'text'::text, 'choice'::text, 'yes-no'::text, 'day'::text, 'held'::text])))
);
CREATE CONSTRAINT TRIGGER require_history AFTER INSERT OR DELETE OR UPDATE ON public.form_field DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION require_history();
CREATE TRIGGER mark_form_id_change AFTER UPDATE ON public.form_field FOR EACH ROW WHEN ((((old.form_id IS DISTINCT FROM new.form_id) OR (old.term IS DISTINCT FROM new.term)) OR (old.type IS DISTINCT FROM new.type))) EXECUTE FUNCTION mark_form_id('form_field.form_id');
CREATE TRIGGER mark_form_id_row AFTER INSERT OR DELETE ON public.form_field FOR EACH ROW EXECUTE FUNCTION mark_form_id('form_field.form_id');
grant DELETE, INSERT, SELECT to jishi_app;
policy district_wall using (district_id = current_district()) with check (district_id = current_district());

create table function_use (
  district_id integer not null,
  day date not null,
  function text not null,
  looked integer not null default 0,
  done integer not null default 0,
  constraint function_use_district_id_fkey FOREIGN KEY (district_id) REFERENCES district(id),
  constraint function_use_pkey PRIMARY KEY (district_id, day, function)
);
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
  work bigint default (NULLIF(current_setting('app.work'::text, true), ''::text))::bigint,
  constraint history_pkey PRIMARY KEY (district_id, lane, seq)
);
CREATE INDEX history_actor ON public.history USING btree (district_id, actor_id, at DESC);
CREATE INDEX history_at ON public.history USING btree (district_id, at DESC);
CREATE INDEX history_subject ON public.history USING btree (district_id, subject_id, at);
CREATE INDEX history_work ON public.history USING btree (district_id, work);
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
  constraint idempotency_pkey PRIMARY KEY (district_id, actor, key)
);
CREATE INDEX idempotency_at ON public.idempotency USING btree (district_id, at);
grant DELETE, INSERT, SELECT to jishi_app;
policy district_wall using (district_id = current_district()) with check (district_id = current_district());

create table invitation (
  district_id integer not null,
  token_hash text not null,
  account_id uuid not null,
  made_by uuid,
  made_at timestamp with time zone not null,
  expires_at timestamp with time zone not null,
  used_at timestamp with time zone,
  voided_at timestamp with time zone,
  constraint invitation_check CHECK (((expires_at > made_at) AND (expires_at <= (made_at + '24:00:00'::interval)))),
  constraint invitation_district_id_account_id_fkey FOREIGN KEY (district_id, account_id) REFERENCES account(district_id, id),
  constraint invitation_district_id_fkey FOREIGN KEY (district_id) REFERENCES district(id),
  constraint invitation_pkey PRIMARY KEY (district_id, token_hash)
);
CREATE CONSTRAINT TRIGGER require_history AFTER INSERT OR DELETE OR UPDATE ON public.invitation DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION require_history();
CREATE UNIQUE INDEX invitation_one_open ON public.invitation USING btree (district_id, account_id) WHERE ((used_at IS NULL) AND (voided_at IS NULL));
grant INSERT, SELECT, UPDATE to jishi_app;
policy district_wall using (district_id = current_district()) with check (district_id = current_district());

create table known_device (
  district_id integer not null,
  token_hash text not null,
  account_id uuid not null,
  since timestamp with time zone not null,
  constraint known_device_district_id_account_id_fkey FOREIGN KEY (district_id, account_id) REFERENCES account(district_id, id),
  constraint known_device_district_id_fkey FOREIGN KEY (district_id) REFERENCES district(id),
  constraint known_device_pkey PRIMARY KEY (district_id, token_hash, account_id)
);
CREATE INDEX known_device_account ON public.known_device USING btree (district_id, account_id, since);
grant DELETE, INSERT, SELECT to jishi_app;
policy district_wall using (district_id = current_district()) with check (district_id = current_district());

create table ledger (
  district_id integer not null,
  at timestamp with time zone not null,
  constraint ledger_pkey PRIMARY KEY (district_id)
);
grant INSERT, SELECT, UPDATE to jishi_app;
policy district_wall using (district_id = current_district()) with check (district_id = current_district());

create table login_failure (
  district_id integer not null,
  account_id uuid not null,
  address text not null,
  day date not null,
  streak integer not null,
  total integer not null,
  last_at timestamp with time zone not null,
  locked_until timestamp with time zone,
  constraint login_failure_district_id_account_id_fkey FOREIGN KEY (district_id, account_id) REFERENCES account(district_id, id),
  constraint login_failure_district_id_fkey FOREIGN KEY (district_id) REFERENCES district(id),
  constraint login_failure_pkey PRIMARY KEY (district_id, account_id, address, day)
);
grant DELETE, INSERT, SELECT, UPDATE to jishi_app;
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
  constraint mandate_check1 CHECK ((granted_by <> account_id)),
  constraint mandate_check2 CHECK ((delegated_from <> id)),
  constraint mandate_check3 CHECK (((delegated_from IS NULL) OR (valid_to <= (valid_from + '90 days'::interval)))),
  constraint mandate_district_id_account_id_fkey FOREIGN KEY (district_id, account_id) REFERENCES account(district_id, id),
  constraint mandate_district_id_delegated_from_fkey FOREIGN KEY (district_id, delegated_from) REFERENCES mandate(district_id, id),
  constraint mandate_district_id_fkey FOREIGN KEY (district_id) REFERENCES district(id),
  constraint mandate_district_id_role_id_fkey FOREIGN KEY (district_id, role_id) REFERENCES role(district_id, id),
  constraint mandate_district_id_unit_id_fkey FOREIGN KEY (district_id, unit_id) REFERENCES unit(district_id, id),
  constraint mandate_officers_apart EXCLUDE USING gist (district_id WITH =, account_id WITH =, officer_class WITH <>, tstzrange(valid_from, valid_to) WITH &&),
  constraint mandate_once EXCLUDE USING gist (district_id WITH =, account_id WITH =, role_id WITH =, unit_id WITH =, tstzrange(valid_from, valid_to) WITH &&),
  constraint mandate_pkey PRIMARY KEY (district_id, id)
);
CREATE CONSTRAINT TRIGGER require_history AFTER INSERT OR DELETE OR UPDATE ON public.mandate DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION require_history();
CREATE INDEX mandate_account ON public.mandate USING btree (district_id, account_id);
CREATE INDEX mandate_delegated ON public.mandate USING btree (district_id, delegated_from) WHERE (delegated_from IS NOT NULL);
CREATE INDEX mandate_unit ON public.mandate USING btree (district_id, unit_id);
CREATE TRIGGER rights_changed AFTER INSERT OR UPDATE ON public.mandate FOR EACH ROW EXECUTE FUNCTION mandate_counts();
grant INSERT, SELECT, UPDATE to jishi_app;
policy district_wall using (district_id = current_district()) with check (district_id = current_district());

create table mandate_request (
  district_id integer not null,
  id uuid not null,
  account_id uuid not null,
  role_id text not null,
  unit_id uuid not null,
  valid_from timestamp with time zone not null,
  valid_to timestamp with time zone not null,
  reason text not null,
  content_hash text not null,
  asked_by uuid not null,
  asked_at timestamp with time zone not null,
  decided_by uuid,
  decided_at timestamp with time zone,
  granted boolean,
  mandate_id uuid,
  constraint mandate_request_check CHECK ((asked_by <> account_id)),
  constraint mandate_request_check1 CHECK (((decided_by <> asked_by) AND (decided_by <> account_id))),
  constraint mandate_request_check2 CHECK ((((decided_by IS NULL) = (decided_at IS NULL)) AND ((decided_at IS NULL) = (granted IS NULL)))),
  constraint mandate_request_district_id_account_id_fkey FOREIGN KEY (district_id, account_id) REFERENCES account(district_id, id),
  constraint mandate_request_district_id_fkey FOREIGN KEY (district_id) REFERENCES district(id),
  constraint mandate_request_district_id_mandate_id_fkey FOREIGN KEY (district_id, mandate_id) REFERENCES mandate(district_id, id),
  constraint mandate_request_district_id_role_id_fkey FOREIGN KEY (district_id, role_id) REFERENCES role(district_id, id),
  constraint mandate_request_district_id_unit_id_fkey FOREIGN KEY (district_id, unit_id) REFERENCES unit(district_id, id),
  constraint mandate_request_pkey PRIMARY KEY (district_id, id)
);
CREATE CONSTRAINT TRIGGER require_history AFTER INSERT OR DELETE OR UPDATE ON public.mandate_request DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION require_history();
CREATE UNIQUE INDEX mandate_request_once ON public.mandate_request USING btree (district_id, account_id, role_id, unit_id) WHERE (decided_at IS NULL);
grant INSERT, SELECT, UPDATE to jishi_app;
policy district_wall using (district_id = current_district()) with check (district_id = current_district());

create table manuscript (
  district_id integer not null,
  id uuid not null,
  mechanism_id text not null,
  unit_id uuid not null,
  unit_path text not null,
  period text not null,
  tree text not null,
  title text not null,
  content jsonb not null,
  state text not null,
  author_id uuid not null,
  author text not null,
  created_at timestamp with time zone not null,
  changed_at timestamp with time zone not null,
  published_on date,
  document_id uuid,
  figures integer not null default 0,
  version integer not null default 1,
  constraint manuscript_check CHECK (((state = ANY (ARRAY['published'::text, 'corrected'::text])) = ((published_on IS NOT NULL) AND (document_id IS NOT NULL)))),
  constraint manuscript_district_id_fkey FOREIGN KEY (district_id) REFERENCES district(id),
  constraint manuscript_district_id_mechanism_id_fkey FOREIGN KEY (district_id, mechanism_id) REFERENCES mechanism(district_id, id),
  constraint manuscript_district_id_unit_id_fkey FOREIGN KEY (district_id, unit_id) REFERENCES unit(district_id, id),
  constraint manuscript_pkey PRIMARY KEY (district_id, id),
  constraint manuscript_state_check CHECK ((state = ANY (ARRAY['drafted'::text, 'checked'::text, 'reviewed'::text, 'approved'::text, 'published'::text, 'corrected'::text, 'dropped'::text]))),
  constraint manuscript_tree_check CHECK ((tree = ANY (ARRAY['day'::text, 'today'::text])))
);
CREATE CONSTRAINT TRIGGER require_history AFTER INSERT OR DELETE OR UPDATE ON public.manuscript DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION require_history();
CREATE INDEX manuscript_list ON public.manuscript USING btree (district_id, unit_path, changed_at DESC);
CREATE INDEX manuscript_published ON public.manuscript USING btree (district_id, published_on) WHERE (published_on IS NOT NULL);
CREATE TRIGGER mark_id_change AFTER UPDATE ON public.manuscript FOR EACH ROW WHEN ((((((old.unit_id IS DISTINCT FROM new.unit_id) OR (old.mechanism_id IS DISTINCT FROM new.mechanism_id)) OR (old.state IS DISTINCT FROM new.state)) OR (old.published_on IS DISTINCT FROM new.published_on)) OR (old.figures IS DISTINCT FROM new.figures))) EXECUTE FUNCTION mark_id('manuscript.id');
CREATE TRIGGER mark_id_row AFTER INSERT OR DELETE ON public.manuscript FOR EACH ROW EXECUTE FUNCTION mark_id('manuscript.id');
grant INSERT, SELECT, UPDATE to jishi_app;
policy district_wall using (district_id = current_district()) with check (district_id = current_district());

create table manuscript_step (
  district_id integer not null,
  id uuid not null,
  manuscript_id uuid not null,
  state text not null,
  account_id uuid not null,
  actor text not null,
  at timestamp with time zone not null,
  note text not null default ''::text,
  constraint manuscript_step_district_id_fkey FOREIGN KEY (district_id) REFERENCES district(id),
  constraint manuscript_step_district_id_manuscript_id_fkey FOREIGN KEY (district_id, manuscript_id) REFERENCES manuscript(district_id, id),
  constraint manuscript_step_pkey PRIMARY KEY (district_id, id)
);
CREATE CONSTRAINT TRIGGER require_history AFTER INSERT OR DELETE OR UPDATE ON public.manuscript_step DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION require_history();
CREATE INDEX manuscript_step_of ON public.manuscript_step USING btree (district_id, manuscript_id, at);
grant INSERT, SELECT to jishi_app;
policy district_wall using (district_id = current_district()) with check (district_id = current_district());

create table measure (
  district_id integer not null,
  id text not null,
  version integer not null,
  definition jsonb not null,
  owner_id uuid not null,
  valid_from date not null,
  valid_to date not null default 'infinity'::date,
  reason text not null,
  decided_by text not null,
  decided_at timestamp with time zone not null,
  end_reason text,
  constraint measure_check CHECK ((valid_to >= valid_from)),
  constraint measure_district_id_fkey FOREIGN KEY (district_id) REFERENCES district(id),
  constraint measure_district_id_id_daterange_excl EXCLUDE USING gist (district_id WITH =, id WITH =, daterange(valid_from, valid_to) WITH &&),
  constraint measure_district_id_owner_id_fkey FOREIGN KEY (district_id, owner_id) REFERENCES unit(district_id, id),
  constraint measure_id_check CHECK ((id ~ '^own\.[a-z0-9-]{1,40}$'::text)),
  constraint measure_pkey PRIMARY KEY (district_id, id, version),
  constraint measure_version_check CHECK ((version > 0))
);
CREATE CONSTRAINT TRIGGER require_history AFTER INSERT OR DELETE OR UPDATE ON public.measure DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION require_history();
CREATE TRIGGER edition_changed AFTER INSERT OR UPDATE ON public.measure FOR EACH STATEMENT EXECUTE FUNCTION edition_changed();
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
CREATE TRIGGER edition_changed AFTER INSERT OR UPDATE ON public.mechanism FOR EACH STATEMENT EXECUTE FUNCTION edition_changed();
CREATE TRIGGER mark_all_change AFTER UPDATE ON public.mechanism FOR EACH ROW WHEN (((((old.settings IS DISTINCT FROM new.settings) OR (old.valid_from IS DISTINCT FROM new.valid_from)) OR (old.valid_to IS DISTINCT FROM new.valid_to)) OR (old.engine IS DISTINCT FROM new.engine))) EXECUTE FUNCTION mark_all('mechanism.id');
CREATE TRIGGER mark_all_row AFTER INSERT ON public.mechanism FOR EACH ROW EXECUTE FUNCTION mark_all('mechanism.id');
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
  begin_reason text not null default 'roster'::text,
  end_reason text,
  import_id uuid,
  voided_at timestamp with time zone,
  constraint membership_check CHECK ((valid_to > valid_from)),
  constraint membership_check1 CHECK (((valid_to = 'infinity'::date) = (end_reason IS NULL))),
  constraint membership_district_id_fkey FOREIGN KEY (district_id) REFERENCES district(id),
  constraint membership_district_id_person_id_fkey FOREIGN KEY (district_id, person_id) REFERENCES person(district_id, id),
  constraint membership_district_id_unit_id_fkey FOREIGN KEY (district_id, unit_id) REFERENCES unit(district_id, id),
  constraint membership_kind_check CHECK ((kind = ANY (ARRAY['formal'::text, 'functional'::text]))),
  constraint membership_once EXCLUDE USING gist (district_id WITH =, person_id WITH =, unit_id WITH =, daterange(valid_from, valid_to) WITH &&) WHERE (((kind = 'functional'::text) AND (voided_at IS NULL))),
  constraint membership_one_formal EXCLUDE USING gist (district_id WITH =, person_id WITH =, daterange(valid_from, valid_to) WITH &&) WHERE (((kind = 'formal'::text) AND (voided_at IS NULL))),
  constraint membership_pkey PRIMARY KEY (district_id, id),
  constraint membership_status_check CHECK ((status = ANY (ARRAY['full'::text, 'probationary'::text])))
);
CREATE CONSTRAINT TRIGGER require_history AFTER INSERT OR DELETE OR UPDATE ON public.membership DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION require_history();
CREATE INDEX membership_import ON public.membership USING btree (district_id, import_id) WHERE (import_id IS NOT NULL);
CREATE INDEX membership_person ON public.membership USING btree (district_id, person_id, valid_from);
CREATE INDEX membership_unit ON public.membership USING btree (district_id, unit_id, valid_from);
CREATE TRIGGER mark_id_change AFTER UPDATE ON public.membership FOR EACH ROW WHEN ((((((((((old.person_id IS DISTINCT FROM new.person_id) OR (old.unit_id IS DISTINCT FROM new.unit_id)) OR (old.kind IS DISTINCT FROM new.kind)) OR (old.status IS DISTINCT FROM new.status)) OR (old.valid_from IS DISTINCT FROM new.valid_from)) OR (old.valid_to IS DISTINCT FROM new.valid_to)) OR (old.begin_reason IS DISTINCT FROM new.begin_reason)) OR (old.end_reason IS DISTINCT FROM new.end_reason)) OR (old.voided_at IS DISTINCT FROM new.voided_at))) EXECUTE FUNCTION mark_id('membership.id');
CREATE TRIGGER mark_id_row AFTER INSERT OR DELETE ON public.membership FOR EACH ROW EXECUTE FUNCTION mark_id('membership.id');
grant INSERT, SELECT, UPDATE to jishi_app;
policy district_wall using (district_id = current_district()) with check (district_id = current_district());

create table migration (
  name text not null,
  sum text not null,
  at timestamp with time zone not null default now(),
  constraint migration_pkey PRIMARY KEY (name)
);


create table occasion (
  district_id integer not null,
  id uuid not null,
  mechanism_id text not null,
  kind text not null,
  place_id uuid not null,
  place_path text not null,
  held_on date not null,
  met integer not null default 0,
  note text not null default ''::text,
  recorded_at timestamp with time zone not null,
  recorded_by uuid,
  constraint occasion_district_id_fkey FOREIGN KEY (district_id) REFERENCES district(id),
  constraint occasion_district_id_mechanism_id_fkey FOREIGN KEY (district_id, mechanism_id) REFERENCES mechanism(district_id, id),
  constraint occasion_district_id_place_id_fkey FOREIGN KEY (district_id, place_id) REFERENCES unit(district_id, id),
  constraint occasion_kind_check CHECK ((kind = ANY (ARRAY['visit'::text, 'inspection'::text, 'meeting'::text, 'drill'::text]))),
  constraint occasion_met_check CHECK (((met >= 0) AND (met <= 100000))),
  constraint occasion_pkey PRIMARY KEY (district_id, id)
);
CREATE CONSTRAINT TRIGGER require_history AFTER INSERT OR DELETE OR UPDATE ON public.occasion DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION require_history();
CREATE INDEX occasion_place ON public.occasion USING btree (district_id, place_path, held_on);
CREATE TRIGGER mark_id_change AFTER UPDATE ON public.occasion FOR EACH ROW WHEN ((((((old.mechanism_id IS DISTINCT FROM new.mechanism_id) OR (old.kind IS DISTINCT FROM new.kind)) OR (old.place_id IS DISTINCT FROM new.place_id)) OR (old.held_on IS DISTINCT FROM new.held_on)) OR (old.met IS DISTINCT FROM new.met))) EXECUTE FUNCTION mark_id('occasion.id');
CREATE TRIGGER mark_id_row AFTER INSERT OR DELETE ON public.occasion FOR EACH ROW EXECUTE FUNCTION mark_id('occasion.id');
grant INSERT, SELECT to jishi_app;
policy district_wall using (district_id = current_district()) with check (district_id = current_district());

create table people_import (
  district_id integer not null,
  id uuid not null,
  account_id uuid not null,
  unit_path text not null,
  file_name text not null,
  sha256 bytea not null,
  member_from date not null,
  state text not null,
  counts jsonb not null,
  result jsonb not null,
  checked_at timestamp with time zone not null,
  committed_at timestamp with time zone,
  undone_at timestamp with time zone,
  constraint people_import_district_id_fkey FOREIGN KEY (district_id) REFERENCES district(id),
  constraint people_import_pkey PRIMARY KEY (district_id, id),
  constraint people_import_state_check CHECK ((state = ANY (ARRAY['checked'::text, 'committing'::text, 'committed'::text, 'undone'::text, 'cancelled'::text])))
);
CREATE CONSTRAINT TRIGGER require_history AFTER INSERT OR DELETE OR UPDATE ON public.people_import DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION require_history();
CREATE INDEX people_import_account ON public.people_import USING btree (district_id, account_id, checked_at DESC);
grant INSERT, SELECT, UPDATE to jishi_app;
policy district_wall using (district_id = current_district()) with check (district_id = current_district());

create table people_import_part (
  district_id integer not null,
  import_id uuid not null,
  part integer not null,
  sealed bytea not null,
  constraint people_import_part_district_id_fkey FOREIGN KEY (district_id) REFERENCES district(id),
  constraint people_import_part_district_id_import_id_fkey FOREIGN KEY (district_id, import_id) REFERENCES people_import(district_id, id),
  constraint people_import_part_pkey PRIMARY KEY (district_id, import_id, part)
);
grant DELETE, INSERT, SELECT to jishi_app;
policy district_wall using (district_id = current_district()) with check (district_id = current_district());

create table person (
  district_id integer not null,
  id uuid not null,
  no integer not null,
  name text not null,
  sex text not null default '0'::text,
  born date,
  nation text,
  politics text not null default '13'::text,
  education text,
  occupation text not null default ''::text,
  joined text,
  full_since text,
  id_sealed bytea,
  id_index bytea,
  id_tail bytea,
  phone_sealed bytea,
  phone_index bytea,
  phone_tail bytea,
  address_sealed bytea,
  id_clash boolean not null default false,
  pinyin text not null default ''::text,
  stroke_key text not null default ''::text,
  home_id uuid,
  home_path text not null,
  merged_into uuid,
  key_id uuid not null generated always as (COALESCE(merged_into, id)) stored,
  import_id uuid,
  withdrawn_at timestamp with time zone,
  version integer not null default 1,
  created_at timestamp with time zone not null,
  constraint person_check CHECK (((merged_into IS NULL) OR (merged_into <> id))),
  constraint person_check1 CHECK ((((id_sealed IS NULL) = (id_index IS NULL)) AND ((phone_sealed IS NULL) = (phone_index IS NULL)))),
  constraint person_district_id_fkey FOREIGN KEY (district_id) REFERENCES district(id),
  constraint person_district_id_home_id_fkey FOREIGN KEY (district_id, home_id) REFERENCES unit(district_id, id),
  constraint person_district_id_merged_into_fkey FOREIGN KEY (district_id, merged_into) REFERENCES person(district_id, id),
  constraint person_district_id_no_key UNIQUE (district_id, no),
  constraint person_full_since_check CHECK ((full_since ~ '^\d{4}(-\d{2}(-\d{2})?)?$'::text)),
  constraint person_joined_check CHECK ((joined ~ '^\d{4}(-\d{2}(-\d{2})?)?$'::text)),
  constraint person_no_check CHECK ((no > 0)),
  constraint person_pkey PRIMARY KEY (district_id, id),
  constraint person_sex_check CHECK ((sex = ANY (ARRAY['0'::text, '1'::text, '2'::text, '9'::text])))
);
CREATE CONSTRAINT TRIGGER require_history AFTER INSERT OR DELETE OR UPDATE ON public.person DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION require_history();
CREATE INDEX person_home ON public.person USING btree (district_id, home_path, stroke_key);
CREATE INDEX person_id_any ON public.person USING btree (district_id, id_index) WHERE (id_index IS NOT NULL);
CREATE INDEX person_id_tail ON public.person USING btree (district_id, id_tail);
CREATE INDEX person_import ON public.person USING btree (district_id, import_id) WHERE (import_id IS NOT NULL);
CREATE INDEX person_key ON public.person USING btree (district_id, key_id);
CREATE INDEX person_name ON public.person USING gin (name gin_trgm_ops, pinyin gin_trgm_ops);
CREATE INDEX person_phone ON public.person USING btree (district_id, phone_index);
CREATE INDEX person_phone_tail ON public.person USING btree (district_id, phone_tail);
CREATE INDEX person_strokes ON public.person USING btree (district_id, stroke_key, id);
CREATE TRIGGER edition_changed AFTER UPDATE OF merged_into ON public.person FOR EACH STATEMENT EXECUTE FUNCTION edition_changed();
CREATE TRIGGER mark_id_change AFTER UPDATE ON public.person FOR EACH ROW WHEN ((((((old.born IS DISTINCT FROM new.born) OR (old.sex IS DISTINCT FROM new.sex)) OR (old.education IS DISTINCT FROM new.education)) OR (old.merged_into IS DISTINCT FROM new.merged_into)) OR (old.withdrawn_at IS DISTINCT FROM new.withdrawn_at))) EXECUTE FUNCTION mark_id('person.id');
CREATE TRIGGER mark_merged_into_change AFTER UPDATE ON public.person FOR EACH ROW WHEN ((old.merged_into IS DISTINCT FROM new.merged_into)) EXECUTE FUNCTION mark_merged_into('person.merged_into');
CREATE UNIQUE INDEX person_id_number ON public.person USING btree (district_id, id_index) WHERE ((NOT id_clash) AND (withdrawn_at IS NULL));
grant INSERT, SELECT, UPDATE to jishi_app;
policy district_wall using (district_id = current_district()) with check (district_id = current_district());

create table person_merge (
  district_id integer not null,
  id uuid not null,
  loser_id uuid not null,
  winner_id uuid not null,
  same boolean not null,
  taken jsonb not null,
  reason text not null,
  merged_at timestamp with time zone not null,
  merged_by uuid,
  merged_by_name text not null,
  undone_at timestamp with time zone,
  undone_by uuid,
  constraint person_merge_check CHECK ((loser_id <> winner_id)),
  constraint person_merge_district_id_fkey FOREIGN KEY (district_id) REFERENCES district(id),
  constraint person_merge_district_id_loser_id_fkey FOREIGN KEY (district_id, loser_id) REFERENCES person(district_id, id),
  constraint person_merge_district_id_winner_id_fkey FOREIGN KEY (district_id, winner_id) REFERENCES person(district_id, id),
  constraint person_merge_pkey PRIMARY KEY (district_id, id)
);
CREATE CONSTRAINT TRIGGER require_history AFTER INSERT OR DELETE OR UPDATE ON public.person_merge DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION require_history();
CREATE INDEX person_merge_day ON public.person_merge USING btree (district_id, merged_at);
CREATE INDEX person_merge_winner ON public.person_merge USING btree (district_id, winner_id);
CREATE UNIQUE INDEX person_merge_apart ON public.person_merge USING btree (district_id, loser_id, winner_id) WHERE ((undone_at IS NULL) AND (NOT same));
CREATE UNIQUE INDEX person_merge_live ON public.person_merge USING btree (district_id, loser_id) WHERE ((undone_at IS NULL) AND same);
grant INSERT, SELECT, UPDATE to jishi_app;
policy district_wall using (district_id = current_district()) with check (district_id = current_district());

create table pin (
  district_id integer not null,
  id uuid not null,
  account_id uuid not null,
  measure text not null,
  unit_id uuid,
  at timestamp with time zone not null,
  constraint pin_district_id_account_id_fkey FOREIGN KEY (district_id, account_id) REFERENCES account(district_id, id),
  constraint pin_district_id_account_id_measure_unit_id_key UNIQUE NULLS NOT DISTINCT (district_id, account_id, measure, unit_id),
  constraint pin_district_id_fkey FOREIGN KEY (district_id) REFERENCES district(id),
  constraint pin_district_id_unit_id_fkey FOREIGN KEY (district_id, unit_id) REFERENCES unit(district_id, id),
  constraint pin_pkey PRIMARY KEY (district_id, id)
);
CREATE CONSTRAINT TRIGGER require_history AFTER INSERT OR DELETE OR UPDATE ON public.pin DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION require_history();
grant DELETE, INSERT, SELECT to jishi_app;
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
CREATE TRIGGER mark_id_change AFTER UPDATE ON public.post FOR EACH ROW WHEN ((((((old.person_id IS DISTINCT FROM new.person_id) OR (old.unit_id IS DISTINCT FROM new.unit_id)) OR (old.title IS DISTINCT FROM new.title)) OR (old.valid_from IS DISTINCT FROM new.valid_from)) OR (old.valid_to IS DISTINCT FROM new.valid_to))) EXECUTE FUNCTION mark_id('post.id');
CREATE TRIGGER mark_id_row AFTER INSERT OR DELETE ON public.post FOR EACH ROW EXECUTE FUNCTION mark_id('post.id');
CREATE TRIGGER mark_unit_id_change AFTER UPDATE ON public.post FOR EACH ROW WHEN (((((old.unit_id IS DISTINCT FROM new.unit_id) OR (old.title IS DISTINCT FROM new.title)) OR (old.valid_from IS DISTINCT FROM new.valid_from)) OR (old.valid_to IS DISTINCT FROM new.valid_to))) EXECUTE FUNCTION mark_unit_id('post.unit_id');
CREATE TRIGGER mark_unit_id_row AFTER INSERT OR DELETE ON public.post FOR EACH ROW EXECUTE FUNCTION mark_unit_id('post.unit_id');
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
  end_reason text,
  constraint registration_check CHECK ((confirmed_on >= reported_on)),
  constraint registration_check1 CHECK ((ended_on >= reported_on)),
  constraint registration_check2 CHECK (((ended_on IS NOT NULL) OR (end_reason IS NULL))),
  constraint registration_district_id_fkey FOREIGN KEY (district_id) REFERENCES district(id),
  constraint registration_district_id_person_id_fkey FOREIGN KEY (district_id, person_id) REFERENCES person(district_id, id),
  constraint registration_district_id_place_id_fkey FOREIGN KEY (district_id, place_id) REFERENCES unit(district_id, id),
  constraint registration_end_reason_check CHECK ((end_reason = ANY (ARRAY['moved'::text, 'retired'::text, 'left-organ'::text, 'deceased'::text, 'mistaken'::text, 'other'::text]))),
  constraint registration_one_active EXCLUDE USING gist (district_id WITH =, person_id WITH =, daterange(reported_on, COALESCE(ended_on, 'infinity'::date)) WITH &&),
  constraint registration_pkey PRIMARY KEY (district_id, id)
);
CREATE CONSTRAINT TRIGGER require_history AFTER INSERT OR DELETE OR UPDATE ON public.registration DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION require_history();
CREATE INDEX registration_person ON public.registration USING btree (district_id, person_id);
CREATE INDEX registration_place ON public.registration USING btree (district_id, place_path, confirmed_on);
CREATE TRIGGER mark_id_change AFTER UPDATE ON public.registration FOR EACH ROW WHEN ((((((old.person_id IS DISTINCT FROM new.person_id) OR (old.place_id IS DISTINCT FROM new.place_id)) OR (old.organ IS DISTINCT FROM new.organ)) OR (old.confirmed_on IS DISTINCT FROM new.confirmed_on)) OR (old.ended_on IS DISTINCT FROM new.ended_on))) EXECUTE FUNCTION mark_id('registration.id');
CREATE TRIGGER mark_id_row AFTER INSERT OR DELETE ON public.registration FOR EACH ROW EXECUTE FUNCTION mark_id('registration.id');
CREATE TRIGGER rights_changed AFTER UPDATE OF person_id, place_id, confirmed_on, ended_on ON public.registration FOR EACH ROW EXECUTE FUNCTION registration_counts();
CREATE TRIGGER rights_given AFTER INSERT ON public.registration REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION registrations_count();
grant INSERT, SELECT, UPDATE to jishi_app;
policy district_wall using (district_id = current_district()) with check (district_id = current_district());

create table report_document (
  district_id integer not null,
  id uuid not null,
  manuscript_id uuid,
  unit_id uuid not null,
  unit_path text not null,
  title text not null,
  manifest jsonb not null,
  made_by text not null,
  made_at timestamp with time zone not null,
  constraint report_document_district_id_fkey FOREIGN KEY (district_id) REFERENCES district(id),
  constraint report_document_district_id_unit_id_fkey FOREIGN KEY (district_id, unit_id) REFERENCES unit(district_id, id),
  constraint report_document_pkey PRIMARY KEY (district_id, id)
);
CREATE CONSTRAINT TRIGGER require_history AFTER INSERT OR DELETE OR UPDATE ON public.report_document DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION require_history();
CREATE INDEX report_document_list ON public.report_document USING btree (district_id, unit_path, made_at DESC);
grant INSERT, SELECT to jishi_app;
policy district_wall using (district_id = current_district()) with check (district_id = current_district());

create table rework (
  district_id integer not null,
  id uuid not null,
  demand_id uuid not null,
  round integer not null,
  kind text not null,
  at timestamp with time zone not null,
  made_on date not null,
  reason text not null,
  asked_by uuid,
  constraint rework_district_id_demand_id_fkey FOREIGN KEY (district_id, demand_id) REFERENCES demand(district_id, id),
  constraint rework_district_id_demand_id_round_key UNIQUE (district_id, demand_id, round),
  constraint rework_district_id_fkey FOREIGN KEY (district_id) REFERENCES district(id),
  constraint rework_kind_check CHECK ((kind = ANY (ARRAY['redo'::text, 'reopen'::text, 'resume'::text]))),
  constraint rework_pkey PRIMARY KEY (district_id, id),
  constraint rework_round_check CHECK ((round > 0))
);
CREATE CONSTRAINT TRIGGER require_history AFTER INSERT OR DELETE OR UPDATE ON public.rework DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION require_history();
grant INSERT, SELECT to jishi_app;
policy district_wall using (district_id = current_district()) with check (district_id = current_district());

create table role (
  district_id integer not null,
  id text not null,
  name text not null,
  verbs text[] not null,
  officer text,
  constraint role_district_id_fkey FOREIGN KEY (district_id) REFERENCES district(id),
  constraint role_district_id_id_officer_key UNIQUE (district_id, id, officer),
  constraint role_officer_check CHECK ((officer = ANY (ARRAY['system'::text, 'security'::text, 'audit'::text]))),
  constraint role_pkey PRIMARY KEY (district_id, id)
);
CREATE CONSTRAINT TRIGGER require_history AFTER INSERT OR DELETE OR UPDATE ON public.role DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION require_history();
CREATE TRIGGER edition_changed AFTER INSERT OR UPDATE ON public.role FOR EACH STATEMENT EXECUTE FUNCTION edition_changed();
grant INSERT, SELECT, UPDATE to jishi_app;
policy district_wall using (district_id = current_district()) with check (district_id = current_district());

create table saved_view (
  district_id integer not null,
  id uuid not null,
  account_id uuid not null,
  page text not null,
  name text not null,
  query text not null,
  at timestamp with time zone not null,
  constraint saved_view_district_id_account_id_fkey FOREIGN KEY (district_id, account_id) REFERENCES account(district_id, id),
  constraint saved_view_district_id_account_id_page_name_key UNIQUE (district_id, account_id, page, name),
  constraint saved_view_district_id_fkey FOREIGN KEY (district_id) REFERENCES district(id),
  constraint saved_view_pkey PRIMARY KEY (district_id, id)
);
CREATE CONSTRAINT TRIGGER require_history AFTER INSERT OR DELETE OR UPDATE ON public.saved_view DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION require_history();
grant DELETE, INSERT, SELECT to jishi_app;
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
  client text not null default 'api'::text,
  address text not null default ''::text,
  ended_at timestamp with time zone,
  constraint session_client_check CHECK ((client = ANY (ARRAY['pc'::text, 'phone'::text, 'api'::text]))),
  constraint session_district_id_account_id_fkey FOREIGN KEY (district_id, account_id) REFERENCES account(district_id, id),
  constraint session_district_id_fkey FOREIGN KEY (district_id) REFERENCES district(id),
  constraint session_kind_check CHECK ((kind = ANY (ARRAY['cookie'::text, 'token'::text]))),
  constraint session_pkey PRIMARY KEY (district_id, token_hash)
);
CREATE INDEX session_account ON public.session USING btree (district_id, account_id) WHERE (ended_at IS NULL);
grant DELETE, INSERT, SELECT, UPDATE to jishi_app;
policy district_wall using (district_id = current_district()) with check (district_id = current_district());

create table standing (
  district_id integer not null,
  id uuid not null,
  person_id uuid not null,
  kind text not null,
  valid_from date not null,
  valid_to date not null default 'infinity'::date,
  import_id uuid,
  voided_at timestamp with time zone,
  constraint standing_check CHECK ((valid_to > valid_from)),
  constraint standing_district_id_fkey FOREIGN KEY (district_id) REFERENCES district(id),
  constraint standing_district_id_person_id_fkey FOREIGN KEY (district_id, person_id) REFERENCES person(district_id, id),
  constraint standing_kind_check CHECK ((kind = ANY (ARRAY['on-probation'::text, 'rights-suspended'::text, 'membership-stopped'::text, 'mobile'::text, 'abroad'::text, 'out-of-contact'::text]))),
  constraint standing_once EXCLUDE USING gist (district_id WITH =, person_id WITH =, kind WITH =, daterange(valid_from, valid_to) WITH &&) WHERE ((voided_at IS NULL)),
  constraint standing_pkey PRIMARY KEY (district_id, id)
);
CREATE CONSTRAINT TRIGGER require_history AFTER INSERT OR DELETE OR UPDATE ON public.standing DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION require_history();
CREATE INDEX standing_person ON public.standing USING btree (district_id, person_id, valid_from);
grant INSERT, SELECT, UPDATE to jishi_app;
policy district_wall using (district_id = current_district()) with check (district_id = current_district());

create table talent (
  district_id integer not null,
  id uuid not null,
  mechanism_id text not null,
  form text not null,
  person_id uuid,
  title text not null default ''::text,
  holder_id uuid not null,
  level text not null default ''::text,
  field text not null default ''::text,
  route text not null default ''::text,
  channel text not null default ''::text,
  target_year integer not null,
  state text not null,
  wish_sealed bytea,
  consent_at timestamp with time zone,
  withdrawn_at timestamp with time zone,
  wish_erased_at timestamp with time zone,
  version integer not null default 1,
  recorded_at timestamp with time zone not null,
  constraint talent_check CHECK (((form = 'person'::text) = (person_id IS NOT NULL))),
  constraint talent_check1 CHECK (((form = 'person'::text) OR (title <> ''::text))),
  constraint talent_check2 CHECK (((wish_sealed IS NULL) OR ((consent_at IS NOT NULL) AND (withdrawn_at IS NULL)))),
  constraint talent_district_id_fkey FOREIGN KEY (district_id) REFERENCES district(id),
  constraint talent_district_id_holder_id_fkey FOREIGN KEY (district_id, holder_id) REFERENCES unit(district_id, id),
  constraint talent_district_id_mechanism_id_fkey FOREIGN KEY (district_id, mechanism_id) REFERENCES mechanism(district_id, id),
  constraint talent_district_id_person_id_fkey FOREIGN KEY (district_id, person_id) REFERENCES person(district_id, id),
  constraint talent_form_check CHECK ((form = ANY (ARRAY['person'::text, 'team'::text, 'project'::text]))),
  constraint talent_pkey PRIMARY KEY (district_id, id),
  constraint talent_target_year_check CHECK (((target_year >= 2000) AND (target_year <= 2200)))
);
CREATE CONSTRAINT TRIGGER require_history AFTER INSERT OR DELETE OR UPDATE ON public.talent DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION require_history();
CREATE INDEX talent_holder ON public.talent USING btree (district_id, holder_id, mechanism_id);
CREATE INDEX talent_person ON public.talent USING btree (district_id, person_id);
CREATE TRIGGER mark_id_change AFTER UPDATE ON public.talent FOR EACH ROW WHEN ((((((((((old.mechanism_id IS DISTINCT FROM new.mechanism_id) OR (old.form IS DISTINCT FROM new.form)) OR (old.person_id IS DISTINCT FROM new.person_id)) OR (old.holder_id IS DISTINCT FROM new.holder_id)) OR (old.level IS DISTINCT FROM new.level)) OR (old.field IS DISTINCT FROM new.field)) OR (old.route IS DISTINCT FROM new.route)) OR (old.channel IS DISTINCT FROM new.channel)) OR (old.withdrawn_at IS DISTINCT FROM new.withdrawn_at))) EXECUTE FUNCTION mark_id('talent.id');
CREATE TRIGGER mark_id_row AFTER INSERT OR DELETE ON public.talent FOR EACH ROW EXECUTE FUNCTION mark_id('talent.id');
CREATE UNIQUE INDEX talent_once ON public.talent USING btree (district_id, mechanism_id, target_year, person_id) WHERE (withdrawn_at IS NULL);
grant INSERT, SELECT, UPDATE to jishi_app;
policy district_wall using (district_id = current_district()) with check (district_id = current_district());

create table talent_event (
  district_id integer not null,
  id uuid not null,
  mechanism_id text not null,
  holder_id uuid not null,
  kind text not null,
  title text not null,
  place text not null default ''::text,
  planned_on date not null,
  held_on date,
  posts integer not null default 0,
  constraint talent_event_district_id_fkey FOREIGN KEY (district_id) REFERENCES district(id),
  constraint talent_event_district_id_holder_id_fkey FOREIGN KEY (district_id, holder_id) REFERENCES unit(district_id, id),
  constraint talent_event_district_id_mechanism_id_fkey FOREIGN KEY (district_id, mechanism_id) REFERENCES mechanism(district_id, id),
  constraint talent_event_pkey PRIMARY KEY (district_id, id),
  constraint talent_event_posts_check CHECK ((posts >= 0))
);
CREATE CONSTRAINT TRIGGER require_history AFTER INSERT OR DELETE OR UPDATE ON public.talent_event DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION require_history();
CREATE INDEX talent_event_day ON public.talent_event USING btree (district_id, held_on);
CREATE TRIGGER mark_id_change AFTER UPDATE ON public.talent_event FOR EACH ROW WHEN ((((((old.mechanism_id IS DISTINCT FROM new.mechanism_id) OR (old.holder_id IS DISTINCT FROM new.holder_id)) OR (old.kind IS DISTINCT FROM new.kind)) OR (old.held_on IS DISTINCT FROM new.held_on)) OR (old.posts IS DISTINCT FROM new.posts))) EXECUTE FUNCTION mark_id('talent_event.id');
CREATE TRIGGER mark_id_row AFTER INSERT OR DELETE ON public.talent_event FOR EACH ROW EXECUTE FUNCTION mark_id('talent_event.id');
grant INSERT, SELECT, UPDATE to jishi_app;
policy district_wall using (district_id = current_district()) with check (district_id = current_district());

create table talent_step (
  district_id integer not null,
  id uuid not null,
  talent_id uuid not null,
  state text not null,
  milestone text not null,
  happened_on date not null,
  days integer not null default 0,
  note text not null default ''::text,
  recorded_at timestamp with time zone not null,
  actor_id uuid,
  constraint talent_step_days_check CHECK ((days >= 0)),
  constraint talent_step_district_id_fkey FOREIGN KEY (district_id) REFERENCES district(id),
  constraint talent_step_district_id_talent_id_fkey FOREIGN KEY (district_id, talent_id) REFERENCES talent(district_id, id),
  constraint talent_step_milestone_check CHECK ((milestone = ANY (ARRAY['interest'::text, 'applied'::text, 'assessed'::text, 'interviewed'::text, 'offered'::text, 'signed'::text, 'arrived'::text, 'serving'::text, 'supported'::text, 'retained'::text, 'completed'::text, 'left'::text]))),
  constraint talent_step_pkey PRIMARY KEY (district_id, id)
);
CREATE CONSTRAINT TRIGGER require_history AFTER INSERT OR DELETE OR UPDATE ON public.talent_step DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION require_history();
CREATE INDEX talent_step_day ON public.talent_step USING btree (district_id, milestone, happened_on);
CREATE INDEX talent_step_of ON public.talent_step USING btree (district_id, talent_id, happened_on);
CREATE TRIGGER mark_id_change AFTER UPDATE ON public.talent_step FOR EACH ROW WHEN (((((old.talent_id IS DISTINCT FROM new.talent_id) OR (old.milestone IS DISTINCT FROM new.milestone)) OR (old.happened_on IS DISTINCT FROM new.happened_on)) OR (old.days IS DISTINCT FROM new.days))) EXECUTE FUNCTION mark_id('talent_step.id');
CREATE TRIGGER mark_id_row AFTER INSERT OR DELETE ON public.talent_step FOR EACH ROW EXECUTE FUNCTION mark_id('talent_step.id');
CREATE TRIGGER mark_talent_id_change AFTER UPDATE ON public.talent_step FOR EACH ROW WHEN ((((old.talent_id IS DISTINCT FROM new.talent_id) OR (old.milestone IS DISTINCT FROM new.milestone)) OR (old.happened_on IS DISTINCT FROM new.happened_on))) EXECUTE FUNCTION mark_talent_id('talent_step.talent_id');
CREATE TRIGGER mark_talent_id_row AFTER INSERT OR DELETE ON public.talent_step FOR EACH ROW EXECUTE FUNCTION mark_talent_id('talent_step.talent_id');
grant INSERT, SELECT to jishi_app;
policy district_wall using (district_id = current_district()) with check (district_id = current_district());

create table talent_target (
  district_id integer not null,
  id uuid not null,
  mechanism_id text not null,
  holder_id uuid not null,
  year integer not null,
  amount integer not null,
  constraint talent_target_amount_check CHECK ((amount > 0)),
  constraint talent_target_district_id_fkey FOREIGN KEY (district_id) REFERENCES district(id),
  constraint talent_target_district_id_holder_id_fkey FOREIGN KEY (district_id, holder_id) REFERENCES unit(district_id, id),
  constraint talent_target_district_id_mechanism_id_fkey FOREIGN KEY (district_id, mechanism_id) REFERENCES mechanism(district_id, id),
  constraint talent_target_district_id_mechanism_id_holder_id_year_key UNIQUE (district_id, mechanism_id, holder_id, year),
  constraint talent_target_pkey PRIMARY KEY (district_id, id),
  constraint talent_target_year_check1 CHECK (((year >= 2000) AND (year <= 2200)))
);
CREATE CONSTRAINT TRIGGER require_history AFTER INSERT OR DELETE OR UPDATE ON public.talent_target DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION require_history();
CREATE TRIGGER mark_id_change AFTER UPDATE ON public.talent_target FOR EACH ROW WHEN (((((old.mechanism_id IS DISTINCT FROM new.mechanism_id) OR (old.holder_id IS DISTINCT FROM new.holder_id)) OR (old.year IS DISTINCT FROM new.year)) OR (old.amount IS DISTINCT FROM new.amount))) EXECUTE FUNCTION mark_id('talent_target.id');
CREATE TRIGGER mark_id_row AFTER INSERT OR DELETE ON public.talent_target FOR EACH ROW EXECUTE FUNCTION mark_id('talent_target.id');
grant INSERT, SELECT, UPDATE to jishi_app;
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
  open_to text not null default 'registered'::text,
  drafted_by uuid,
  published_at timestamp with time zone,
  published_on date,
  published_by uuid,
  closed_at timestamp with time zone,
  end_reason text,
  version integer not null default 1,
  constraint task_capacity_check CHECK (((capacity >= 1) AND (capacity <= 10000))),
  constraint task_check CHECK ((ends_at > starts_at)),
  constraint task_check1 CHECK (((claimed >= 0) AND (claimed <= capacity))),
  constraint task_district_id_demand_id_fkey FOREIGN KEY (district_id, demand_id) REFERENCES demand(district_id, id),
  constraint task_district_id_fkey FOREIGN KEY (district_id) REFERENCES district(id),
  constraint task_district_id_mechanism_id_fkey FOREIGN KEY (district_id, mechanism_id) REFERENCES mechanism(district_id, id),
  constraint task_district_id_place_id_fkey FOREIGN KEY (district_id, place_id) REFERENCES unit(district_id, id),
  constraint task_open_to_check CHECK ((open_to = ANY (ARRAY['registered'::text, 'anyone'::text]))),
  constraint task_pkey PRIMARY KEY (district_id, id),
  constraint task_state_check CHECK ((state = ANY (ARRAY['draft'::text, 'published'::text, 'closed'::text, 'expired'::text, 'cancelled'::text])))
);
CREATE CONSTRAINT TRIGGER require_history AFTER INSERT OR DELETE OR UPDATE ON public.task DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION require_history();
CREATE INDEX task_anyone ON public.task USING btree (district_id, ends_at) WHERE ((state = 'published'::text) AND (open_to = 'anyone'::text));
CREATE INDEX task_demand ON public.task USING btree (district_id, demand_id) WHERE (demand_id IS NOT NULL);
CREATE INDEX task_open ON public.task USING btree (district_id, place_path, ends_at) WHERE (state = 'published'::text);
CREATE INDEX task_published ON public.task USING btree (district_id, published_on, place_path) WHERE (published_on IS NOT NULL);
CREATE TRIGGER mark_id_change AFTER UPDATE ON public.task FOR EACH ROW WHEN ((((((old.place_id IS DISTINCT FROM new.place_id) OR (old.published_on IS DISTINCT FROM new.published_on)) OR (old.category IS DISTINCT FROM new.category)) OR (old.state IS DISTINCT FROM new.state)) OR (old.mechanism_id IS DISTINCT FROM new.mechanism_id))) EXECUTE FUNCTION mark_id('task.id');
CREATE TRIGGER mark_id_row AFTER INSERT OR DELETE ON public.task FOR EACH ROW EXECUTE FUNCTION mark_id('task.id');
grant INSERT, SELECT, UPDATE to jishi_app;
policy district_wall using (district_id = current_district()) with check (district_id = current_district());

create table tenure (
  district_id integer not null,
  id uuid not null,
  mechanism_id text not null,
  person_id uuid not null,
  unit_id uuid not null,
  role text not null,
  term text not null,
  basis text not null,
  valid_from date not null,
  valid_to date not null default 'infinity'::date,
  constraint tenure_check CHECK ((valid_to > valid_from)),
  constraint tenure_district_id_fkey FOREIGN KEY (district_id) REFERENCES district(id),
  constraint tenure_district_id_mechanism_id_fkey FOREIGN KEY (district_id, mechanism_id) REFERENCES mechanism(district_id, id),
  constraint tenure_district_id_person_id_fkey FOREIGN KEY (district_id, person_id) REFERENCES person(district_id, id),
  constraint tenure_district_id_unit_id_fkey FOREIGN KEY (district_id, unit_id) REFERENCES unit(district_id, id),
  constraint tenure_once EXCLUDE USING gist (district_id WITH =, mechanism_id WITH =, person_id WITH =, role WITH =, term WITH =, daterange(valid_from, valid_to) WITH &&),
  constraint tenure_pkey PRIMARY KEY (district_id, id)
);
CREATE CONSTRAINT TRIGGER require_history AFTER INSERT OR DELETE OR UPDATE ON public.tenure DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION require_history();
CREATE INDEX tenure_person ON public.tenure USING btree (district_id, person_id);
CREATE INDEX tenure_unit ON public.tenure USING btree (district_id, unit_id, mechanism_id);
CREATE TRIGGER mark_id_change AFTER UPDATE ON public.tenure FOR EACH ROW WHEN (((((((((old.mechanism_id IS DISTINCT FROM new.mechanism_id) OR (old.person_id IS DISTINCT FROM new.person_id)) OR (old.unit_id IS DISTINCT FROM new.unit_id)) OR (old.role IS DISTINCT FROM new.role)) OR (old.term IS DISTINCT FROM new.term)) OR (old.basis IS DISTINCT FROM new.basis)) OR (old.valid_from IS DISTINCT FROM new.valid_from)) OR (old.valid_to IS DISTINCT FROM new.valid_to))) EXECUTE FUNCTION mark_id('tenure.id');
CREATE TRIGGER mark_id_row AFTER INSERT OR DELETE ON public.tenure FOR EACH ROW EXECUTE FUNCTION mark_id('tenure.id');
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
  keys text[] not null default '{}'::text[],
  opened_on date not null,
  closed_on date,
  withdrawn_at timestamp with time zone,
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
CREATE INDEX unit_code_find ON public.unit USING btree (district_id, code) WHERE (code IS NOT NULL);
CREATE INDEX unit_keys ON public.unit USING gin (keys);
CREATE INDEX unit_kind ON public.unit USING btree (district_id, kind, path);
CREATE INDEX unit_pinyin ON public.unit USING gin (pinyin gin_trgm_ops);
CREATE TRIGGER edition_changed AFTER UPDATE ON public.unit FOR EACH STATEMENT EXECUTE FUNCTION edition_changed();
CREATE TRIGGER mark_id_change AFTER UPDATE ON public.unit FOR EACH ROW WHEN (((old.closed_on IS DISTINCT FROM new.closed_on) OR (old.kind IS DISTINCT FROM new.kind))) EXECUTE FUNCTION mark_id('unit.id');
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
  differences jsonb not null,
  unit_ids uuid[] not null,
  decided_by text not null,
  decided_at timestamp with time zone not null,
  held text,
  constraint unit_change_district_id_fkey FOREIGN KEY (district_id) REFERENCES district(id),
  constraint unit_change_pkey PRIMARY KEY (district_id, id),
  constraint unit_change_state_check CHECK ((state = ANY (ARRAY['planned'::text, 'done'::text, 'cancelled'::text])))
);
CREATE CONSTRAINT TRIGGER require_history AFTER INSERT OR DELETE OR UPDATE ON public.unit_change DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION require_history();
CREATE INDEX unit_change_due ON public.unit_change USING btree (district_id, state, effective_on);
CREATE INDEX unit_change_units ON public.unit_change USING gin (unit_ids);
grant INSERT, SELECT, UPDATE to jishi_app;
policy district_wall using (district_id = current_district()) with check (district_id = current_district());

create table unit_event (
  district_id integer not null,
  id uuid not null,
  mechanism_id text not null,
  unit_id uuid not null,
  event text not null,
  title text not null,
  held_on date not null,
  quantity integer not null default 0,
  settled_on date,
  constraint unit_event_check CHECK ((settled_on >= held_on)),
  constraint unit_event_district_id_fkey FOREIGN KEY (district_id) REFERENCES district(id),
  constraint unit_event_district_id_mechanism_id_fkey FOREIGN KEY (district_id, mechanism_id) REFERENCES mechanism(district_id, id),
  constraint unit_event_district_id_unit_id_fkey FOREIGN KEY (district_id, unit_id) REFERENCES unit(district_id, id),
  constraint unit_event_pkey PRIMARY KEY (district_id, id),
  constraint unit_event_quantity_check CHECK ((quantity >= 0))
);
CREATE CONSTRAINT TRIGGER require_history AFTER INSERT OR DELETE OR UPDATE ON public.unit_event DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION require_history();
CREATE INDEX unit_event_mechanism ON public.unit_event USING btree (district_id, mechanism_id, event, held_on);
CREATE INDEX unit_event_unit ON public.unit_event USING btree (district_id, unit_id, held_on);
CREATE TRIGGER mark_id_change AFTER UPDATE ON public.unit_event FOR EACH ROW WHEN (((((((old.mechanism_id IS DISTINCT FROM new.mechanism_id) OR (old.unit_id IS DISTINCT FROM new.unit_id)) OR (old.event IS DISTINCT FROM new.event)) OR (old.held_on IS DISTINCT FROM new.held_on)) OR (old.quantity IS DISTINCT FROM new.quantity)) OR (old.settled_on IS DISTINCT FROM new.settled_on))) EXECUTE FUNCTION mark_id('unit_event.id');
CREATE TRIGGER mark_id_row AFTER INSERT OR DELETE ON public.unit_event FOR EACH ROW EXECUTE FUNCTION mark_id('unit_event.id');
CREATE TRIGGER mark_unit_id_change AFTER UPDATE ON public.unit_event FOR EACH ROW WHEN (((((old.mechanism_id IS DISTINCT FROM new.mechanism_id) OR (old.unit_id IS DISTINCT FROM new.unit_id)) OR (old.event IS DISTINCT FROM new.event)) OR (old.held_on IS DISTINCT FROM new.held_on))) EXECUTE FUNCTION mark_unit_id('unit_event.unit_id');
CREATE TRIGGER mark_unit_id_row AFTER INSERT OR DELETE ON public.unit_event FOR EACH ROW EXECUTE FUNCTION mark_unit_id('unit_event.unit_id');
grant INSERT, SELECT, UPDATE to jishi_app;
policy district_wall using (district_id = current_district()) with check (district_id = current_district());

create table unit_import (
  district_id integer not null,
  id uuid not null,
  account_id uuid not null,
  under_id uuid not null,
  file_name text not null,
  sha256 bytea not null,
  opened_on date not null,
  counts jsonb not null,
  created uuid[] not null,
  changes jsonb not null,
  state text not null,
  pending jsonb,
  result jsonb not null,
  committed_at timestamp with time zone not null,
  undone_at timestamp with time zone,
  constraint unit_import_check CHECK (((pending IS NOT NULL) = (state = 'storing'::text))),
  constraint unit_import_district_id_fkey FOREIGN KEY (district_id) REFERENCES district(id),
  constraint unit_import_district_id_under_id_fkey FOREIGN KEY (district_id, under_id) REFERENCES unit(district_id, id),
  constraint unit_import_pkey PRIMARY KEY (district_id, id),
  constraint unit_import_state_check CHECK ((state = ANY (ARRAY['storing'::text, 'refused'::text, 'planned'::text, 'committed'::text, 'undone'::text])))
);
CREATE CONSTRAINT TRIGGER require_history AFTER INSERT OR DELETE OR UPDATE ON public.unit_import DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION require_history();
CREATE INDEX unit_import_account ON public.unit_import USING btree (district_id, account_id, committed_at DESC);
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
  mechanism_id text,
  constraint unit_link_check CHECK ((valid_to > valid_from)),
  constraint unit_link_district_id_fkey FOREIGN KEY (district_id) REFERENCES district(id),
  constraint unit_link_district_id_from_id_fkey FOREIGN KEY (district_id, from_id) REFERENCES unit(district_id, id),
  constraint unit_link_district_id_kind_from_id_to_id_role_daterange_excl EXCLUDE USING gist (district_id WITH =, kind WITH =, from_id WITH =, to_id WITH =, role WITH =, daterange(valid_from, valid_to) WITH &&),
  constraint unit_link_district_id_mechanism_id_fkey FOREIGN KEY (district_id, mechanism_id) REFERENCES mechanism(district_id, id),
  constraint unit_link_district_id_to_id_fkey FOREIGN KEY (district_id, to_id) REFERENCES unit(district_id, id),
  constraint unit_link_kind_check CHECK ((kind = ANY (ARRAY['serves'::text, 'alliance'::text, 'contact'::text]))),
  constraint unit_link_pkey PRIMARY KEY (district_id, id)
);
CREATE CONSTRAINT TRIGGER require_history AFTER INSERT OR DELETE OR UPDATE ON public.unit_link DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION require_history();
CREATE INDEX unit_link_from ON public.unit_link USING btree (district_id, from_id, kind);
CREATE INDEX unit_link_to ON public.unit_link USING btree (district_id, to_id, kind);
CREATE TRIGGER edition_changed AFTER INSERT OR UPDATE ON public.unit_link FOR EACH STATEMENT EXECUTE FUNCTION edition_changed();
CREATE TRIGGER mark_id_change AFTER UPDATE ON public.unit_link FOR EACH ROW WHEN ((((((((old.kind IS DISTINCT FROM new.kind) OR (old.from_id IS DISTINCT FROM new.from_id)) OR (old.to_id IS DISTINCT FROM new.to_id)) OR (old.role IS DISTINCT FROM new.role)) OR (old.valid_from IS DISTINCT FROM new.valid_from)) OR (old.valid_to IS DISTINCT FROM new.valid_to)) OR (old.mechanism_id IS DISTINCT FROM new.mechanism_id))) EXECUTE FUNCTION mark_id('unit_link.id');
CREATE TRIGGER mark_id_row AFTER INSERT OR DELETE ON public.unit_link FOR EACH ROW EXECUTE FUNCTION mark_id('unit_link.id');
CREATE TRIGGER mark_to_id_change AFTER UPDATE ON public.unit_link FOR EACH ROW WHEN ((((((old.kind IS DISTINCT FROM new.kind) OR (old.from_id IS DISTINCT FROM new.from_id)) OR (old.to_id IS DISTINCT FROM new.to_id)) OR (old.valid_from IS DISTINCT FROM new.valid_from)) OR (old.valid_to IS DISTINCT FROM new.valid_to))) EXECUTE FUNCTION mark_to_id('unit_link.to_id');
CREATE TRIGGER mark_to_id_row AFTER INSERT OR DELETE ON public.unit_link FOR EACH ROW EXECUTE FUNCTION mark_to_id('unit_link.to_id');
grant INSERT, SELECT, UPDATE to jishi_app;
policy district_wall using (district_id = current_district()) with check (district_id = current_district());

create table unit_mark (
  district_id integer not null,
  id uuid not null,
  mechanism_id text not null,
  unit_id uuid not null,
  mark text not null,
  value text not null,
  note text not null default ''::text,
  valid_from date not null,
  valid_to date not null default 'infinity'::date,
  constraint unit_mark_check CHECK ((valid_to > valid_from)),
  constraint unit_mark_district_id_fkey FOREIGN KEY (district_id) REFERENCES district(id),
  constraint unit_mark_district_id_mechanism_id_fkey FOREIGN KEY (district_id, mechanism_id) REFERENCES mechanism(district_id, id),
  constraint unit_mark_district_id_unit_id_fkey FOREIGN KEY (district_id, unit_id) REFERENCES unit(district_id, id),
  constraint unit_mark_once EXCLUDE USING gist (district_id WITH =, mechanism_id WITH =, unit_id WITH =, mark WITH =, value WITH =, daterange(valid_from, valid_to) WITH &&),
  constraint unit_mark_pkey PRIMARY KEY (district_id, id)
);
CREATE CONSTRAINT TRIGGER require_history AFTER INSERT OR DELETE OR UPDATE ON public.unit_mark DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION require_history();
CREATE INDEX unit_mark_mechanism ON public.unit_mark USING btree (district_id, mechanism_id, mark, value);
CREATE INDEX unit_mark_unit ON public.unit_mark USING btree (district_id, unit_id, mechanism_id, mark, valid_from);
CREATE TRIGGER mark_id_change AFTER UPDATE ON public.unit_mark FOR EACH ROW WHEN (((((((old.mechanism_id IS DISTINCT FROM new.mechanism_id) OR (old.unit_id IS DISTINCT FROM new.unit_id)) OR (old.mark IS DISTINCT FROM new.mark)) OR (old.value IS DISTINCT FROM new.value)) OR (old.valid_from IS DISTINCT FROM new.valid_from)) OR (old.valid_to IS DISTINCT FROM new.valid_to))) EXECUTE FUNCTION mark_id('unit_mark.id');
CREATE TRIGGER mark_id_row AFTER INSERT OR DELETE ON public.unit_mark FOR EACH ROW EXECUTE FUNCTION mark_id('unit_mark.id');
CREATE TRIGGER mark_unit_id_change AFTER UPDATE ON public.unit_mark FOR EACH ROW WHEN ((((((old.mechanism_id IS DISTINCT FROM new.mechanism_id) OR (old.unit_id IS DISTINCT FROM new.unit_id)) OR (old.mark IS DISTINCT FROM new.mark)) OR (old.valid_from IS DISTINCT FROM new.valid_from)) OR (old.valid_to IS DISTINCT FROM new.valid_to))) EXECUTE FUNCTION mark_unit_id('unit_mark.unit_id');
CREATE TRIGGER mark_unit_id_row AFTER INSERT OR DELETE ON public.unit_mark FOR EACH ROW EXECUTE FUNCTION mark_unit_id('unit_mark.unit_id');
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
  constraint unit_successor_pkey PRIMARY KEY (district_id, unit_id, successor_id, effective_on)
);
CREATE CONSTRAINT TRIGGER require_history AFTER INSERT OR DELETE OR UPDATE ON public.unit_successor DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION require_history();
CREATE INDEX unit_successor_of ON public.unit_successor USING btree (district_id, successor_id);
CREATE TRIGGER mark_unit_id_change AFTER UPDATE ON public.unit_successor FOR EACH ROW WHEN ((old.unit_id IS DISTINCT FROM new.unit_id)) EXECUTE FUNCTION mark_unit_id('unit_successor.unit_id');
CREATE TRIGGER mark_unit_id_row AFTER INSERT OR DELETE ON public.unit_successor FOR EACH ROW EXECUTE FUNCTION mark_unit_id('unit_successor.unit_id');
grant INSERT, SELECT to jishi_app;
policy district_wall using (district_id = current_district()) with check (district_id = current_district());

create table unit_term (
  district_id integer not null,
  id uuid not null,
  mechanism_id text not null,
  unit_id uuid not null,
  no integer not null,
  elected_on date not null,
  due_on date not null,
  shifted_to date,
  ended_on date not null default 'infinity'::date,
  basis text not null,
  voided_at timestamp with time zone,
  constraint unit_term_check CHECK ((due_on > elected_on)),
  constraint unit_term_check1 CHECK ((shifted_to > elected_on)),
  constraint unit_term_check2 CHECK ((ended_on > elected_on)),
  constraint unit_term_district_id_fkey FOREIGN KEY (district_id) REFERENCES district(id),
  constraint unit_term_district_id_mechanism_id_fkey FOREIGN KEY (district_id, mechanism_id) REFERENCES mechanism(district_id, id),
  constraint unit_term_district_id_unit_id_fkey FOREIGN KEY (district_id, unit_id) REFERENCES unit(district_id, id),
  constraint unit_term_no_check CHECK (((no >= 1) AND (no <= 99))),
  constraint unit_term_one EXCLUDE USING gist (district_id WITH =, unit_id WITH =, mechanism_id WITH =, daterange(elected_on, ended_on) WITH &&) WHERE ((voided_at IS NULL)) DEFERRABLE INITIALLY DEFERRED,
  constraint unit_term_pkey PRIMARY KEY (district_id, id)
);
CREATE CONSTRAINT TRIGGER require_history AFTER INSERT OR DELETE OR UPDATE ON public.unit_term DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION require_history();
CREATE INDEX unit_term_due ON public.unit_term USING btree (district_id, COALESCE(shifted_to, due_on)) WHERE ((voided_at IS NULL) AND (ended_on = 'infinity'::date));
CREATE INDEX unit_term_unit ON public.unit_term USING btree (district_id, unit_id, elected_on);
CREATE TRIGGER mark_id_change AFTER UPDATE ON public.unit_term FOR EACH ROW WHEN (((((old.mechanism_id IS DISTINCT FROM new.mechanism_id) OR (old.unit_id IS DISTINCT FROM new.unit_id)) OR (old.elected_on IS DISTINCT FROM new.elected_on)) OR (old.voided_at IS DISTINCT FROM new.voided_at))) EXECUTE FUNCTION mark_id('unit_term.id');
CREATE TRIGGER mark_id_row AFTER INSERT OR DELETE ON public.unit_term FOR EACH ROW EXECUTE FUNCTION mark_id('unit_term.id');
CREATE TRIGGER mark_unit_id_change AFTER UPDATE ON public.unit_term FOR EACH ROW WHEN ((((((((old.mechanism_id IS DISTINCT FROM new.mechanism_id) OR (old.unit_id IS DISTINCT FROM new.unit_id)) OR (old.elected_on IS DISTINCT FROM new.elected_on)) OR (old.due_on IS DISTINCT FROM new.due_on)) OR (old.shifted_to IS DISTINCT FROM new.shifted_to)) OR (old.ended_on IS DISTINCT FROM new.ended_on)) OR (old.voided_at IS DISTINCT FROM new.voided_at))) EXECUTE FUNCTION mark_unit_id('unit_term.unit_id');
CREATE TRIGGER mark_unit_id_row AFTER INSERT OR DELETE ON public.unit_term FOR EACH ROW EXECUTE FUNCTION mark_unit_id('unit_term.unit_id');
grant INSERT, SELECT, UPDATE to jishi_app;
policy district_wall using (district_id = current_district()) with check (district_id = current_district());

create table unit_term_shift (
  district_id integer not null,
  id uuid not null,
  term_id uuid not null,
  from_day date not null,
  to_day date not null,
  reason text not null,
  state text not null,
  asked_by uuid,
  asked_by_name text not null,
  asked_at timestamp with time zone not null,
  decided_by_name text,
  decided_at timestamp with time zone,
  basis text not null default ''::text,
  constraint unit_term_shift_check CHECK ((to_day <> from_day)),
  constraint unit_term_shift_check1 CHECK (((decided_at IS NULL) = (state = 'asked'::text))),
  constraint unit_term_shift_district_id_fkey FOREIGN KEY (district_id) REFERENCES district(id),
  constraint unit_term_shift_district_id_term_id_fkey FOREIGN KEY (district_id, term_id) REFERENCES unit_term(district_id, id),
  constraint unit_term_shift_pkey PRIMARY KEY (district_id, id),
  constraint unit_term_shift_state_check CHECK ((state = ANY (ARRAY['asked'::text, 'granted'::text, 'declined'::text, 'withdrawn'::text])))
);
CREATE CONSTRAINT TRIGGER require_history AFTER INSERT OR DELETE OR UPDATE ON public.unit_term_shift DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION require_history();
CREATE INDEX unit_term_shift_term ON public.unit_term_shift USING btree (district_id, term_id, asked_at);
CREATE UNIQUE INDEX unit_term_shift_open ON public.unit_term_shift USING btree (district_id, term_id) WHERE (state = 'asked'::text);
grant INSERT, SELECT, UPDATE to jishi_app;
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
  sets text[] not null default '{kind,code,name,parentId}'::text[],
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
CREATE TRIGGER edition_changed AFTER INSERT OR DELETE OR UPDATE ON public.unit_version FOR EACH STATEMENT EXECUTE FUNCTION edition_changed();
CREATE TRIGGER mark_unit_id_change AFTER UPDATE ON public.unit_version FOR EACH ROW WHEN ((((((old.unit_id IS DISTINCT FROM new.unit_id) OR (old.valid_from IS DISTINCT FROM new.valid_from)) OR (old.valid_to IS DISTINCT FROM new.valid_to)) OR (old.kind IS DISTINCT FROM new.kind)) OR (old.path IS DISTINCT FROM new.path))) EXECUTE FUNCTION mark_unit_id('unit_version.unit_id');
CREATE TRIGGER mark_unit_id_row AFTER INSERT OR DELETE ON public.unit_version FOR EACH ROW EXECUTE FUNCTION mark_unit_id('unit_version.unit_id');
grant DELETE, INSERT, SELECT, UPDATE to jishi_app;
policy district_wall using (district_id = current_district()) with check (district_id = current_district());

create table watch (
  district_id integer not null,
  id uuid not null,
  account_id uuid not null,
  measure text not null,
  unit_id uuid not null,
  every text not null,
  digest boolean not null,
  side text,
  line double precision,
  begun_on date not null,
  constraint watch_check CHECK (((side IS NULL) = (line IS NULL))),
  constraint watch_check1 CHECK ((digest OR (side IS NOT NULL))),
  constraint watch_district_id_account_id_fkey FOREIGN KEY (district_id, account_id) REFERENCES account(district_id, id),
  constraint watch_district_id_fkey FOREIGN KEY (district_id) REFERENCES district(id),
  constraint watch_district_id_unit_id_fkey FOREIGN KEY (district_id, unit_id) REFERENCES unit(district_id, id),
  constraint watch_every_check CHECK ((every = ANY (ARRAY['week'::text, 'month'::text]))),
  constraint watch_pkey PRIMARY KEY (district_id, id),
  constraint watch_side_check CHECK ((side = ANY (ARRAY['above'::text, 'below'::text])))
);
CREATE CONSTRAINT TRIGGER require_history AFTER INSERT OR DELETE OR UPDATE ON public.watch DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION require_history();
CREATE INDEX watch_of ON public.watch USING btree (district_id, account_id);
grant DELETE, INSERT, SELECT to jishi_app;
policy district_wall using (district_id = current_district()) with check (district_id = current_district());

create table watch_note (
  district_id integer not null,
  id uuid not null,
  watch_id uuid not null,
  account_id uuid not null,
  kind text not null,
  measure text not null,
  name text not null,
  classifier text not null,
  unit_id uuid not null,
  period text not null,
  value double precision,
  before double precision,
  side text,
  line double precision,
  at timestamp with time zone not null,
  seen_at timestamp with time zone,
  constraint watch_note_district_id_fkey FOREIGN KEY (district_id) REFERENCES district(id),
  constraint watch_note_district_id_unit_id_fkey FOREIGN KEY (district_id, unit_id) REFERENCES unit(district_id, id),
  constraint watch_note_district_id_watch_id_kind_period_key UNIQUE (district_id, watch_id, kind, period),
  constraint watch_note_kind_check CHECK ((kind = ANY (ARRAY['closed'::text, 'crossed'::text]))),
  constraint watch_note_pkey PRIMARY KEY (district_id, id)
);
CREATE CONSTRAINT TRIGGER require_history AFTER INSERT OR DELETE OR UPDATE ON public.watch_note DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION require_history();
CREATE INDEX watch_note_of ON public.watch_note USING btree (district_id, account_id, at DESC);
grant INSERT, SELECT to jishi_app;
policy district_wall using (district_id = current_district()) with check (district_id = current_district());

create table webhook (
  district_id integer not null,
  id uuid not null,
  url text not null,
  types text[] not null,
  secret_sealed bytea not null,
  old_secret_sealed bytea,
  old_until timestamp with time zone,
  state text not null,
  reason text not null default ''::text,
  begun_at timestamp with time zone not null,
  constraint webhook_district_id_fkey FOREIGN KEY (district_id) REFERENCES district(id),
  constraint webhook_pkey PRIMARY KEY (district_id, id),
  constraint webhook_state_check CHECK ((state = ANY (ARRAY['on'::text, 'off'::text, 'stopped'::text, 'ended'::text]))),
  constraint webhook_url_check CHECK ((length(url) <= 500))
);
CREATE CONSTRAINT TRIGGER require_history AFTER INSERT OR DELETE OR UPDATE ON public.webhook DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION require_history();
CREATE UNIQUE INDEX webhook_url ON public.webhook USING btree (district_id, url) WHERE (state <> 'ended'::text);
grant INSERT, SELECT, UPDATE to jishi_app;
policy district_wall using (district_id = current_district()) with check (district_id = current_district());

create table webhook_delivery (
  district_id integer not null,
  id uuid not null,
  webhook_id uuid not null,
  event_id uuid not null,
  state text not null,
  attempts integer not null default 0,
  status integer,
  fault text not null default ''::text,
  at timestamp with time zone not null,
  tried_at timestamp with time zone,
  next_at timestamp with time zone,
  constraint webhook_delivery_district_id_event_id_fkey FOREIGN KEY (district_id, event_id) REFERENCES webhook_event(district_id, id),
  constraint webhook_delivery_district_id_fkey FOREIGN KEY (district_id) REFERENCES district(id),
  constraint webhook_delivery_district_id_webhook_id_fkey FOREIGN KEY (district_id, webhook_id) REFERENCES webhook(district_id, id),
  constraint webhook_delivery_pkey PRIMARY KEY (district_id, id),
  constraint webhook_delivery_state_check CHECK ((state = ANY (ARRAY['waiting'::text, 'delivered'::text, 'failed'::text])))
);
CREATE CONSTRAINT TRIGGER require_history AFTER INSERT OR DELETE OR UPDATE ON public.webhook_delivery DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION require_history();
CREATE INDEX webhook_delivery_of ON public.webhook_delivery USING btree (district_id, webhook_id, at DESC);
grant INSERT, SELECT, UPDATE to jishi_app;
policy district_wall using (district_id = current_district()) with check (district_id = current_district());

create table webhook_event (
  district_id integer not null,
  id uuid not null,
  type text not null,
  key text not null,
  body text not null,
  at timestamp with time zone not null,
  constraint webhook_event_district_id_fkey FOREIGN KEY (district_id) REFERENCES district(id),
  constraint webhook_event_district_id_key_key UNIQUE (district_id, key),
  constraint webhook_event_pkey PRIMARY KEY (district_id, id)
);
CREATE CONSTRAINT TRIGGER require_history AFTER INSERT OR DELETE OR UPDATE ON public.webhook_event DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION require_history();
grant INSERT, SELECT to jishi_app;
policy district_wall using (district_id = current_district()) with check (district_id = current_district());
