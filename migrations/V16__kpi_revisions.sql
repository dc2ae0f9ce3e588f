-- What the figures of a day were before they changed. Late data may change any day; a report that
-- was printed before is still explained.

-- For rows that were there before this migration nobody knows it: they begin here.
alter table kpi_daily add column known_since timestamptz not null default now();
comment on column kpi_daily.known_since is 'when these figures were first written; a row that is written again with the same ones keeps it';

create or replace function kpi_figures(kpi_daily) returns jsonb
    language sql immutable parallel safe
    return to_jsonb($1)
        - array['computed_at', 'revision', 'definition_version', 'is_final', 'known_since'];

create table kpi_revisions (
    tenant_id uuid not null references tenants (id) on delete cascade,
    kpi_date date not null,
    revision int not null,
    kept jsonb not null,
    known_since timestamptz not null,
    known_until timestamptz not null,
    primary key (tenant_id, kpi_date, revision)
);
comment on table kpi_revisions is 'figures that were replaced; the ones that stand are in kpi_daily';
comment on column kpi_revisions.kept is 'the whole row of kpi_daily, for jsonb_populate_record';
comment on column kpi_revisions.known_until is 'when they were replaced: known_since of the next ones';

create function keep_kpi_revision() returns trigger language plpgsql as $$
begin
    insert into kpi_revisions (tenant_id, kpi_date, revision, kept, known_since, known_until)
    values (old.tenant_id, old.kpi_date, old.revision, to_jsonb(old), old.known_since,
            new.computed_at)
    on conflict do nothing;
    new.known_since := new.computed_at;
    return new;
end
$$;
create trigger keep_kpi_revision before update on kpi_daily
    for each row when (old.revision <> new.revision) execute function keep_kpi_revision();

alter table kpi_revisions enable row level security;
alter table kpi_revisions force row level security;
create policy tenant_isolation on kpi_revisions
    using (tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid))
    with check (tenant_id = (select nullif(current_setting('app.tenant_id', true), '')::uuid));

grant select on kpi_revisions to courtier_api, courtier_readonly;
grant select, insert, update, delete on kpi_revisions to courtier_worker;
