-- figures: the ledger every number is counted from. Facts are read once, when a record changed, and kept with the instants between
-- which they were known; so a number can be asked for as it is known now and as it was known then. [docs/decisions/0008]
-- These tables carry no foreign keys: rows are written by the thousand, and only from rows that have them.

-- distributed: one row per district. `at` moves with every draining: what is known is known as of here, and whatever comes after is
-- known later. Its lock lets drainings of one district take turns.
create table ledger (
  district_id int not null,
  at timestamptz not null,
  primary key (district_id)
) with (fillfactor = 50);
call protect('ledger', 'select, insert, update', false);

-- distributed: the facts of a district's ledger. `cursor` is set while it is read from the start: on its first day, after a mechanism
-- changed, or when its SELECT is another one (`fingerprint`).
create table fact (
  district_id int not null,
  no smallint not null,
  id text not null,
  fingerprint text not null,
  since timestamptz,                            -- first complete: nothing can be told of what was known before
  cursor uuid,
  primary key (district_id, no),
  unique (district_id, id)
);
call protect('fact', 'select, insert, update', false);

-- distributed: every combination of dimensions that occurs, once; `shape` is the first half of its MD5. Fact 0: what is counted of persons.
create table fact_shape (
  district_id int not null,
  fact smallint not null,
  shape bigint not null,
  dims jsonb not null,
  primary key (district_id, fact, shape)
);
call protect('fact_shape', 'select, insert', false);

-- distributed: what a record says for a fact, from–to it was known. Only `known_to` and `ended_work` are ever changed, once.
create table fact_row (
  district_id int not null,
  fact smallint not null,
  record uuid not null,
  known_from timestamptz not null,              -- '-infinity': found when the ledger began
  part smallint not null,                       -- a record may say several things at once
  known_to timestamptz not null default 'infinity',
  unit int not null,                            -- unit.no
  day date not null,
  until date,
  person int,                                   -- person.no of whoever stands for the human being
  born smallint,                                -- months since year 0 of that person's birth
  quantity numeric,
  shape bigint not null,
  traits bigint,                                -- of that person: sex, schooling
  turns_at timestamptz,                         -- the instant from which the record says something else by itself
  work bigint,                                  -- transaction that made it so, as history.work
  ended_work bigint,
  primary key (district_id, fact, record, known_from, part),
  check (known_to > known_from)
) with (fillfactor = 90);
create index fact_row_unit on fact_row (district_id, fact, unit, day) include (until, person, born, quantity, shape, traits) where known_to = 'infinity';
create index fact_row_day on fact_row (district_id, fact, day, record) include (unit, until, person, born, quantity, shape, traits) where known_to = 'infinity';
create index fact_row_born on fact_row (district_id, fact, born) where known_to = 'infinity' and born is not null;
create index fact_row_person on fact_row (district_id, person) where known_to = 'infinity' and person is not null;
create index fact_row_turns on fact_row (district_id, turns_at) where known_to = 'infinity' and turns_at is not null;
create index fact_row_until on fact_row (district_id, fact, until) where until is not null;
create index fact_row_from on fact_row (district_id, fact, known_from) where known_from > '-infinity';
create index fact_row_to on fact_row (district_id, fact, known_to) where known_to < 'infinity';
call protect('fact_row', 'select, insert, update', false);

-- distributed: where a unit stands on every day, also before it opened (where it first stood) and after it closed (with its only
-- successor, else below its last parent), from–to it was known.
create table fact_place (
  district_id int not null,
  unit int not null,
  known_from timestamptz not null,
  valid_from date not null,
  known_to timestamptz not null default 'infinity',
  valid_to date not null,
  path text collate "C" not null,
  depth smallint not null generated always as ((length(path) - 2) / 6) stored,
  kind text not null,
  primary key (district_id, unit, known_from, valid_from),
  check (known_to > known_from and valid_to > valid_from)
);
create index fact_place_path on fact_place (district_id, path, valid_from, valid_to) include (unit, kind) where known_to = 'infinity';
create index fact_place_depth on fact_place (district_id, depth, path) include (unit, valid_from, valid_to) where known_to = 'infinity';
create index fact_place_moved on fact_place (district_id) include (unit) where known_to = 'infinity' and valid_from > '-infinity';
create index fact_place_from on fact_place (district_id, known_from) include (unit) where known_from > '-infinity';
create index fact_place_to on fact_place (district_id, known_to) where known_to < 'infinity';
call protect('fact_place', 'select, insert, update', false);

