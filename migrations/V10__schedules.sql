-- When commands run: schedules that order them, and lanes that people have paused.

create table schedules (
    name text collate "C" primary key check (name ~ '^[a-z0-9]+(-[a-z0-9]+)*$'),
    command text not null,
    parameters jsonb not null default '{}' check (jsonb_typeof(parameters) = 'object'),
    tenant_id uuid references tenants (id) on delete cascade,
    each_tenant boolean not null default false,
    cron text,
    timezone text,
    only_when text collate "C" check (only_when in ('cards', 'dirty_days')),
    is_enabled boolean not null default false,
    changed_at timestamptz not null default clock_timestamp(),
    check (not (each_tenant and tenant_id is not null)),
    check (cron is not null or name = 'nightly-batch')
);
comment on column schedules.parameters is '`{today}` and `{yesterday}` stand for dates of the slot, in its time zone';
comment on column schedules.each_tenant is 'one command for each active tenant';
comment on column schedules.cron is 'five fields; null: hour, minute, zone and on/off are the batch_* settings';
comment on column schedules.timezone is 'IANA name; null: the tenant''s, else batch_timezone';
comment on column schedules.only_when is 'fires only while there are cards, or days to compute again';
comment on column schedules.changed_at is 'slots until then do not fire';

-- What people can have without writing it. Ingest, KPIs and exports are off: n8n triggers them.
insert into schedules (name, command, parameters, each_tenant, cron, only_when, is_enabled) values
    ('nightly-batch', 'batch.run', '{}', false, null, 'cards', true),
    ('ingest-tickets', 'ingest.tickets', '{}', true, '*/15 * * * *', null, false),
    ('ingest-time-entries', 'ingest.time_entries', '{}', true, '*/15 * * * *', null, false),
    ('kpi-yesterday', 'kpi.compute-daily', '{"date": "{yesterday}"}', true, '0 6 * * *', null, false),
    ('kpi-dirty-days', 'kpi.recompute', '{}', true, '*/5 * * * *', 'dirty_days', true),
    ('exports', 'exports.generate', '{"date": "{yesterday}"}', true, '30 7 * * *', null, false),
    ('new-cards', 'catalogue.import', '{"source": "tcgdex"}', false, '0 1 * * *', 'cards', true),
    ('price-guide', 'catalogue.import', '{"source": "cardmarket"}', false, '30 1 * * *', 'cards', true),
    ('quota-reconcile', 'quota.reconcile', '{}', false, '0 * * * *', 'cards', true);

-- A slot that did not fire is a row too, so that it can be seen, and is not looked at again.
alter table schedule_fire
    add column outcome text collate "C" not null default 'fired'
        check (outcome in ('fired', 'missed', 'skipped', 'refused')),
    add column detail text;
comment on column schedule_fire.schedule is 'its name; for each tenant: `name/tenant id`';
comment on column schedule_fire.outcome is 'missed: too late; skipped: the command before is still open; refused: the parameters do not fit';
create index schedule_fire_fired on schedule_fire (fired_at);

-- Has the tenants whose figures may have been stale for a while. Row-level security shows only one
-- tenant at a time.
create function tenants_with_dirty_days(older_than interval) returns setof uuid
    language plpgsql
as $$
declare
    tenant record;
begin
    for tenant in select id, timezone from tenants where is_active loop
        perform set_config('app.tenant_id', tenant.id::text, true);
        if exists (
            select from kpi_dirty
            where tenant_id = tenant.id and marked_at < now() - older_than
              and days && daterange('2000-01-01', (now() at time zone tenant.timezone)::date, '[]')
        ) then
            return next tenant.id;
        end if;
    end loop;
    perform set_config('app.tenant_id', '', true);
end
$$;
comment on function tenants_with_dirty_days is 'days before 2000 and days to come are not computed';

create table lane_pauses (
    lane text collate "C" primary key,
    paused_at timestamptz not null default clock_timestamp(),
    resume_at timestamptz,
    reason text not null,
    actor text not null
);
comment on column lane_pauses.resume_at is 'null: until somebody resumes it';

grant select, insert, update, delete on schedules, lane_pauses to courtier_api, courtier_worker;
grant select on schedules, lane_pauses to courtier_readonly;
