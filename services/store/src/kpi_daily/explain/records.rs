//! The records behind the figures: one query for each kind.
//!
//! Parameters: $1 tenant, $2 day, $3 its first instant, $4 the first instant of the next day, $5
//! where the days `$2 - 31 ..= $2 + 1` begin. Columns: `source`, `id`, `at`, `value`, `counted`,
//! `note`.
//!
//! These are written from `docs/KPIS.md` for one day, and not from `compute.sql`: where both give
//! the same figure, it is right twice.

/// Tickets created on the day.
pub(super) const CREATED: &str = "
    select source, cw_ticket_id as id, created_at_remote as at, null::numeric as value,
           true as counted, 'created' as note
    from raw_tickets
    where tenant_id = $1 and created_at_remote >= $3 and created_at_remote < $4";

/// Closings on the day, with the seconds since the creation; counted are those that hold.
pub(super) const CLOSINGS: &str = "
    select source, cw_ticket_id as id, closed_at as at,
           date_part('epoch', closed_at - created_at_remote)::bigint::numeric as value,
           true as counted, 'closed' as note
    from raw_tickets
    where tenant_id = $1 and closed_at >= $3 and closed_at < $4
    union all
    select source, cw_ticket_id, closed_at,
           date_part('epoch', closed_at - created_at_remote)::bigint,
           next_opened_at >= closed_at + interval '168 hours', 'closed, and reopened later'
    from ticket_past_spans
    where tenant_id = $1 and closed_at >= $3 and closed_at < $4";

/// Tickets created on the day, and closings.
pub(super) const CREATED_AND_CLOSED: &str = "
    select source, cw_ticket_id as id, created_at_remote as at, null::numeric as value,
           true as counted, 'created' as note
    from raw_tickets
    where tenant_id = $1 and created_at_remote >= $3 and created_at_remote < $4
    union all
    select source, cw_ticket_id, closed_at, null, true, 'closed'
    from raw_tickets
    where tenant_id = $1 and closed_at >= $3 and closed_at < $4
    union all
    select source, cw_ticket_id, closed_at, null, true, 'closed'
    from ticket_past_spans
    where tenant_id = $1 and closed_at >= $3 and closed_at < $4";

/// Closings on the day, with the number of time entries up to seven days after it; counted are
/// first ones that hold and needed one entry.
pub(super) const FIRST_CALLS: &str = "
    select closing.source, closing.id, closing.at, n_entries::numeric as value,
           is_first and held and n_entries = 1 as counted,
           case when not is_first then 'closed before'
                when not held then 'reopened within seven days'
                else 'first closing' end as note
    from (
        select source, cw_ticket_id as id, closed_at as at, reopened_at is null as is_first,
               true as held
        from raw_tickets
        where tenant_id = $1 and closed_at >= $3 and closed_at < $4
        union all
        select source, cw_ticket_id, closed_at, opened_at = created_at_remote,
               next_opened_at >= closed_at + interval '168 hours'
        from ticket_past_spans
        where tenant_id = $1 and closed_at >= $3 and closed_at < $4
    ) as closing, lateral (
        select count(*) as n_entries from raw_time_entries as entry
        where entry.tenant_id = $1 and entry.source = closing.source
          and entry.cw_ticket_id = closing.id and entry.date_worked <= $2::date + 7
    ) as worked";

/// Scores of the tickets whose last closing is on the day.
pub(super) const SCORES: &str = "
    select source, cw_ticket_id as id, closed_at as at, satisfaction_score as value,
           true as counted, 'score' as note
    from raw_tickets
    where tenant_id = $1 and closed_at >= $3 and closed_at < $4 and satisfaction_score is not null";

/// First responses on the day, with the seconds since the creation.
pub(super) const RESPONSES: &str = "
    select source, cw_ticket_id as id, first_response_at as at,
           date_part('epoch', first_response_at - created_at_remote)::bigint::numeric as value,
           true as counted, 'first response' as note
    from raw_tickets
    where tenant_id = $1 and first_response_at >= $3 and first_response_at < $4";

/// Targets that were decided on the day; counted are those that were missed.
pub(super) const TARGETS: &str = "
    select source, cw_ticket_id as id, sla_response_decided_at as at, null::numeric as value,
           sla_response_missed as counted, 'response target' as note
    from raw_tickets
    where tenant_id = $1 and sla_response_decided_at >= $3
      and sla_response_decided_at < least($4, now())
    union all
    select source, cw_ticket_id, sla_resolution_decided_at, null, sla_resolution_missed,
           'resolution target'
    from raw_tickets
    where tenant_id = $1 and sla_resolution_decided_at >= $3
      and sla_resolution_decided_at < least($4, now())";

/// Reopenings on the day.
pub(super) const REOPENINGS: &str = "
    select source, cw_ticket_id as id, next_opened_at as at, null::numeric as value,
           true as counted, 'reopened' as note
    from ticket_past_spans
    where tenant_id = $1 and next_opened_at >= $3 and next_opened_at < $4";

/// Tickets that were open at the end of the day, with their age in days; counted are those of a
/// high priority. A day is found in the calendar, since local midnights can come twice; beyond the
/// calendar, where only `30 or more` counts, the local date will do.
pub(super) const BACKLOG: &str = "
    select source, id, at,
           (case width_bucket(at, $5)
                when 0 then $2::date - (at at time zone (select timezone from tenants
                                                         where tenants.id = $1))::date
                else 32 - width_bucket(at, $5) end)::numeric as value,
           high_priority as counted,
           case when high_priority then 'open, high priority' else 'open' end as note
    from (
        select source, cw_ticket_id as id, created_at_remote as at, high_priority
        from raw_tickets
        where tenant_id = $1 and coalesce(reopened_at, created_at_remote) < $4
          and created_at_remote < $4 and (closed_at is null or closed_at >= $4)
        union all
        select source, cw_ticket_id, created_at_remote, high_priority
        from ticket_past_spans
        where tenant_id = $1 and opened_at < $4 and created_at_remote < $4 and closed_at >= $4
    ) as open";

/// Time entries of the day, with their minutes; counted are those of a member that is named.
pub(super) const ENTRIES: &str = "
    select source, cw_time_entry_id as id, null::timestamptz as at, minutes::numeric as value,
           member is not null as counted,
           case billable_class when 1 then 'billable' when 2 then 'no charge'
                else 'not billable' end as note
    from raw_time_entries
    where tenant_id = $1 and date_worked = $2";

/// The 30 days before, with the tickets created on each, and the day itself, which is not counted.
/// History begins with the first ticket.
pub(super) const DAYS: &str = "
    select 'calendar' as source, ($2::date - 32 + day)::text as id, ($5::timestamptz[])[day] as at,
           (select count(*) from raw_tickets
            where tenant_id = $1 and created_at_remote >= ($5::timestamptz[])[day]
              and created_at_remote < ($5::timestamptz[])[day + 1])::numeric as value,
           day < 32 as counted,
           case when day < 32 then 'created on a day before' else 'created on the day' end as note
    from generate_series(2, 32) as day
    where day = 32 or day >= (select width_bucket(min(created_at_remote), $5) from raw_tickets
                              where tenant_id = $1)";
