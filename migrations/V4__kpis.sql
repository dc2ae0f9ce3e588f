-- The figures of each tenant and day. `docs/KPIS.md` defines every column; the statement that
-- computes them is in `services/store/src/kpi_daily/compute.sql`.

-- An SLA target is decided when it is met or when it falls due, whichever comes first: an open
-- ticket past its target has missed it, and a later answer does not undo that.
alter table raw_tickets
    add column sla_response_decided_at timestamptz generated always as (
        case when sla_response_verdict is not null or sla_response_due_at is not null
             then least(first_response_at, sla_response_due_at) end
    ) stored,
    add column sla_response_missed boolean not null generated always as (
        not coalesce(sla_response_verdict, first_response_at <= sla_response_due_at, false)
    ) stored,
    add column sla_resolution_decided_at timestamptz generated always as (
        case when sla_resolution_verdict is not null or sla_resolution_due_at is not null
             then least(resolved_at, closed_at, sla_resolution_due_at) end
    ) stored,
    add column sla_resolution_missed boolean not null generated always as (
        not coalesce(sla_resolution_verdict,
                     coalesce(resolved_at, closed_at) <= sla_resolution_due_at, false)
    ) stored;
comment on column raw_tickets.sla_response_missed is 'means something once sla_response_decided_at is past';
comment on column raw_tickets.sla_resolution_missed is 'means something once sla_resolution_decided_at is past';

create index raw_tickets_sla_response on raw_tickets (tenant_id, sla_response_decided_at)
    include (sla_response_missed) where sla_response_decided_at is not null;
create index raw_tickets_sla_resolution on raw_tickets (tenant_id, sla_resolution_decided_at)
    include (sla_resolution_missed, sla_response_decided_at, sla_response_missed)
    where sla_resolution_decided_at is not null;

-- A sample finds far too few different tickets in a large table; the join with tickets needs better.
alter table raw_time_entries alter column cw_ticket_id set (n_distinct = -0.5);

create table kpi_daily (
    tenant_id uuid not null references tenants (id) on delete cascade,
    kpi_date date not null,

    total_minutes bigint not null,
    billable_minutes bigint not null,
    non_billable_minutes bigint not null,
    no_charge_minutes bigint not null,

    avg_resolution_minutes numeric(14, 2),
    median_resolution_minutes numeric(14, 2),
    p90_resolution_minutes numeric(14, 2),
    n_resolution bigint not null,
    first_call_resolution_rate numeric(5, 2),
    avg_satisfaction_score numeric(3, 2),
    n_satisfaction bigint not null,
    avg_first_response_minutes numeric(14, 2),
    median_first_response_minutes numeric(14, 2),
    p90_first_response_minutes numeric(14, 2),
    n_first_response bigint not null,
    tickets_sla_breached bigint not null,
    sla_response_met_pct numeric(5, 2),
    sla_resolution_met_pct numeric(5, 2),
    tickets_per_technician numeric(14, 4),

    tickets_created bigint not null,
    tickets_closed bigint not null,
    tickets_reopened bigint not null,
    tickets_net_change bigint not null,
    tickets_open bigint not null,
    tickets_high_priority bigint not null,
    tickets_open_0d bigint not null,
    tickets_open_1_2d bigint not null,
    tickets_open_3_6d bigint not null,
    tickets_open_7_13d bigint not null,
    tickets_open_14_29d bigint not null,
    tickets_open_30d_up bigint not null,
    anomaly_detected boolean not null,
    z_score numeric(18, 4),

    computed_at timestamptz not null default now(),
    revision int not null default 1,
    definition_version int not null,
    is_final boolean not null,
    primary key (tenant_id, kpi_date)
);
comment on table kpi_daily is 'one row per tenant and day of the tenant''s time zone; null: nothing to divide by';
comment on column kpi_daily.tickets_open is 'backlog at the end of the day, not at the time of the computation';
comment on column kpi_daily.tickets_high_priority is 'part of tickets_open with a high or critical priority';
comment on column kpi_daily.tickets_net_change is 'created - closed; the backlog changes by this plus tickets_reopened';
comment on column kpi_daily.computed_at is 'when this row was last written; a computation that changes nothing leaves it';
comment on column kpi_daily.revision is 'one more each time a figure changed';
comment on column kpi_daily.is_final is 'seven days have passed, so that no reopening can change the figures any more';

-- What a computation compares: everything but the bookkeeping.
create function kpi_figures(kpi_daily) returns jsonb
    language sql immutable parallel safe
    return to_jsonb($1) - array['computed_at', 'revision', 'definition_version', 'is_final'];

alter table kpi_daily enable row level security;
alter table kpi_daily force row level security;
create policy tenant_isolation on kpi_daily
    using (tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid))
    with check (tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid));

grant select on kpi_daily to courtier_api, courtier_readonly;
grant select, insert, update, delete on kpi_daily to courtier_worker;
