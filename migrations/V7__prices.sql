-- What was seen on the marketplace, what it is worth, and what the shop pays. Amounts are EUR.

-- One look at the marketplace, with all that is needed to price the same day again by another rule.
create table market_snapshots (
    id bigint generated always as identity primary key,
    card_id bigint not null,
    command_id uuid not null unique,
    taken_at timestamptz not null,
    query text not null,
    total int not null,
    n_listings int not null,
    listings bytea,
    cm_trend numeric(10, 2),
    cm_avg1 numeric(10, 2),
    cm_avg7 numeric(10, 2),
    cm_avg30 numeric(10, 2),
    rule text collate "C" not null,
    statistics jsonb not null,
    verdict text collate "C" not null,
    reason text collate "C",
    anchor numeric(10, 2),
    anchor_source text collate "C",
    confidence double precision
);
-- Compressed by the service already.
alter table market_snapshots alter column listings set storage external;
create index market_snapshots_card on market_snapshots (card_id, id desc);
create index market_snapshots_taken on market_snapshots (taken_at);
comment on column market_snapshots.command_id is 'a command delivered twice writes once';
comment on column market_snapshots.total is 'listings that the marketplace has for the query';
comment on column market_snapshots.listings is 'compressed JSON; null once its retention has passed';
comment on column market_snapshots.statistics is 'by rule: {"stage1": …, "classic": …}';
comment on column market_snapshots.anchor is 'what the card sells for by this snapshot, published or not';

-- The price list: what is on show, and the last decision, which may have left it alone.
create table buy_prices (
    card_id bigint primary key references cards (id),
    neuf numeric(10, 2),
    bon numeric(10, 2),
    correct numeric(10, 2),
    anchor numeric(10, 2),
    anchor_source text collate "C",
    rule text collate "C" not null,
    suspended boolean not null default false,
    published_snapshot_id bigint,
    since timestamptz not null,
    verdict text collate "C" not null,
    reason text collate "C",
    confidence double precision,
    estimate numeric(10, 2),
    estimate_at timestamptz,
    snapshot_id bigint,
    taken_at timestamptz,
    n_changes int not null default 0,
    squared_changes double precision not null default 0,
    change_days double precision not null default 0,
    updated_at timestamptz not null,
    check (neuf >= 0 and bon >= 0 and correct >= 0)
) with (fillfactor = 70);
create index buy_prices_since on buy_prices (since, card_id);
comment on column buy_prices.neuf is 'null: nothing is on show';
comment on column buy_prices.anchor is 'what the prices on show were computed from';
comment on column buy_prices.suspended is 'taken off the shelf until somebody or a later snapshot decides';
comment on column buy_prices.since is 'when what is on show, its rule or its verdict last changed';
comment on column buy_prices.estimate is 'what the card sells for by the last snapshot that could tell, published or not';
comment on column buy_prices.taken_at is 'instant of the last snapshot; null: never looked at';
comment on column buy_prices.n_changes is 'steps from one estimate to the next';
comment on column buy_prices.squared_changes is 'sum of the squared steps of ln(estimate); over change_days it is the variance of a day';

-- Everything that was ever on show. Append-only.
create table price_history (
    id bigint generated always as identity primary key,
    card_id bigint not null,
    at timestamptz not null,
    source text collate "C" not null check (source in ('snapshot', 'estimate', 'decision')),
    rule text collate "C" not null,
    verdict text collate "C" not null,
    reason text collate "C",
    anchor numeric(10, 2),
    anchor_source text collate "C",
    neuf numeric(10, 2),
    bon numeric(10, 2),
    correct numeric(10, 2),
    suspended boolean not null,
    confidence double precision,
    snapshot_id bigint
);
create index price_history_card on price_history (card_id, id desc);
create index price_history_at on price_history (at);

-- What a person decided, with the figures that lay before him.
create table pricing_decisions (
    id bigint generated always as identity primary key,
    card_id bigint not null references cards (id),
    at timestamptz not null default clock_timestamp(),
    actor text not null,
    decision text collate "C" not null check (decision in ('approve', 'set', 'reject', 'withdraw')),
    snapshot_id bigint,
    verdict text collate "C",
    anchor numeric(10, 2),
    neuf numeric(10, 2),
    bon numeric(10, 2),
    correct numeric(10, 2),
    note text,
    statistics jsonb
);
create index pricing_decisions_card on pricing_decisions (card_id, id desc);

-- Listings that vanished because they were sold, as the marketplace confirmed.
create table sold_listings (
    item_id text collate "C" primary key,
    card_id bigint not null,
    title text not null,
    price numeric(10, 2) not null,
    effective_price numeric(10, 2) not null,
    currency text collate "C" not null,
    url text,
    seller text,
    condition text,
    listing_date timestamptz,
    first_seen_at timestamptz,
    last_seen_at timestamptz not null,
    detected_sold_at timestamptz not null,
    is_reverse boolean not null default false
);
create index sold_listings_card on sold_listings (card_id, detected_sold_at);
create index sold_listings_detected on sold_listings (detected_sold_at);
comment on column sold_listings.effective_price is 'with postage, EUR';

