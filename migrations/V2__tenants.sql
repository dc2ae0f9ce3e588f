-- Tenants and the keys by which they read their own figures. A registry: every role of the service
-- has to see all tenants, so there is no row-level security here, only narrow grants.

create table tenants (
    id uuid primary key,
    name text not null check (name <> ''),
    is_active boolean not null default true,
    -- Days of KPIs are days of this zone. The check lets PostgreSQL itself refuse unknown names.
    timezone text not null default 'Europe/Paris'
        check ((timestamptz 'epoch' at time zone timezone) is not null),
    folder text,
    created_at timestamptz not null default clock_timestamp(),
    updated_at timestamptz not null default clock_timestamp()
);
comment on column tenants.timezone is 'IANA name; a KPI day is a day of this zone';
comment on column tenants.folder is 'folder of this tenant in the mock source; null: found by its id';

-- A key is `msp_ak_<lookup>_<secret>`; only the hash of the whole key is kept.
create table api_keys (
    id uuid primary key,
    tenant_id uuid not null references tenants (id) on delete cascade,
    name text not null,
    lookup text not null unique,
    secret_hash bytea not null check (octet_length(secret_hash) = 32),
    created_at timestamptz not null default clock_timestamp(),
    expires_at timestamptz,
    last_used_at timestamptz,
    revoked_at timestamptz
);
create index api_keys_tenant on api_keys (tenant_id);
comment on column api_keys.secret_hash is 'SHA-256 of the whole key';
comment on column api_keys.last_used_at is 'coarse: written at most once a minute';

grant select on tenants, api_keys to courtier_api;
grant update (last_used_at) on api_keys to courtier_api;
grant select, insert, update on tenants, api_keys to courtier_worker;
grant select on tenants to courtier_readonly;
