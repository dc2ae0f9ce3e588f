-- The listings of snapshots in a table of their own, cut by month (UTC). They are nearly all the
-- bytes that the shop's tables gain; a month past its retention is dropped whole, in place of
-- rewriting rows and leaving it to vacuum to find the room again.

create table snapshot_listings (
    snapshot_id bigint not null,
    taken_at timestamptz not null,
    listings bytea not null,
    primary key (snapshot_id, taken_at)
) partition by range (taken_at);
-- Compressed by the service already.
alter table snapshot_listings alter column listings set storage external;
comment on table snapshot_listings is 'what a snapshot saw; taken_at is the snapshot''s own';
comment on column snapshot_listings.listings is 'compressed JSON';

-- What lies before the first month: the newest listings of cards that were not looked at since.
create table snapshot_listings_old (like snapshot_listings including all);
-- What lies in a month that nobody has made.
create table snapshot_listings_default partition of snapshot_listings default;

grant select on snapshot_listings to courtier_api, courtier_worker, courtier_readonly;
grant insert on snapshot_listings to courtier_worker;

create function listings_months() returns table (name name, begins timestamptz, ends timestamptz)
    language sql stable set search_path = public, pg_temp set timezone = 'UTC'
as $$
    select c.relname, month, month + interval '1 month'
    from pg_inherits i join pg_class c on c.oid = i.inhrelid
    cross join lateral to_timestamp(right(c.relname, 7), 'YYYY_MM') as month
    where i.inhparent = 'snapshot_listings'::regclass
      and c.relname ~ '^snapshot_listings_\d{4}_\d{2}$'
$$;
comment on function listings_months is 'the partitions of snapshot_listings that are months';

-- Only the owner of a table may give it partitions, and a scheduler is not the owner.
--
-- The locks for it keep readers and writers out for some milliseconds. Whoever holds such a table
-- longer (a backup does) is not waited for, or everybody else would wait behind: half a second is
-- less than deadlock_timeout, so that it is this one who gives way, and tries again later.
create function make_listings_months(moment timestamptz) returns int
    language plpgsql security definer
    set search_path = public, pg_temp set timezone = 'UTC' set lock_timeout = '500ms'
as $$
declare
    begins timestamptz;
    ends timestamptz;
    partition text;
    n_made int := 0;
begin
    if not pg_try_advisory_xact_lock(hashtext('snapshot_listings')) then
        return 0;  -- another scheduler is at it
    end if;
    for begins in
        select generate_series(
            coalesce((select min(m.begins) from listings_months() m), date_trunc('month', moment)),
            date_trunc('month', moment) + interval '2 months', interval '1 month')
        except select m.begins from listings_months() m
        order by 1
    loop
        ends := begins + interval '1 month';
        partition := to_char(begins, '"snapshot_listings_"YYYY_MM');
        execute format('create table %I (like snapshot_listings including all)', partition);
        execute format('alter table %I add constraint bounds check (taken_at >= %L and taken_at < %L)',
            partition, begins, ends);
        -- Whoever writes waits from here on, and then finds the month.
        lock table only snapshot_listings in share row exclusive mode;
        execute format('
            with moved as (
                delete from snapshot_listings_default where taken_at >= %L and taken_at < %L
                returning snapshot_id, taken_at, listings
            )
            insert into %I (snapshot_id, taken_at, listings)
            select snapshot_id, taken_at, listings from moved', begins, ends, partition);
        execute format('alter table snapshot_listings attach partition %I for values from (%L) to (%L)',
            partition, begins, ends);
        execute format('alter table %I drop constraint bounds', partition);
        n_made := n_made + 1;
    end loop;
    return n_made;
end
$$;
comment on function make_listings_months is 'makes what is missing up to the month after the next';

-- The newest listings of each card stay, as part of `snapshot_listings_old`, which is written anew:
-- what has ceased to be a newest one goes with it.
create function drop_listings_month(before timestamptz) returns boolean
    language plpgsql security definer
    set search_path = public, pg_temp set timezone = 'UTC' set lock_timeout = '500ms'
as $$
declare
    month record;
begin
    if not pg_try_advisory_xact_lock(hashtext('snapshot_listings')) then
        return false;
    end if;
    select * into month from listings_months() order by begins limit 1;
    if month.ends is null or month.ends > before then
        return false;
    end if;
    -- Nobody writes so far back. If somebody does, he waits.
    execute format('lock table snapshot_listings_old, %I in share row exclusive mode', month.name);
    create table snapshot_listings_kept (like snapshot_listings including all);
    insert into snapshot_listings_kept (snapshot_id, taken_at, listings)
    select l.snapshot_id, l.taken_at, l.listings
    from snapshot_listings l join market_snapshots m on m.id = l.snapshot_id
    where l.taken_at < month.ends
      and not exists (select from market_snapshots n where n.card_id = m.card_id and n.id > m.id);
    execute format('alter table snapshot_listings_kept add constraint bounds check (taken_at < %L)',
        month.ends);
    -- From here on readers wait too.
    execute format('drop table snapshot_listings_old, %I', month.name);
    execute format('alter table snapshot_listings attach partition snapshot_listings_kept
        for values from (minvalue) to (%L)', month.ends);
    alter table snapshot_listings_kept drop constraint bounds;
    alter table snapshot_listings_kept rename to snapshot_listings_old;
    alter index snapshot_listings_kept_pkey rename to snapshot_listings_old_pkey;
    return true;
end
$$;
comment on function drop_listings_month is 'drops the oldest month if all of it is older; says whether it did';

revoke all on function make_listings_months(timestamptz), drop_listings_month(timestamptz) from public;
grant execute on function make_listings_months(timestamptz), drop_listings_month(timestamptz)
    to courtier_worker;

-- The version before this one still writes the column. It stays until nobody does, and empty.
create function move_listings() returns trigger language plpgsql as $$
begin
    insert into snapshot_listings (snapshot_id, taken_at, listings)
    values (new.id, new.taken_at, new.listings);
    update market_snapshots set listings = null where id = new.id;
    return null;
end
$$;
create trigger move_listings after insert on market_snapshots
    for each row when (new.listings is not null) execute function move_listings();
comment on column market_snapshots.listings is 'always null: see snapshot_listings';

-- What is older than half a year are newest ones already: the rest was pruned.
do $$
declare
    first_month timestamptz := date_trunc('month', greatest(
        coalesce((select min(taken_at) from market_snapshots), now()), now() - interval '6 months'),
        'UTC');
begin
    execute format('alter table snapshot_listings attach partition snapshot_listings_old
        for values from (minvalue) to (%L)', first_month);
    perform make_listings_months(first_month);
    perform make_listings_months(now());
end
$$;
insert into snapshot_listings (snapshot_id, taken_at, listings)
select id, taken_at, listings from market_snapshots where listings is not null;
update market_snapshots set listings = null where listings is not null;

-- What was taken between two moments is found by month now; nothing else asked this index.
drop index market_snapshots_taken;
