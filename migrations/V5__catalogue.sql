-- The catalogue of cards: what its sources say, and what the shop corrected.
--
-- Cards, quotas, prices and batches belong to the shop that runs the service, not to one of its
-- tenants. None of their tables has a tenant, so none has row-level security; grants are narrow.

-- Text as it is searched: lower case, without the accents of the languages cards are printed in.
create function search_text(text) returns text
    language sql immutable parallel safe
    -- Most texts are plain ASCII, and translating is what an import would spend its time with.
    return case when octet_length($1) = length($1) then lower($1)
        else replace(replace(translate(lower($1),
            'àáâãäåçèéêëìíîïñòóôõöùúûüýÿ’', 'aaaaaaceeeeiiiinooooouuuuyy'''), 'œ', 'oe'), 'æ', 'ae')
    end;

create table series (
    id text collate "C" primary key,
    name text not null,
    hidden boolean not null default false
);
comment on column series.hidden is 'its cards are kept, yet neither priced nor exported';

create table sets (
    id text collate "C" primary key,
    serie_id text collate "C" not null references series (id),
    name text not null,
    name_en text,
    code text,
    official_count int check (official_count >= 0),
    total_count int check (total_count >= 0),
    released date,
    hidden boolean not null default false,
    imported_at timestamptz not null default clock_timestamp()
);
create index sets_serie on sets (serie_id);
comment on column sets.code is 'short code in the online game';
comment on column sets.official_count is 'the total printed on the cards';
comment on column sets.imported_at is 'when an import last changed this row';

-- No foreign key to `sets`: its check row by row would cost half the time of an import, which
-- compares all its rows with the sets at once. Sets are never removed.
create table cards (
    id bigint generated always as identity primary key,
    tcgdex_id text collate "C" not null unique,
    set_id text collate "C" not null,
    local_id text collate "C" not null,
    name text not null,
    name_en text,
    card_number_full text,
    variant text collate "C" not null default 'NORMAL'
        check (variant in ('NORMAL', 'REVERSE', 'HOLO', 'FIRST_ED')),
    rarity text,
    cardmarket_id bigint,
    ebay_query text,
    ebay_query_override text,
    name_override text,
    local_id_override text,
    set_name_override text,
    card_number_full_override text,
    card_count_official_override text,
    card_number_format text collate "C" not null default 'LOCAL_TOTAL'
        check (card_number_format in ('LOCAL_ONLY', 'LOCAL_TOTAL', 'PROMO')),
    card_number_padded boolean not null default false,
    cm_trend numeric(10, 2),
    cm_avg1 numeric(10, 2),
    cm_avg7 numeric(10, 2),
    cm_avg30 numeric(10, 2),
    cm_updated_at timestamptz,
    is_active boolean not null default true,
    last_error text,
    last_error_at timestamptz,
    error_count int not null default 0 check (error_count >= 0),
    created_at timestamptz not null default clock_timestamp(),
    updated_at timestamptz not null default clock_timestamp(),
    search text not null generated always as (
        lower(tcgdex_id || ' ' || coalesce(card_number_full, '') || ' ' || coalesce(name_en, ''))
        || ' ' || search_text(name) || ' ' || search_text(coalesce(name_override, ''))
    ) stored
);
comment on column cards.tcgdex_id is 'id of the source and variant: base1-4-HOLO';
comment on column cards.ebay_query is 'as last built from the fields above; null: to be built';
comment on column cards.cm_trend is 'Cardmarket, EUR; an import without figures leaves them';
comment on column cards.error_count is 'failures in a row since the last success';
comment on column cards.updated_at is 'last change of what the source or the shop says';

-- Variants of one card, and the cards of a set in their order.
create index cards_number on cards (set_id, local_id);
create index cards_cardmarket on cards (cardmarket_id) where cardmarket_id is not null;

grant select on series, sets, cards to courtier_api, courtier_worker, courtier_readonly;
grant insert, update on series, sets, cards to courtier_worker;