-- What cards are asked for on the marketplace beside their reference, learnt per segment.
create table segment_ratios (
    segment jsonb primary key,
    k double precision not null check (k > 0),
    samples int not null check (samples > 0),
    spread double precision not null,
    updated_at timestamptz not null default clock_timestamp()
);
comment on column segment_ratios.samples is 'cards with both prices that stand behind k';

-- What put_price takes: a type of its own, so that a later column breaks no running version.
create type wanted_price as (
    card_id bigint,
    neuf numeric,
    bon numeric,
    correct numeric,
    anchor numeric,
    anchor_source text,
    rule text,
    published_snapshot_id bigint,
    verdict text,
    reason text,
    confidence double precision,
    estimate numeric,
    snapshot_id bigint,
    taken_at timestamptz
);

-- Writes one row of the price list; every way to a price ends here. `publish` says what becomes of
-- what is on show: publish (replaced), withdraw (removed), suspend (taken off the shelf) or keep.
-- Returns whether that, its rule or its verdict has changed, and then keeps it in the history. A
-- row of an older snapshot than the last one changes nothing.
create function put_price(wanted wanted_price, publish text, source text) returns boolean
    language plpgsql
as $$
declare
    moment timestamptz := clock_timestamp();
    replaces boolean := publish in ('publish', 'withdraw');
    shown buy_prices;
begin
    wanted.estimate := case when wanted.estimate > 0 then wanted.estimate end;
    if publish <> 'publish' then
        wanted.neuf := null;
        wanted.bon := null;
        wanted.correct := null;
        wanted.anchor := null;
        wanted.anchor_source := null;
        wanted.published_snapshot_id := null;
    end if;
    insert into buy_prices as p (
        card_id, neuf, bon, correct, anchor, anchor_source, rule, published_snapshot_id, verdict,
        reason, confidence, estimate, snapshot_id, taken_at, estimate_at, since, updated_at)
    values ((wanted).*, case when wanted.estimate is not null then wanted.taken_at end, moment, moment)
    on conflict (card_id) do update set
        neuf = case when replaces then excluded.neuf else p.neuf end,
        bon = case when replaces then excluded.bon else p.bon end,
        correct = case when replaces then excluded.correct else p.correct end,
        anchor = case when replaces then excluded.anchor else p.anchor end,
        anchor_source = case when replaces then excluded.anchor_source else p.anchor_source end,
        rule = case when replaces then excluded.rule else p.rule end,
        published_snapshot_id = case when replaces then excluded.published_snapshot_id
                                     else p.published_snapshot_id end,
        suspended = case when replaces then false
                         when publish = 'suspend' then p.neuf is not null
                         else p.suspended end,
        since = case
            when p.verdict <> excluded.verdict
              or (replaces and (p.neuf, p.bon, p.correct, p.rule, p.suspended) is distinct from
                    (excluded.neuf, excluded.bon, excluded.correct, excluded.rule, false))
              or (publish = 'suspend' and p.neuf is not null and not p.suspended)
            then moment else p.since end,
        verdict = excluded.verdict, reason = excluded.reason, confidence = excluded.confidence,
        snapshot_id = coalesce(excluded.snapshot_id, p.snapshot_id),
        taken_at = coalesce(excluded.taken_at, p.taken_at),
        estimate = coalesce(excluded.estimate, p.estimate),
        estimate_at = coalesce(excluded.estimate_at, p.estimate_at),
        n_changes = p.n_changes + (excluded.estimate / p.estimate is not null)::int,
        squared_changes = p.squared_changes
            + coalesce(ln((excluded.estimate / p.estimate)::double precision) ^ 2, 0),
        change_days = p.change_days + coalesce(
            extract(epoch from excluded.estimate_at - p.estimate_at)::double precision / 86400, 0),
        updated_at = moment
    where p.taken_at is null or excluded.taken_at is null or p.taken_at <= excluded.taken_at
    returning * into shown;
    if shown.since is distinct from moment then
        return false;
    end if;
    insert into price_history (
        card_id, at, source, rule, verdict, reason, anchor, anchor_source, neuf, bon, correct,
        suspended, confidence, snapshot_id)
    values (
        shown.card_id, moment, source, shown.rule, shown.verdict, shown.reason, shown.anchor,
        shown.anchor_source, shown.neuf, shown.bon, shown.correct, shown.suspended,
        shown.confidence, wanted.snapshot_id);
    return true;
end
$$;

grant select on market_snapshots, buy_prices, price_history, pricing_decisions, sold_listings, segment_ratios
    to courtier_api, courtier_worker, courtier_readonly;
grant insert, update on market_snapshots, buy_prices, sold_listings to courtier_worker;
grant delete on market_snapshots to courtier_worker;
grant insert on price_history, pricing_decisions to courtier_worker;
grant insert, update, delete on segment_ratios to courtier_worker;
