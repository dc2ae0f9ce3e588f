-- Batches: which cards one run looks at, and how far it has come.

create table batch_runs (
    id uuid primary key,
    mode text collate "C" not null check (mode in ('full', 'hybrid')),
    set_id text collate "C",
    requested jsonb not null default '{}',
    state text collate "C" not null default 'running'
        check (state in ('planning', 'running', 'stopping', 'stopped', 'finished')),
    started_at timestamptz not null default clock_timestamp(),
    finished_at timestamptz,
    cards_targeted int not null default 0,
    cards_succeeded int not null default 0,
    cards_failed int not null default 0,
    cards_skipped int not null default 0,
    cards_deferred int not null default 0,
    calls_spent int not null default 0,
    stop_reason text,
    report jsonb
);
comment on column batch_runs.id is 'the id of the command that runs it';
comment on column batch_runs.cards_succeeded is 'copied from the items by whoever watches the batch: a counter that every item incremented would queue all workers on one row';

-- No foreign keys: both ends are written by the statement that plans a batch, and checks row by row
-- would take longer than the plan.
create table batch_items (
    batch_id uuid not null,
    card_id bigint not null,
    set_id text collate "C" not null,
    position int not null,
    state text collate "C" not null default 'pending'
        check (state in ('pending', 'queued', 'succeeded', 'failed', 'skipped', 'deferred', 'stopped')),
    command_id uuid,
    detail text,
    calls int not null default 0,
    finished_at timestamptz,
    primary key (batch_id, card_id)
) with (fillfactor = 80);
create index batch_items_pending on batch_items (batch_id, position) where state = 'pending';
create index batch_items_queued on batch_items (batch_id, command_id) where state = 'queued';
create index batch_items_set on batch_items (batch_id, set_id);
comment on column batch_items.position is 'order of the plan: what is worth most comes first';
comment on column batch_items.calls is 'calls to the marketplace that this card took';

-- As for raw records: plans made while a table was empty must not outlive its filling.
create function analyze_cards(wanted text) returns void
    language plpgsql security definer set search_path = pg_catalog, public
as $$
begin
    case wanted
        when 'cards' then analyze public.cards;
        when 'batch_items' then analyze public.batch_items;
    end case;
end
$$;
revoke all on function analyze_cards(text) from public;
grant execute on function analyze_cards(text) to courtier_worker;

grant select on batch_runs, batch_items to courtier_api, courtier_worker, courtier_readonly;
grant insert, update on batch_runs, batch_items to courtier_worker;
