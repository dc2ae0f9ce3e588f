-- Workers that look up cards for people only (lane `reprice`) share the rate and the last calls of a
-- day with those of batches: both call the same provider.

-- Living workers that call the marketplace.
create function quota_workers() returns bigint
    language sql stable parallel safe
as $$
    select count(*) from workers
    where seen_at > clock_timestamp() - interval '30 seconds' and lanes && array['cards', 'reprice']
$$;

-- As before, but for whom it counts as a worker.
create or replace function quota_reserve(
    wanted_provider text, wanted_purpose text, wanted_n int, wanted_worker uuid,
    hold interval, margin interval, default_limit int, default_percent int,
    out outcome text, out id bigint, out n int, out until timestamptz, out reason text
) language plpgsql
as $$
declare
    usage api_usage;
    wanted_limit int;
    kept int := 0;
    free int;
    n_workers bigint;
begin
    select blocked_until, b.reason into until, reason from api_blocks b
    where b.provider = wanted_provider and blocked_until > clock_timestamp();
    if found then
        outcome := 'blocked';
        return;
    end if;
    select coalesce(max(value) filter (where key = 'daily_api_limit')::int, default_limit),
           coalesce(max(value) filter (where key = 'interactive_reserve_percent')::int, default_percent)
    into wanted_limit, kept from settings;

    outcome := 'exhausted';
    select * into usage from quota_window(wanted_provider, wanted_limit);
    if not found then
        until := clock_timestamp() + interval '5 seconds';
        return;
    end if;
    until := usage.window_end + interval '5 seconds';
    if usage.window_end - margin <= clock_timestamp() then
        return;
    end if;
    -- A raised limit holds at once, a lowered one as far as calls have not left yet.
    wanted_limit := greatest(
        least(wanted_limit, usage.reported_limit), usage.used + usage.reserved);
    if usage.daily_limit <> wanted_limit then
        update api_usage u set daily_limit = wanted_limit
        where u.provider = usage.provider and u.usage_date = usage.usage_date;
    end if;
    kept := case wanted_purpose when 'interactive' then 0
            else ceil(wanted_limit * kept / 100.0) end;
    free := wanted_limit - kept - usage.used - usage.reserved;
    if free < 1 then
        return;
    end if;
    n_workers := greatest(quota_workers(), 1);
    -- At the tail nobody takes a block that others could have used.
    n := case when free < n_workers * wanted_n then 1 else wanted_n end;
    update api_usage u set reserved = u.reserved + quota_reserve.n
    where u.provider = usage.provider and u.usage_date = usage.usage_date;
    outcome := 'granted';
    until := usage.window_end - margin;
    insert into api_reservations as r
        (provider, usage_date, n, purpose, worker, usable_until, expires_at)
    values (usage.provider, usage.usage_date, quota_reserve.n, wanted_purpose, wanted_worker, until,
            clock_timestamp() + hold)
    returning r.id into quota_reserve.id;
end
$$;