-- distributed: a rolling of a fact: sums kept for units with many rows, as the ledger knew them at an instant, in the tree of a day. A
-- question takes them and corrects them by what became known, moved or lies outside since; nothing is ever added to them. [docs/decisions/0010]
create table fact_roll (
  district_id int not null,
  fact smallint not null,
  no int not null,
  known_at timestamptz not null,
  placed_on date not null,
  big int[] not null,                           -- unit.no of the units kept
  views text[] not null,                        -- filters of measures they are kept for
  dimensions text[] not null,
  primary key (district_id, fact, no)
);
call protect('fact_roll', 'select, insert, delete', false);

-- distributed: what a rolling holds: months of what happened (first day), days on which a stock was read.
create table fact_bucket (
  district_id int not null,
  fact smallint not null,
  day date not null,
  roll int not null,
  dense int not null,                           -- where so many rows were counted, their persons are bits
  primary key (district_id, fact, day)
);
call protect('fact_bucket', 'select, insert, update, delete', false);

-- distributed: number of rows and sum of quantities. `node`: a unit and all below it; negative: what stands at it itself. `months`: 1, or
-- 12 for a whole year, or 0 for the day of a stock.
create table fact_cell (
  district_id int not null,
  fact smallint not null,
  node int not null,
  day date not null,
  months smallint not null,
  view text not null,
  dimension text not null,                      -- '': all rows
  value text not null,
  n int not null,
  sum numeric,
  primary key (district_id, fact, view, dimension, node, months, day, value)
);
call protect('fact_cell', 'select, insert, delete', false);

-- distributed: which persons stand behind a cell: one bit each, in blocks of 16,384 numbers; where there would be few in a block, their
-- numbers in one row (`block` -1).
create table fact_bits (
  district_id int not null,
  fact smallint not null,
  node int not null,
  day date not null,
  months smallint not null,
  view text not null,
  dimension text not null,
  value text not null,
  block int not null,
  bits bit(16384),
  people int[],
  primary key (district_id, fact, view, dimension, node, months, day, value, block),
  check (num_nulls(bits, people) = 1)
);
call protect('fact_bits', 'select, insert, delete', false);

-- Sets one bit per row: five times as fast as the or of bit strings with one bit each.
do $$ begin
  execute format('create aggregate bits_of(int, int) (sfunc = set_bit, stype = bit, initcond = %L)', repeat('0', 16384));
end $$;

-- distributed: what changed and is not yet drained. A heap that is only appended to and emptied: nobody waits for anybody.
create table fact_stale (
  district_id int not null,
  source text not null,                         -- `table.column`
  key uuid,                                     -- value of that column; null: all of them
  at timestamptz not null default clock_timestamp(),
  work bigint default nullif(current_setting('app.work', true), '')::bigint
) with (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 5000);
call protect('fact_stale', 'select, insert, delete', false);

-- Marks changed rows of a table by one of its columns. `columns` are those a fact reads: another column marks nothing. `rows`: new
-- and deleted rows are marked too; not so where a new row can have no record yet (a unit, a person).
create procedure watch(table_name text, key text, columns text, rows boolean default true) language plpgsql as $watch$
declare
  marker text := 'mark_' || key;
  compared text := (select format('(%s) is distinct from (%s)', string_agg('old.' || c, ', '), string_agg('new.' || c, ', '))
    from unnest(string_to_array(replace(columns, ' ', ''), ',') || case when columns = '' then array[key] else array[]::text[] end) c where c <> '');
begin
  if to_regprocedure(marker || '()') is null then
    execute format($f$create function %1$I() returns trigger language plpgsql as $m$
      begin
        if tg_op = 'DELETE' or tg_op = 'UPDATE' and old.%2$I is distinct from new.%2$I then
          insert into fact_stale (district_id, source, key) select old.district_id, tg_argv[0], old.%2$I where old.%2$I is not null;
        end if;
        if tg_op <> 'DELETE' then
          insert into fact_stale (district_id, source, key) select new.district_id, tg_argv[0], new.%2$I where new.%2$I is not null;
        end if;
        return null;
      end $m$$f$, marker, key);
  end if;
  if rows then
    execute format('create trigger %I after insert or delete on %I for each row execute function %I(%L)', marker || '_row', table_name, marker, table_name || '.' || key);
  end if;
  execute format('create trigger %I after update on %I for each row when (%s) execute function %I(%L)', marker || '_change', table_name, compared, marker, table_name || '.' || key);
