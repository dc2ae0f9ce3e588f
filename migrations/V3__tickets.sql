-- What the sources report about tickets and time entries, one row per record, newest version.
--
-- Identifiers are compared byte by byte (`collate "C"`): they are keys, not words.
-- No foreign key to `tenants`: a check per row would cost a third of the ingest's speed, and the
-- row-level policy already ties each row to the tenant whose transaction writes it.

create table raw_tickets (
    tenant_id uuid not null,
    source text collate "C" not null,
    cw_ticket_id text collate "C" not null,
    content_hash uuid not null,
    board text,
    status text,
    priority text,
    summary text,
    description text,
    company text,
    owner text,
    created_at_remote timestamptz not null,
    updated_at_remote timestamptz,
    sla_status text,
    estimated_hours numeric(10, 2),
    high_priority boolean not null,
    first_response_at timestamptz,
    resolved_at timestamptz,
    closed_at timestamptz,
    reopened_at timestamptz,
    is_closed boolean not null generated always as (closed_at is not null) stored,
    sla_response_due_at timestamptz,
    sla_resolution_due_at timestamptz,
    sla_response_verdict boolean,
    sla_resolution_verdict boolean,
    sla_response_met boolean generated always as (
        coalesce(sla_response_verdict, first_response_at <= sla_response_due_at)
    ) stored,
    sla_resolution_met boolean generated always as (
        coalesce(sla_resolution_verdict, coalesce(resolved_at, closed_at) <= sla_resolution_due_at)
    ) stored,
    satisfaction_score numeric(3, 2),
    raw jsonb not null,
    ingested_at timestamptz not null default now(),
    -- Included: the KPIs join tickets and time entries in the order of this key, without the heap.
    primary key (tenant_id, source, cw_ticket_id) include (closed_at, reopened_at)
);
comment on column raw_tickets.content_hash is 'first 16 bytes of BLAKE3 over the record as it was read';
comment on column raw_tickets.closed_at is 'end of the current span; null: open. Later edits never move it';
comment on column raw_tickets.reopened_at is 'start of the current span; null: never reopened';
comment on column raw_tickets.sla_response_verdict is 'what the source says; null: compare the instants';
comment on column raw_tickets.sla_response_met is 'null: no target, or no answer yet';

-- Every read of the KPIs is an index-only scan over one of these.
create index raw_tickets_created on raw_tickets (tenant_id, created_at_remote)
    include (reopened_at, closed_at, high_priority);
create index raw_tickets_open on raw_tickets (tenant_id, created_at_remote)
    include (reopened_at, high_priority) where closed_at is null;
create index raw_tickets_closed on raw_tickets (tenant_id, closed_at)
    include (created_at_remote, reopened_at, high_priority, satisfaction_score, source, cw_ticket_id)
    where closed_at is not null;
create index raw_tickets_responded on raw_tickets (tenant_id, first_response_at)
    include (created_at_remote) where first_response_at is not null;

-- Index-only scans need the visibility map, joins need statistics: do not wait for a fifth of the
-- table to change.
alter table raw_tickets set (
    autovacuum_vacuum_insert_scale_factor = 0.02,
    autovacuum_vacuum_scale_factor = 0.05,
    autovacuum_analyze_scale_factor = 0.05
);

-- Times a ticket was open before it was reopened. Two tickets in a hundred have any; the current
-- span of a ticket lives in its own row.
create table ticket_past_spans (
    tenant_id uuid not null,
    source text collate "C" not null,
    cw_ticket_id text collate "C" not null,
    created_at_remote timestamptz not null,
    opened_at timestamptz not null,
    closed_at timestamptz not null,
    next_opened_at timestamptz not null,
    high_priority boolean not null,
    primary key (tenant_id, source, cw_ticket_id, opened_at)
);
comment on column ticket_past_spans.opened_at is 'created_at_remote, or the reopening before';
comment on column ticket_past_spans.next_opened_at is 'the reopening that followed this closing';
create index ticket_past_spans_closed on ticket_past_spans (tenant_id, closed_at)
    include (created_at_remote, opened_at, next_opened_at, high_priority, source, cw_ticket_id);
create index ticket_past_spans_reopened on ticket_past_spans (tenant_id, next_opened_at);

