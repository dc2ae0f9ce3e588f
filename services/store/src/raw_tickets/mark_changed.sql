-- Marks the days on which tickets of tenant $1 differ between `ticket_plan`, what they were, and
-- `ticket_written`, what they are.
with zone as materialized (
    select timezone as tz, (now() at time zone timezone)::date as today from tenants where id = $1
), span as materialized (
    -- All spans before and after, of tickets whose spans differ. A closing holds when no reopening
    -- follows within seven times 24 hours.
    select n.cw_ticket_id, n.is_new, n.opened_at, n.closed_at, n.next_opened_at, c.created_at,
        n.next_opened_at >= n.closed_at + interval '168 hours' as holds
    from ticket_spans n
    join ticket_plan p on p.cw_ticket_id = n.cw_ticket_id
    join ticket_written w on w.cw_ticket_id = n.cw_ticket_id
    cross join lateral (
        select case when n.is_new then w.created_at else p.created_at end as created_at
    ) c
    union all
    select p.cw_ticket_id, v.is_new, v.opened_at, v.closed_at, null, v.created_at, true
    from ticket_plan p
    join ticket_written w on w.cw_ticket_id = p.cw_ticket_id
    cross join lateral (values
        (false, coalesce(p.reopened_at, p.created_at), p.closed_at, p.created_at),
        (true, coalesce(w.reopened_at, w.created_at), w.closed_at, w.created_at)
    ) v (is_new, opened_at, closed_at, created_at)
    where p.spans_differ or p.closed_at is distinct from w.closed_at
), open_days as (
    select cw_ticket_id,
        range_agg(r.days) filter (where not is_new) as before,
        range_agg(r.days) filter (where is_new) as after
    from zone, span,
        lateral (select (opened_at at time zone tz)::date as o,
                     coalesce((closed_at at time zone tz)::date, today + 1) as c) d,
        lateral (select daterange(d.o, greatest(d.o, d.c)) as days) r
    group by cw_ticket_id
), backlog as (
    -- The age and the priority of an open ticket count on each of its days.
    select unnest(case
        when (p.created_at at time zone tz)::date = (w.created_at at time zone tz)::date
            and p.high_priority = w.high_priority
        then (o.before - o.after) + (o.after - o.before)
        else o.before + o.after end) as days
    from zone, open_days o
    join ticket_plan p on p.cw_ticket_id = o.cw_ticket_id
    join ticket_written w on w.cw_ticket_id = o.cw_ticket_id
), moment as (
    -- Instants whose days differ: what is measured from, and what it is measured with.
    select v.at
    from ticket_plan p
    join ticket_written w on w.cw_ticket_id = p.cw_ticket_id
    cross join lateral (values
        ((p.created_at, p.closed_at, p.reopened_at is null, p.sla_resolution_met, p.satisfaction_score)
            is distinct from
         (w.created_at, w.closed_at, w.reopened_at is null, w.sla_resolution_met, w.satisfaction_score),
         p.closed_at, w.closed_at),
        ((p.created_at, p.first_response_at, p.sla_response_met)
            is distinct from (w.created_at, w.first_response_at, w.sla_response_met),
         p.first_response_at, w.first_response_at),
        ((p.first_response_at, p.sla_response_due_at, p.sla_response_met)
            is distinct from (w.first_response_at, w.sla_response_due_at, w.sla_response_met),
         least(p.first_response_at, p.sla_response_due_at),
         least(w.first_response_at, w.sla_response_due_at)),
        ((p.resolved_at, p.closed_at, p.sla_resolution_due_at, p.sla_resolution_met)
            is distinct from
         (w.resolved_at, w.closed_at, w.sla_resolution_due_at, w.sla_resolution_met),
         least(p.resolved_at, p.closed_at, p.sla_resolution_due_at),
         least(w.resolved_at, w.closed_at, w.sla_resolution_due_at))
    ) c (differs, before, after)
    cross join lateral (values (c.before), (c.after)) v (at)
    where c.differs
    union all
    select closed_at from span
    group by cw_ticket_id, closed_at, created_at, holds, opened_at = created_at
    having count(*) filter (where is_new) <> count(*) filter (where not is_new)
    union all
    select next_opened_at from span
    group by cw_ticket_id, next_opened_at
    having count(*) filter (where is_new) <> count(*) filter (where not is_new)
), days as (
    select days from backlog
    union all
    select daterange(d.day, d.day, '[]')
    from zone, moment, lateral (select (at at time zone tz)::date as day) d
    where at is not null
    union all
    select daterange(v.day, v.day + 30, '[]')
    from zone, ticket_plan p
    join ticket_written w on w.cw_ticket_id = p.cw_ticket_id,
        lateral (select (p.created_at at time zone tz)::date as before,
                     (w.created_at at time zone tz)::date as after) c,
        lateral (values (c.before), (c.after)) v (day)
    where p.created_at <> w.created_at and c.before <> c.after
), marked as (
    select range_agg(d.days) * datemultirange(daterange(null, today, '[]')) as days
    from zone, days d group by today
)
insert into kpi_dirty (tenant_id, days) select $1, days from marked where not isempty(days)
