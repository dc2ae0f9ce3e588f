-- Computes the days $2 .. $3 of tenant $1 in one snapshot, keeps what changed, and clears the dirty
-- markers that this snapshot has seen.
--
-- $4: the instants at which the days $2 - 31 .. $3 + 1 begin. `width_bucket(instant, $4)` is then
-- the number of a local day, exact across changes of the clock: 32 is $2, 31 + n days is $3.
-- $5: the time zone that $4 was made for. $6: version of the definitions.
--
-- Two things keep it fast: the calendar is a parameter of a custom plan, so that the planner sees
-- real bounds, and every step is materialized, so that none is repeated for each day.
with spans as materialized (
    -- Times during which tickets were open: one line for each set of equal days (c created,
    -- o opened, x closed), not for each ticket.
    select c, o, x, high, sum(n) as n
    from (
        select width_bucket(created_at_remote, $4) as c,
               width_bucket(coalesce(reopened_at, created_at_remote), $4) as o,
               2147483647 as x, high_priority as high, count(*) as n
        from raw_tickets
        where tenant_id = $1 and created_at_remote < $4[array_length($4, 1)] and closed_at is null
        group by 1, 2, 4
        union all
        select width_bucket(created_at_remote, $4),
               width_bucket(coalesce(reopened_at, created_at_remote), $4),
               width_bucket(closed_at, $4), high_priority, count(*)
        from raw_tickets
        where tenant_id = $1 and created_at_remote < $4[array_length($4, 1)] and closed_at >= $4[32]
        group by 1, 2, 3, 4
        union all
        select width_bucket(created_at_remote, $4), width_bucket(opened_at, $4),
               width_bucket(closed_at, $4), high_priority, count(*)
        from ticket_past_spans
        where tenant_id = $1 and created_at_remote < $4[array_length($4, 1)] and closed_at >= $4[32]
        group by 1, 2, 3, 4
    ) as counted
    group by 1, 2, 3, 4
), runs as materialized (
    -- A span is in one age bucket on one run of days.
    select k, greatest(c + from_age, o) as first, least(c + to_age, x) as past, n, high
    from spans,
         (values (0, 0, 1), (1, 1, 3), (2, 3, 7), (3, 7, 14), (4, 14, 30), (5, 30, 1000000000))
             as bucket (k, from_age, to_age)
    where greatest(c + from_age, o) < least(c + to_age, x, array_length($4, 1))
), steps as materialized (
    -- +n where a run begins, -n where it ends.
    select i, k, sum(n) as n, sum(n) filter (where high) as n_high
    from (
        select first as i, k, n, high from runs
        union all
        select past, k, -n, high from runs where past < array_length($4, 1)
    ) as step
    group by 1, 2
), backlog as materialized (
    select i, sum(sum(n)) over until as open, sum(sum(n_high)) over until as high,
           sum(sum(n) filter (where k = 0)) over until as age_0,
           sum(sum(n) filter (where k = 1)) over until as age_1,
           sum(sum(n) filter (where k = 2)) over until as age_3,
           sum(sum(n) filter (where k = 3)) over until as age_7,
           sum(sum(n) filter (where k = 4)) over until as age_14,
           sum(sum(n) filter (where k = 5)) over until as age_30
    from (
        select i, k, n, n_high from steps
        union all
        select i, null, 0, 0 from generate_series(32, array_length($4, 1) - 1) as i
    ) as every_day
    group by i
    window until as (order by i)
), created as materialized (
    select width_bucket(created_at_remote, $4) as i, count(*) as n
    from raw_tickets
    where tenant_id = $1
      and created_at_remote >= $4[2] and created_at_remote < $4[array_length($4, 1)]
    group by 1
), trend as materialized (
    -- Against the 30 days before; history begins with the tenant's first ticket.
    select i, coalesce(n, 0) as created,
           case when count(*) over month >= 14
                then round((coalesce(n, 0) - avg(coalesce(n, 0)) over month)
                           / nullif(stddev_samp(coalesce(n, 0)) over month, 0), 4) end as z_score
    from generate_series(2, array_length($4, 1) - 1) as i left join created using (i)
    where i >= (select width_bucket(min(created_at_remote), $4) from raw_tickets
                where tenant_id = $1)
    window month as (order by i rows between 30 preceding and 1 preceding)
), closings as materialized (
    -- A closing holds when its ticket is not opened again within seven times 24 hours.
    select width_bucket(closed_at, $4) as i, true as held, satisfaction_score as score,
           date_part('epoch', closed_at - created_at_remote)::bigint as seconds
    from raw_tickets
    where tenant_id = $1 and closed_at >= $4[32] and closed_at < $4[array_length($4, 1)]
    union all
    select width_bucket(closed_at, $4), next_opened_at >= closed_at + interval '168 hours', null,
           date_part('epoch', closed_at - created_at_remote)::bigint
    from ticket_past_spans
    where tenant_id = $1 and closed_at >= $4[32] and closed_at < $4[array_length($4, 1)]
), closed as materialized (
    select i, count(*) as n, count(*) filter (where held) as n_held,
           avg(seconds) filter (where held) as mean,
           percentile_cont(array[0.5, 0.9]) within group (order by seconds)
               filter (where held) as percentiles,
           avg(score) as mean_score, count(score) as n_scores
    from closings group by i
), first_call as materialized (
    -- First closings that held, of tickets with one time entry up to seven days after. Asks the
    -- tables, not `closings`: only they have statistics, and the join is the dearest step.
    select width_bucket(closed_at, $4) as i, count(*) as n
    from (
        select min(closed_at) as closed_at
        from raw_tickets as ticket join raw_time_entries as entry using (source, cw_ticket_id)
        where ticket.tenant_id = $1 and entry.tenant_id = $1
          and closed_at >= $4[32] and closed_at < $4[array_length($4, 1)]
          and reopened_at is null
          and date_worked <= ($2::date - 32) + width_bucket(closed_at, $4) + 7
        group by source, cw_ticket_id having count(*) = 1
        union all
        select min(closed_at)
        from ticket_past_spans as span join raw_time_entries as entry using (source, cw_ticket_id)
        where span.tenant_id = $1 and entry.tenant_id = $1
          and closed_at >= $4[32] and closed_at < $4[array_length($4, 1)]
          and opened_at = created_at_remote and next_opened_at >= closed_at + interval '168 hours'
          and date_worked <= ($2::date - 32) + width_bucket(closed_at, $4) + 7
        group by source, cw_ticket_id having count(*) = 1
    ) as settled
    group by 1
), reopened as materialized (
    select width_bucket(next_opened_at, $4) as i, count(*) as n
    from ticket_past_spans
    where tenant_id = $1 and next_opened_at >= $4[32] and next_opened_at < $4[array_length($4, 1)]
    group by 1
), responded as materialized (
    select i, count(*) as n, avg(seconds) as mean,
           percentile_cont(array[0.5, 0.9]) within group (order by seconds) as percentiles
    from (
        select width_bucket(first_response_at, $4) as i,
               date_part('epoch', first_response_at - created_at_remote)::bigint as seconds
        from raw_tickets
        where tenant_id = $1
          and first_response_at >= $4[32] and first_response_at < $4[array_length($4, 1)]
    ) as response
    group by i
), response_target as materialized (
    select width_bucket(sla_response_decided_at, $4) as i, count(*) as n,
           count(*) filter (where sla_response_missed) as missed
    from raw_tickets
    where tenant_id = $1 and sla_response_decided_at >= $4[32]
      and sla_response_decided_at < least($4[array_length($4, 1)], now())
    group by 1
), resolution_target as materialized (
    select width_bucket(sla_resolution_decided_at, $4) as i, count(*) as n,
           count(*) filter (where sla_resolution_missed) as missed,
           count(*) filter (where sla_resolution_missed and sla_response_missed
               and width_bucket(sla_response_decided_at, $4)
                   = width_bucket(sla_resolution_decided_at, $4)
               and sla_response_decided_at < now()) as missed_both
    from raw_tickets
    where tenant_id = $1 and sla_resolution_decided_at >= $4[32]
      and sla_resolution_decided_at < least($4[array_length($4, 1)], now())
    group by 1
), worked as materialized (
    select date_worked - ($2::date - 32) as i, sum(total) as total, sum(billable) as billable,
           sum(no_charge) as no_charge, count(member) as members
    from (
        select date_worked, member, sum(minutes) as total,
               coalesce(sum(minutes) filter (where billable_class = 1), 0) as billable,
               coalesce(sum(minutes) filter (where billable_class = 2), 0) as no_charge
        from raw_time_entries
        where tenant_id = $1 and date_worked between $2 and $3
        group by date_worked, member
    ) as of_member
    group by date_worked
), written as (
    insert into kpi_daily as kept (
        tenant_id, kpi_date,
        total_minutes, billable_minutes, non_billable_minutes, no_charge_minutes,
        avg_resolution_minutes, median_resolution_minutes, p90_resolution_minutes, n_resolution,
        first_call_resolution_rate, avg_satisfaction_score, n_satisfaction,
        avg_first_response_minutes, median_first_response_minutes, p90_first_response_minutes,
        n_first_response,
        tickets_sla_breached,
        sla_response_met_pct, sla_resolution_met_pct,
        tickets_per_technician,
        tickets_created, tickets_closed, tickets_reopened,
        tickets_net_change,
        tickets_open, tickets_high_priority,
        tickets_open_0d, tickets_open_1_2d, tickets_open_3_6d,
        tickets_open_7_13d, tickets_open_14_29d, tickets_open_30d_up,
        anomaly_detected, z_score,
        definition_version, is_final
    )
    select
        $1, ($2::date - 32) + i::int,
        coalesce(worked.total, 0), coalesce(worked.billable, 0),
        coalesce(worked.total - worked.billable, 0), coalesce(worked.no_charge, 0),
        round(closed.mean / 60, 2), round((closed.percentiles[1] / 60)::numeric, 2),
        round((closed.percentiles[2] / 60)::numeric, 2), coalesce(closed.n_held, 0),
        round(100.0 * case when closed.n > 0 then coalesce(first_call.n, 0) end / closed.n, 2),
        round(closed.mean_score, 2), coalesce(closed.n_scores, 0),
        round(responded.mean / 60, 2), round((responded.percentiles[1] / 60)::numeric, 2),
        round((responded.percentiles[2] / 60)::numeric, 2), coalesce(responded.n, 0),
        coalesce(response_target.missed, 0) + coalesce(resolution_target.missed, 0)
            - coalesce(resolution_target.missed_both, 0),
        round(100.0 * (response_target.n - response_target.missed) / response_target.n, 2),
        round(100.0 * (resolution_target.n - resolution_target.missed) / resolution_target.n, 2),
        round(coalesce(closed.n, 0)::numeric / nullif(worked.members, 0), 4),
        coalesce(trend.created, 0), coalesce(closed.n, 0), coalesce(reopened.n, 0),
        coalesce(trend.created, 0) - coalesce(closed.n, 0),
        coalesce(backlog.open, 0), coalesce(backlog.high, 0),
        coalesce(backlog.age_0, 0), coalesce(backlog.age_1, 0), coalesce(backlog.age_3, 0),
        coalesce(backlog.age_7, 0), coalesce(backlog.age_14, 0), coalesce(backlog.age_30, 0),
        coalesce(abs(trend.z_score) > 2, false), trend.z_score,
        $6, now() >= $4[i + 1] + interval '168 hours'
    from backlog
        left join trend using (i) left join closed using (i) left join first_call using (i)
        left join reopened using (i) left join responded using (i)
        left join response_target using (i) left join resolution_target using (i)
        left join worked using (i)
    where i >= 32
    on conflict (tenant_id, kpi_date) do update set (
        total_minutes, billable_minutes, non_billable_minutes, no_charge_minutes,
        avg_resolution_minutes, median_resolution_minutes, p90_resolution_minutes, n_resolution,
        first_call_resolution_rate, avg_satisfaction_score, n_satisfaction,
        avg_first_response_minutes, median_first_response_minutes, p90_first_response_minutes,
        n_first_response, tickets_sla_breached, sla_response_met_pct, sla_resolution_met_pct,
        tickets_per_technician,
        tickets_created, tickets_closed, tickets_reopened, tickets_net_change,
        tickets_open, tickets_high_priority,
        tickets_open_0d, tickets_open_1_2d, tickets_open_3_6d,
        tickets_open_7_13d, tickets_open_14_29d, tickets_open_30d_up,
        anomaly_detected, z_score,
        computed_at, definition_version, is_final, revision
    ) = (
        excluded.total_minutes, excluded.billable_minutes, excluded.non_billable_minutes,
        excluded.no_charge_minutes,
        excluded.avg_resolution_minutes, excluded.median_resolution_minutes,
        excluded.p90_resolution_minutes, excluded.n_resolution,
        excluded.first_call_resolution_rate, excluded.avg_satisfaction_score,
        excluded.n_satisfaction,
        excluded.avg_first_response_minutes, excluded.median_first_response_minutes,
        excluded.p90_first_response_minutes, excluded.n_first_response,
        excluded.tickets_sla_breached, excluded.sla_response_met_pct,
        excluded.sla_resolution_met_pct, excluded.tickets_per_technician,
        excluded.tickets_created, excluded.tickets_closed, excluded.tickets_reopened,
        excluded.tickets_net_change, excluded.tickets_open, excluded.tickets_high_priority,
        excluded.tickets_open_0d, excluded.tickets_open_1_2d, excluded.tickets_open_3_6d,
        excluded.tickets_open_7_13d, excluded.tickets_open_14_29d, excluded.tickets_open_30d_up,
        excluded.anomaly_detected, excluded.z_score,
        excluded.computed_at, excluded.definition_version, excluded.is_final,
        kept.revision + (kpi_figures(kept) is distinct from kpi_figures(excluded))::int
    )
    where (kpi_figures(kept), kept.definition_version, kept.is_final)
        is distinct from (kpi_figures(excluded), excluded.definition_version, excluded.is_final)
    returning 1
), seen as (
    delete from kpi_dirty
    where tenant_id = $1 and days && daterange($2, $3, '[]')
    returning days, marked_at
), rest as (
    insert into kpi_dirty (tenant_id, days, marked_at)
    select $1, still_dirty, since
    from (
        select range_agg(range) - datemultirange(daterange($2, $3, '[]')) as still_dirty,
               min(marked_at) as since
        from seen, unnest(days) as range
    ) as left_over
    where not isempty(still_dirty)
)
select (select count(*) from written) as changed,
       (select count(*) from seen) as markers,
       (select timezone = $5 from tenants where id = $1) as same_calendar
