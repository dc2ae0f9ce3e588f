-- The command fabric: what was accepted, what waits for the broker, what waits for a time.
-- `commands` is the truth; RabbitMQ only carries pointers to its rows.

-- Group roles, shared by every database of the cluster. Connections take one of them with
-- `set role`, so that row-level security binds even when the login owns the tables.
do $$
declare
    wanted text;
begin
    foreach wanted in array array['courtier_api', 'courtier_worker', 'courtier_readonly'] loop
        begin
            execute format('create role %I nologin', wanted);
        exception when duplicate_object or unique_violation then
            null; -- another database of this cluster made it
        end;
        if not pg_has_role(current_user, wanted, 'member') then
            execute format('grant %I to current_user', wanted);
        end if;
    end loop;
end
$$;

revoke all on schema public from public;
grant usage on schema public to courtier_api, courtier_worker, courtier_readonly;

-- No index may name status, attempt, lease_* or finished_at: each would end HOT updates, and with
-- them a quarter of the throughput. Ids are UUIDv7, so the primary key is also the time order.
create table commands (
    id uuid primary key,
    name text not null,
    status text not null default 'queued'
        check (status in ('queued', 'running', 'succeeded', 'retrying', 'postponed', 'cancelled', 'dead')),
    tenant_id uuid,
    payload jsonb not null,
    result jsonb,
    error text,
    progress jsonb,
    attempt int not null default 0,
    lease_token uuid,
    lease_until timestamptz,
    cancel_requested boolean not null default false,
    waited boolean not null default false,
    traceparent text,
    created_at timestamptz not null default clock_timestamp(),
    started_at timestamptz,
    finished_at timestamptz
) with (fillfactor = 50);
comment on column commands.waited is 'a client waits for the end: the recorder notifies it';
comment on column commands.progress is '{"done": n, "total": n or null, "message": text}';

-- Commands whose message the broker has not confirmed yet; the relay deletes what it confirms.
create table outbox (
    command_id uuid primary key,
    name text not null,
    traceparent text,
    created_at timestamptz not null default clock_timestamp()
);

-- The watch list: commands to look at again at an instant. Retries, postponements, lost leases and
-- lost messages all come back through it; nothing else has to be searched.
create table due (
    command_id uuid primary key,
    due_at timestamptz not null
);
create index due_at on due (due_at);

-- How far the sweeper has audited `commands`: every command is looked at once, some minutes after
-- it was accepted, and put on the watch list when it is still open.
create table audit_position (
    one boolean primary key default true check (one),
    last_id uuid not null
);
insert into audit_position (last_id) values ('00000000-0000-0000-0000-000000000000');

-- One row for each attempt that did not simply succeed.
create table attempts (
    command_id uuid not null,
    attempt int not null,
    outcome text not null,
    detail text,
    worker text,
    started_at timestamptz,
    finished_at timestamptz not null default clock_timestamp(),
    primary key (command_id, attempt)
);

-- Messages that the broker gave up on, and commands that ran out of attempts.
create table dead_letters (
    id bigint generated always as identity primary key,
    command_id uuid,
    name text,
    reason text not null,
    body text,
    died_at timestamptz not null default clock_timestamp(),
    replayed_at timestamptz
);
create index dead_letters_command on dead_letters (command_id);

create table idempotency_keys (
    key text primary key,
    request_hash bytea not null,
    command_id uuid not null,
    created_at timestamptz not null default clock_timestamp()
);
create index idempotency_keys_created on idempotency_keys (created_at);

-- One row for each slot that a schedule fired; the primary key makes a second fire impossible.
create table schedule_fire (
    schedule text not null,
    slot timestamptz not null,
    command_id uuid,
    fired_at timestamptz not null default clock_timestamp(),
    primary key (schedule, slot)
);

create table settings (
    key text primary key,
    value text not null,
    updated_at timestamptz not null default clock_timestamp()
);

-- Who changed what. Roles may add rows, never change or remove them.
create table audit_log (
    id bigint generated always as identity primary key,
    at timestamptz not null default clock_timestamp(),
    actor text not null,
    action text not null,
    resource text not null,
    detail jsonb
);
create index audit_log_at on audit_log (at);

-- One row for each living process of a role, refreshed by its heartbeat.
create table workers (
    id uuid primary key,
    host text not null,
    version text not null,
    lanes text[] not null,
    slots int not null,
    started_at timestamptz not null default clock_timestamp(),
    seen_at timestamptz not null default clock_timestamp()
);

grant select, insert on commands to courtier_api;
grant update (status, error, cancel_requested, attempt, waited, progress, finished_at) on commands to courtier_api;
grant select, insert on outbox, idempotency_keys, audit_log to courtier_api;
grant select, insert, update, delete on due to courtier_api;
grant select on attempts, dead_letters, settings, schedule_fire, workers to courtier_api;
grant insert on attempts to courtier_api;
grant update (replayed_at) on dead_letters to courtier_api;

grant select, insert, update, delete on
    commands, outbox, due, audit_position, attempts, dead_letters, idempotency_keys, schedule_fire,
    settings, workers
    to courtier_worker;
grant select, insert on audit_log to courtier_worker;

grant select on commands, attempts, dead_letters, schedule_fire, settings, workers to courtier_readonly;

-- Readiness compares the migrations that are applied with those of the build.
grant select on refinery_schema_history to courtier_api, courtier_worker;