-- Changes of status that were seen between two loads. A first load writes none.
create table ticket_status_events (
    tenant_id uuid not null,
    source text collate "C" not null,
    cw_ticket_id text collate "C" not null,
    at timestamptz not null,
    old_status text,
    new_status text,
    was_closed boolean not null,
    is_closed boolean not null,
    recorded_at timestamptz not null default now()
);
create index ticket_status_events_ticket on ticket_status_events (tenant_id, source, cw_ticket_id, at);

create table raw_time_entries (
    tenant_id uuid not null,
    source text collate "C" not null,
    cw_time_entry_id text collate "C" not null,
    content_hash uuid not null,
    cw_ticket_id text collate "C",
    member text,
    work_type text,
    billable boolean not null,
    billable_class smallint not null check (billable_class in (0, 1, 2)),
    billable_option text,
    minutes int not null,
    notes text,
    date_worked date not null,
    updated_at_remote timestamptz,
    raw jsonb not null,
    ingested_at timestamptz not null default now(),
    primary key (tenant_id, source, cw_time_entry_id)
);
comment on column raw_time_entries.billable_class is '1 billable, 2 no charge (visible to the client), 0 not billable';
comment on column raw_time_entries.date_worked is 'a calendar day as the source states it; never shifted by a time zone';
create index raw_time_entries_day on raw_time_entries (tenant_id, date_worked)
    include (minutes, billable_class, member);
create index raw_time_entries_ticket on raw_time_entries (tenant_id, source, cw_ticket_id)
    include (date_worked);
alter table raw_time_entries set (
    autovacuum_vacuum_insert_scale_factor = 0.02,
    autovacuum_vacuum_scale_factor = 0.05,
    autovacuum_analyze_scale_factor = 0.05
);

-- Days whose figures may be stale. Append-only: with a key per day, parallel loads would wait for
-- each other's commit. Whoever recomputes deletes the rows it has read, and merges their ranges.
create table kpi_dirty (
    id bigint generated always as identity primary key,
    tenant_id uuid not null,
    days datemultirange not null check (not lower_inf(days) and not upper_inf(days)),
    marked_at timestamptz not null default now()
);
create index kpi_dirty_tenant on kpi_dirty (tenant_id);

-- Records that were refused. A record that is still bad at the next load counts up.
create table ingest_rejects (
    id bigint generated always as identity primary key,
    tenant_id uuid not null,
    source text collate "C" not null,
    kind text not null check (kind in ('tickets', 'time_entries')),
    file text not null,
    line bigint not null,
    field text,
    reason text not null,
    excerpt text not null,
    command_id uuid,
    times int not null default 1,
    first_seen_at timestamptz not null default now(),
    last_seen_at timestamptz not null default now(),
    unique (tenant_id, source, kind, file, line)
);

do $$
declare
    guarded text;
begin
    foreach guarded in array array[
        'raw_tickets', 'ticket_past_spans', 'ticket_status_events', 'raw_time_entries', 'kpi_dirty',
        'ingest_rejects'
    ] loop
        execute format('alter table %I enable row level security', guarded);
        execute format('alter table %I force row level security', guarded);
        -- The sub-select makes it one look at the setting per statement instead of one per row.
        execute format(
            'create policy tenant_isolation on %I
             using (tenant_id = (select nullif(current_setting(''app.tenant_id'', true), '''')::uuid))
             with check (tenant_id = (select nullif(current_setting(''app.tenant_id'', true), '''')::uuid))',
            guarded
        );
    end loop;
end
$$;

-- Only the owner of a table may analyze it, and a worker is not the owner. After a large load the
-- planner must not work with the statistics of an empty table.
create function analyze_raw_records(wanted text) returns void
    language plpgsql security definer set search_path = pg_catalog, public
as $$
begin
    case wanted
        when 'raw_tickets' then analyze public.raw_tickets;
        when 'raw_time_entries' then analyze public.raw_time_entries;
    end case;
end
$$;
revoke all on function analyze_raw_records(text) from public;
grant execute on function analyze_raw_records(text) to courtier_worker;

grant select on raw_tickets, ticket_past_spans, ticket_status_events, raw_time_entries, kpi_dirty, ingest_rejects
    to courtier_api, courtier_readonly;
grant select, insert, update, delete on
    raw_tickets, ticket_past_spans, ticket_status_events, raw_time_entries, kpi_dirty, ingest_rejects
    to courtier_worker;
