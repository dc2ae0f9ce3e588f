-- A load that fills an empty table tells the planner at once what is in it. Only the columns by
-- which loads and KPIs find their rows: a sort of 30,000 raw records takes longer than loading as
-- many. All others are looked at by autovacuum, which does not count this as its own work.
create or replace function analyze_raw_records(wanted text) returns void
    language plpgsql security definer set search_path = pg_catalog, public
as $$
begin
    case wanted
        when 'raw_tickets' then
            analyze public.raw_tickets (
                tenant_id, source, cw_ticket_id, created_at_remote, first_response_at, closed_at,
                reopened_at, sla_response_decided_at, sla_resolution_decided_at
            );
        when 'raw_time_entries' then
            analyze public.raw_time_entries (tenant_id, source, cw_ticket_id, date_worked);
    end case;
end
$$;
