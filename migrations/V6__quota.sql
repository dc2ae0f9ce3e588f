-- The quota of a provider's API: how many calls its current day still has, who holds some of them,
-- and whether it has told us to stay away. Every instant is the database's own clock.
--
-- One row of `api_usage` is one day of the provider, from one reset to the next. Calls are reserved
-- before they are made: the row's check holds whatever happens to whoever reserved them.

create table api_usage (
    provider text collate "C" not null,
    usage_date date not null,
    window_end timestamptz not null,
    used int not null default 0 check (used >= 0),
    reserved int not null default 0 check (reserved >= 0),
    daily_limit int not null check (daily_limit >= 0),
    reported_used int,
    reported_limit int,
    reported_drift int,
    reported_at timestamptz,
    opened_at timestamptz not null default clock_timestamp(),
    primary key (provider, usage_date),
    check (used + reserved <= daily_limit)
) with (fillfactor = 50);
comment on column api_usage.usage_date is 'the date in Los Angeles when this day began there';
comment on column api_usage.window_end is 'the provider counts from zero from here on';
comment on column api_usage.used is 'calls that left, and holds that expired; never lowered';
comment on column api_usage.reported_used is 'what the provider itself counted at reported_at';
comment on column api_usage.reported_drift is 'what it counted beyond used and reserved then, or below used';

create table api_reservations (
    id bigint generated always as identity primary key,
    provider text collate "C" not null,
    usage_date date not null,
    n int not null check (n > 0),
    state text collate "C" not null default 'held' check (state in ('held', 'settled', 'expired')),
    spent int not null default 0,
    purpose text collate "C" not null check (purpose in ('batch', 'interactive', 'reconcile')),
    worker uuid not null,
    usable_until timestamptz not null,
    expires_at timestamptz not null,
    created_at timestamptz not null default clock_timestamp(),
    foreign key (provider, usage_date) references api_usage,
    check (spent between 0 and n)
);
create index api_reservations_held on api_reservations (expires_at) where state = 'held';
create index api_reservations_window on api_reservations (provider, usage_date);
comment on column api_reservations.spent is 'all of n once it expired: nobody knows what left';
comment on column api_reservations.usable_until is 'a later call might fall into the next window';

-- A provider that refuses us: nobody calls it before this instant.
create table api_blocks (
    provider text collate "C" primary key,
    blocked_until timestamptz not null,
    reason text not null,
    since timestamptz not null default clock_timestamp()
);

-- The shared access token of a provider, sealed by the service before it comes here.
create table api_tokens (
    provider text collate "C" primary key,
    sealed bytea,
    expires_at timestamptz,
    minted_at timestamptz,
    mint_date date not null,
    n_mints int not null default 0
);
comment on column api_tokens.n_mints is 'tokens that were asked for on mint_date (UTC), in vain or not';

-- Units of a currency for one euro, as published for a day.
create table fx_rates (
    currency text collate "C" not null check (currency ~ '^[A-Z]{3}$'),
    day date not null,
    per_eur numeric(20, 10) not null check (per_eur > 0),
    primary key (currency, day)
);

-- The end of the window that contains `moment`. Windows begin at the same local time as the last known
-- one ended, in the provider's zone and with its daylight saving; until one is known, at midnight.
create function quota_window_end(last_end timestamptz, moment timestamptz) returns timestamptz
    language sql stable parallel safe
as $$
    select min(candidate)
    from (
        select coalesce(
            last_end at time zone 'America/Los_Angeles',
            date_trunc('day', moment at time zone 'America/Los_Angeles')) as start
    ) known
    cross join lateral (
        select greatest((moment at time zone 'America/Los_Angeles')::date - start::date, 0) as days
    ) passed
    cross join generate_series(days, days + 2) day
    cross join lateral (
        select (start + make_interval(days => day)) at time zone 'America/Los_Angeles'
    ) as next (candidate)
    where candidate > moment
$$;

-- The current window of a provider, locked, made when there is none. No row while a window that
-- has just ended might still run by the provider's clock.
create function quota_window(wanted_provider text, wanted_limit int) returns setof api_usage
    language plpgsql
as $$
declare
    ended timestamptz;
    moment timestamptz;
