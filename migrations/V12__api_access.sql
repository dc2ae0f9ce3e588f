-- Keys of tenants: hashed with a secret that is not in the database; a right for single records.

-- Keys made before keep their plain hash until `courtier migrate` or `courtier all` has hashed it
-- again, which needs the secret and not the keys.
alter table api_keys add column is_peppered boolean not null default false;
comment on column api_keys.is_peppered is 'whether secret_hash was made with API_KEY_PEPPER';
comment on column api_keys.secret_hash is
    'HMAC-SHA256 by API_KEY_PEPPER of the SHA-256 of the whole key; that SHA-256 itself unless is_peppered';

-- Tickets and time entries name people: a key that could read figures does not read them by itself.
alter table api_keys drop constraint api_keys_scopes_check;
alter table api_keys add constraint api_keys_scopes_check
    check (scopes <@ array['kpis', 'tickets', 'exports', 'cards'] and cardinality(scopes) > 0);
