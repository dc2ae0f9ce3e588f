-- The admin site: who is signed in, and how often somebody guessed wrong.

-- One row for each sign-in. The browser holds the id; only its hash is kept, so that a copy of the
-- database opens nothing.
create table admin_sessions (
    id_hash bytea primary key check (octet_length(id_hash) = 32),
    username text not null,
    address text not null,
    user_agent text not null,
    created_at timestamptz not null default clock_timestamp(),
    seen_at timestamptz not null default clock_timestamp(),
    revoked_at timestamptz
);
comment on column admin_sessions.id_hash is 'SHA-256 of the id';
comment on column admin_sessions.seen_at is 'coarse: written at most once a minute; live figures do not count';

-- Wrong passwords by account and by address. The row is locked while a guess is admitted, so that
-- guesses sent at once are counted one by one.
create table admin_login_failures (
    subject text primary key,
    n_failures int not null,
    failed_at timestamptz not null,
    open_at timestamptz not null
);
comment on column admin_login_failures.subject is 'account:NAME or address:IP';
comment on column admin_login_failures.open_at is 'no password is looked at before';

grant select, insert, update, delete on admin_sessions, admin_login_failures to courtier_worker;

-- What somebody decided to leave: it stays in the table, and leaves the list.
alter table dead_letters add column dismissed_at timestamptz;
create index dead_letters_open on dead_letters (id) where replayed_at is null and dismissed_at is null;
comment on column dead_letters.dismissed_at is 'when somebody decided not to replay it';

-- What a key may read. Keys made before may read everything, as they could.
alter table api_keys add column scopes text[] not null default array['kpis', 'exports', 'cards']
    check (scopes <@ array['kpis', 'exports', 'cards'] and cardinality(scopes) > 0);

-- The menu of the admin site tells how many prices wait for a person.
create index buy_prices_review on buy_prices (card_id) where verdict in ('REVIEW', 'REVIEW_REF');

-- Undoing a change asks what a setting was before.
create index audit_log_resource on audit_log (resource, id desc);