begin
    loop
        return query
            select * from api_usage
            where provider = wanted_provider and window_end > clock_timestamp()
            order by window_end desc limit 1 for update;
        if found then
            return;
        end if;
        moment := clock_timestamp();
        select max(window_end) into ended from api_usage where provider = wanted_provider;
        continue when ended > moment;
        if ended > moment - interval '5 seconds' then
            return;
        end if;
        -- Somebody else may be here at this moment: then the key, or his row, stops this one. What
        -- is still held and usable may be spent in the new window, whatever window it came from.
        insert into api_usage (provider, usage_date, window_end, used, daily_limit)
        select wanted_provider,
               greatest((moment at time zone 'America/Los_Angeles')::date, last.usage_date + 1),
               quota_window_end(ended, moment), held.n, greatest(wanted_limit, held.n)
        from (select max(usage_date) as usage_date from api_usage
              where provider = wanted_provider) last,
             (select coalesce(sum(n), 0)::int as n from api_reservations
              where provider = wanted_provider and state = 'held' and usable_until > moment) held
        where not exists (select from api_usage
                          where provider = wanted_provider and window_end > moment)
        on conflict do nothing;
    end loop;
end
$$;

-- Reserves calls. The outcome is granted (`id`, `n`, until when they may be used), exhausted or
-- blocked (until when, and why). `hold` is how long the holder may be silent, `margin` how long
-- before the end of the window the last call has to begin.
create function quota_reserve(
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
    n_workers int;
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
    select greatest(count(*), 1) into n_workers from workers
    where seen_at > clock_timestamp() - interval '30 seconds' and 'cards' = any (lanes);
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

-- Compares the ledger with the provider's own count. What holds cannot explain was spent by
-- somebody else with the same key, and counts as used; nothing is ever lowered.
create function quota_reconcile(
    wanted_provider text, provider_limit int, provider_used int, provider_reset timestamptz,
    default_limit int
) returns setof api_usage
    language plpgsql
as $$
declare
    usage api_usage;
    wanted_limit int;
    moment timestamptz := clock_timestamp();
    held int;
    drift int;
begin
    select coalesce(max(value)::int, default_limit) into wanted_limit
    from settings where key = 'daily_api_limit';
    wanted_limit := least(wanted_limit, provider_limit);
    select * into usage from quota_window(wanted_provider, wanted_limit);
    if not found then
        return;
    end if;
    if provider_reset > usage.window_end + interval '1 minute'
        and (usage.reported_at is not null
             or provider_reset > usage.window_end + interval '20 hours') then
        -- The provider counts from zero already. Its count is that of the new window, and what is
        -- still held may be spent in it.
        select coalesce(sum(n), 0) into held from api_reservations
        where provider = wanted_provider and state = 'held' and usable_until > moment;
        update api_usage u set window_end = moment
        where u.provider = usage.provider and u.usage_date = usage.usage_date;
        insert into api_usage (provider, usage_date, window_end, used, daily_limit)
        values (wanted_provider,
                greatest((moment at time zone 'America/Los_Angeles')::date, usage.usage_date + 1),
                provider_reset, provider_used + held, greatest(wanted_limit, provider_used + held))
        returning * into usage;
    elsif provider_reset > moment then
        update api_usage u set window_end = provider_reset
        where u.provider = usage.provider and u.usage_date = usage.usage_date;
    end if;
    drift := case when provider_used > usage.used + usage.reserved
                      then provider_used - usage.used - usage.reserved
                  else least(provider_used - usage.used, 0) end;
    usage.used := greatest(usage.used, provider_used - usage.reserved);
    return query
        update api_usage u set
            used = usage.used,
            daily_limit = greatest(wanted_limit, usage.used + u.reserved),
            reported_used = provider_used, reported_limit = provider_limit,
            reported_drift = drift, reported_at = moment
        where u.provider = usage.provider and u.usage_date = usage.usage_date
        returning *;
end
$$;

grant select on api_usage, api_reservations, api_blocks to courtier_api, courtier_readonly;
grant select on fx_rates to courtier_api, courtier_readonly;
grant select, insert, update, delete on api_usage, api_reservations, api_blocks to courtier_worker;
grant select, insert, update on api_tokens, fx_rates to courtier_worker;
