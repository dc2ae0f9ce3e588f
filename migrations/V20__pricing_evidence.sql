-- Evidence as it was. When a rate became known: a day that is priced again is judged by the rates
-- that it had.

alter table fx_rates add column known_at timestamptz;
-- The ECB publishes a day's rates in its afternoon.
update fx_rates set known_at = (day + time '15:00') at time zone 'UTC';
alter table fx_rates
    alter column known_at set default clock_timestamp(),
    alter column known_at set not null;
comment on column fx_rates.known_at is 'when the shop heard of it first';

-- Both amounts always were EUR, whatever the listing was offered in.
update sold_listings set currency = 'EUR' where currency <> 'EUR';
comment on column sold_listings.first_seen_at is 'always null: nobody knows it; see listing_date';
