-- $1 tenant, $2 first day, $3 last day.
-- The instants at which the days $2 - 31 .. $3 + 1 begin in the tenant's time zone. Where clocks go
-- back over midnight, the local midnight occurs twice and PostgreSQL takes the later one: the day
-- begins at the earlier. Clocks have gone back by half an hour to three hours.
select timezone, (
    select array_agg(begins order by day)
    from generate_series(($2::date - 31)::timestamp, $3::date + 1, interval '1 day') as day,
         lateral (
             select min(instant) as begins
             from unnest(array['0', '30 minutes', '1 hour', '2 hours', '3 hours']::interval[])
                      as back,
                  lateral (select day at time zone timezone - back as instant) as candidate
             where instant at time zone timezone >= day
         ) as first_instant
) as midnights
from tenants where id = $1
