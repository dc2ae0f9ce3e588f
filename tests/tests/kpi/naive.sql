-- One day, the slow and obvious way: every record of tenant $1 gets its local dates, and every
-- figure of day $2 is counted by itself.
with zone as (
    select timezone as tz from tenants where id = $1
), ticket as (
    select raw_tickets.*,
           (created_at_remote at time zone tz)::date as created_on,
           (first_response_at at time zone tz)::date as responded_on,
           round(extract(epoch from first_response_at - created_at_remote)) as response_s
    from raw_tickets, zone where tenant_id = $1
), span as (
    select source, cw_ticket_id, created_at_remote as created_at, high_priority,
           coalesce(reopened_at, created_at_remote) as opened_at, closed_at,
           null::timestamptz as reopened_at, satisfaction_score as score
    from raw_tickets where tenant_id = $1
    union all
    select source, cw_ticket_id, created_at_remote, high_priority, opened_at, closed_at,
           next_opened_at, null
    from ticket_past_spans where tenant_id = $1
), day_span as (
    select span.*, (created_at at time zone tz)::date as created_on,
           (opened_at at time zone tz)::date as opened_on,
           (closed_at at time zone tz)::date as closed_on,
           (reopened_at at time zone tz)::date as reopened_on
    from span, zone
), backlog as (
    select $2::date - created_on as age, high_priority from day_span
    where opened_on <= $2 and (closed_on is null or closed_on > $2)
), closing as (
    select *, round(extract(epoch from closed_at - created_at)) as resolution_s,
           reopened_at is null or reopened_at - closed_at >= interval '7 days' as held,
           opened_at = created_at as is_first,
           (select count(*) from raw_time_entries as entry
            where entry.tenant_id = $1 and entry.source = day_span.source
              and entry.cw_ticket_id = day_span.cw_ticket_id and date_worked <= $2::date + 7
           ) as n_entries
    from day_span where closed_on = $2
), response as (
    select response_s as s from ticket where responded_on = $2
), target as (
    -- Decided by the answer or by the due instant, whichever is first.
    select source, cw_ticket_id, 'response' as kind,
           least(first_response_at, sla_response_due_at) as decided_at,
           coalesce(sla_response_verdict, first_response_at <= sla_response_due_at, false) as met
    from ticket where coalesce(sla_response_verdict::text, sla_response_due_at::text) is not null
    union all
    select source, cw_ticket_id, 'resolution',
           least(resolved_at, closed_at, sla_resolution_due_at),
           coalesce(sla_resolution_verdict,
                    coalesce(resolved_at, closed_at) <= sla_resolution_due_at, false)
    from ticket where coalesce(sla_resolution_verdict::text, sla_resolution_due_at::text) is not null
), decided as (
    select target.* from target, zone
    where (decided_at at time zone tz)::date = $2 and decided_at < now()
), entry as (
    select * from raw_time_entries where tenant_id = $1 and date_worked = $2
), before as (
    select past.day, (select count(*) from ticket where created_on = past.day) as n
    from generate_series($2::timestamp - interval '30 days', $2::timestamp - interval '1 day',
                         interval '1 day') as past (day)
    where past.day >= (select min(created_on) from ticket)
), z as (
    select case when count(*) >= 14
                then round(((select count(*) from ticket where created_on = $2) - avg(n))
                           / nullif(stddev_samp(n), 0), 4) end as score
    from before
)
select jsonb_build_object(
    'total_minutes', (select coalesce(sum(minutes), 0) from entry),
    'billable_minutes', (select coalesce(sum(minutes), 0) from entry where billable_class = 1),
    'non_billable_minutes', (select coalesce(sum(minutes), 0) from entry where billable_class <> 1),
    'no_charge_minutes', (select coalesce(sum(minutes), 0) from entry where billable_class = 2),
    'avg_resolution_minutes', (select round(avg(resolution_s) / 60, 2) from closing where held),
    'median_resolution_minutes', (
        select round((percentile_cont(0.5) within group (order by resolution_s) / 60)::numeric, 2)
        from closing where held),
    'p90_resolution_minutes', (
        select round((percentile_cont(0.9) within group (order by resolution_s) / 60)::numeric, 2)
        from closing where held),
    'n_resolution', (select count(*) from closing where held),
    'first_call_resolution_rate', (
        select round(100.0 * count(*) filter (where is_first and held and n_entries = 1)
                     / nullif(count(*), 0), 2) from closing),
    'avg_satisfaction_score', (select round(avg(score), 2) from closing),
    'n_satisfaction', (select count(score) from closing),
    'avg_first_response_minutes', (select round(avg(s) / 60, 2) from response),
    'median_first_response_minutes', (
        select round((percentile_cont(0.5) within group (order by s) / 60)::numeric, 2)
        from response),
    'p90_first_response_minutes', (
        select round((percentile_cont(0.9) within group (order by s) / 60)::numeric, 2)
        from response),
    'n_first_response', (select count(*) from response)
) || jsonb_build_object(
    'tickets_sla_breached',
        (select count(distinct (source, cw_ticket_id)) from decided where not met),
    'sla_response_met_pct', (
        select round(100.0 * count(*) filter (where met) / nullif(count(*), 0), 2)
        from decided where kind = 'response'),
    'sla_resolution_met_pct', (
        select round(100.0 * count(*) filter (where met) / nullif(count(*), 0), 2)
        from decided where kind = 'resolution'),
    'tickets_per_technician', round(
        (select count(*) from closing)::numeric
            / nullif((select count(distinct member) from entry), 0), 4),
    'tickets_created', (select count(*) from ticket where created_on = $2),
    'tickets_closed', (select count(*) from closing),
    'tickets_reopened', (select count(*) from day_span where reopened_on = $2),
    'tickets_net_change', (select count(*) from ticket where created_on = $2)
        - (select count(*) from closing),
    'tickets_open', (select count(*) from backlog),
    'tickets_high_priority', (select count(*) from backlog where high_priority),
    'tickets_open_0d', (select count(*) from backlog where age = 0),
    'tickets_open_1_2d', (select count(*) from backlog where age between 1 and 2),
    'tickets_open_3_6d', (select count(*) from backlog where age between 3 and 6),
    'tickets_open_7_13d', (select count(*) from backlog where age between 7 and 13),
    'tickets_open_14_29d', (select count(*) from backlog where age between 14 and 29),
    'tickets_open_30d_up', (select count(*) from backlog where age >= 30),
    'z_score', (select score from z),
    'anomaly_detected', (select coalesce(abs(score) > 2, false) from z)
) as figures
