-- $1 tenant, $2 first day, $3 last day.
-- The instants at which the days $2 - 31 .. $3 + 1 begin in the tenant's time zone. Where clocks go
-- back over midnight, the local midnight occurs twice and PostgreSQL takes the later one: the day
-- begins at the earlier.
select timezone, (
    select array_agg(begins order by day)
    from (
        select day, least(
            midnight,
            case when (midnight - interval '30 minutes') at time zone timezone >= day
                 then midnight - interval '30 minutes' end,
            case when (midnight - interval '1 hour') at time zone timezone >= day
                 then midnight - interval '1 hour' end
        ) as begins
        from generate_series(($2::date - 31)::timestamp, $3::date + 1, interval '1 day') as day,
             lateral (select day at time zone timezone as midnight) as local
    ) as days
) as midnights
from tenants where id = $1