end $watch$;

-- A mechanism's settings say what is counted: whatever reads them is read anew as a whole.
create function mark_all() returns trigger language plpgsql as $$
begin
  insert into fact_stale (district_id, source) values (new.district_id, tg_argv[0]);
  return null;
end $$;
create trigger mark_all_row after insert on mechanism for each row execute function mark_all('mechanism.id');
create trigger mark_all_change after update on mechanism for each row
  when ((old.settings, old.valid_from, old.valid_to, old.engine) is distinct from (new.settings, new.valid_from, new.valid_to, new.engine)) execute function mark_all('mechanism.id');

call watch('unit', 'id', 'closed_on, kind', false);
call watch('unit_version', 'unit_id', 'unit_id, valid_from, valid_to, kind, path');
call watch('unit_successor', 'unit_id', '');
call watch('unit_link', 'id', 'kind, from_id, to_id, role, valid_from, valid_to, mechanism_id');
call watch('unit_link', 'to_id', 'kind, from_id, to_id, valid_from, valid_to');
call watch('unit_mark', 'id', 'mechanism_id, unit_id, mark, value, valid_from, valid_to');
call watch('unit_mark', 'unit_id', 'mechanism_id, unit_id, mark, valid_from, valid_to');
call watch('unit_event', 'id', 'mechanism_id, unit_id, event, held_on, quantity, settled_on');
call watch('unit_event', 'unit_id', 'mechanism_id, unit_id, event, held_on');
call watch('unit_term', 'id', 'mechanism_id, unit_id, elected_on, voided_at');
call watch('unit_term', 'unit_id', 'mechanism_id, unit_id, elected_on, due_on, shifted_to, ended_on, voided_at');
call watch('person', 'id', 'born, sex, education, merged_into, withdrawn_at', false);
call watch('person', 'merged_into', 'merged_into', false);
call watch('membership', 'id', 'person_id, unit_id, kind, status, valid_from, valid_to, begin_reason, end_reason, voided_at');
call watch('post', 'id', 'person_id, unit_id, title, valid_from, valid_to');
call watch('post', 'unit_id', 'unit_id, title, valid_from, valid_to');
call watch('registration', 'id', 'person_id, place_id, organ, confirmed_on, ended_on');
call watch('tenure', 'id', 'mechanism_id, person_id, unit_id, role, term, basis, valid_from, valid_to');
call watch('talent', 'id', 'mechanism_id, form, person_id, holder_id, level, field, route, channel, withdrawn_at');
call watch('talent_step', 'id', 'talent_id, milestone, happened_on, days');
call watch('talent_step', 'talent_id', 'talent_id, milestone, happened_on');
call watch('talent_target', 'id', 'mechanism_id, holder_id, year, amount');
call watch('talent_event', 'id', 'mechanism_id, holder_id, kind, held_on, posts');
call watch('demand', 'id', 'place_id, opened_on, category, channel, state, mechanism_id, responded_at, respond_due_at, excluded_at, merged_into, suspended_until, round, closed_on, outcome');
call watch('occasion', 'id', 'mechanism_id, kind, place_id, held_on, met');
call watch('callback', 'demand_id', 'demand_id, round, reached, outcome, satisfaction');
call watch('feedback', 'id', 'kind, function, face, state, rating, unit_id, received_on, first_due_at, replied_at');
call watch('form', 'id', 'owner_id, base_id, frequency, state, valid_from, ends_on, decided_on, stopped_on');
call watch('form_ask', 'id', 'form_id, unit_id, month, due_on, minutes, state, first_filled_on');
call watch('form_field', 'form_id', 'form_id, term, type');
call watch('task', 'id', 'place_id, published_on, category, state, mechanism_id');
call watch('claim', 'id', 'task_id, person_id, unit_id, place_id, claimed_on, state, accepted_on, minutes');

-- The transaction an entry was written in: why a row of the ledger changed is one look-up away.
alter table history add column work bigint default nullif(current_setting('app.work', true), '')::bigint;
create index history_work on history (district_id, work);
