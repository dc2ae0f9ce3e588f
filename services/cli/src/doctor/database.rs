//! The database, its migrations and its clock.

use jiff::Timestamp;
use store::{Client, Store, encryption, migrate};

use crate::check::{Cause, Check};

/// Clocks further apart than this make leases and days wrong.
const CLOCK_SECONDS: i64 = 5;
const NAME: &str = "database";
const CLOCK: &str = "clock";
const CLOCK_ADVICE: &str = "synchronise the clocks of both hosts: `timedatectl set-ntp true`";

pub(crate) async fn checks(store: &Store) -> Vec<Check> {
    match store.client().await {
        Ok(mut client) => {
            vec![answers(&mut client).await, migrations(&client).await, clock(&client).await]
        }
        Err(error) => vec![refused(&error.to_string())],
    }
}

async fn answers(client: &mut Client) -> Check {
    let protection = match encryption::protocol(client).await {
        Ok(Some(protocol)) => format!("encrypted by {protocol}"),
        Ok(None) => "not encrypted".to_owned(),
        Err(error) => return refused(&error.to_string()),
    };
    let detail = format!("answers in the role courtier_worker, {protection}");
    Check::well(Cause::Database, NAME, detail)
}

/// What PostgreSQL's own code means for whoever wrote `DATABASE_URL`.
fn refused(error: &str) -> Check {
    let (cause, advice) = match error {
        error if error.contains("(28P01)") || error.contains("(28000)") => (
            Cause::Database,
            "the user or the password in DATABASE_URL is wrong; a volume keeps the \
              password that it was made with",
        ),
        error if error.contains("(3D000)") => {
            (Cause::Database, "the database that DATABASE_URL names does not exist: create it")
        }
        error if error.contains("(22023)") => {
            (Cause::Migrations, "the roles are not there yet: run `courtier migrate` once")
        }
        error if error.contains("(53300)") => (
            Cause::Database,
            "no connection is free: raise max_connections, or lower \
              DATABASE_POOL_SIZE",
        ),
        error if error.contains("lookup") => (
            Cause::Database,
            "the host in DATABASE_URL is not known here: put both containers on \
              one network, and beware of a name that somebody else has, such as `postgres`",
        ),
        error if error.contains("certificate") || error.contains("encryption") => (
            Cause::Database,
            "do what is said, or lower sslmode in DATABASE_URL: `require` encrypts and verifies \
              nobody, `prefer` also goes without",
        ),
        _ => (Cause::Database, "check host and port in DATABASE_URL, and that PostgreSQL runs"),
    };
    let name = if cause == Cause::Migrations { "migrations" } else { NAME };
    Check::ill(cause, name, error, advice)
}

async fn migrations(client: &Client) -> Check {
    let (name, advice) = ("migrations", "run `courtier migrate`");
    match migrate::status(client).await {
        Ok(status) if status.pending.is_empty() => {
            Check::well(Cause::Migrations, name, format!("all {} are applied", status.known))
        }
        Ok(status) => {
            let missing = format!("missing: {}", status.pending.join(", "));
            Check::ill(Cause::Migrations, name, missing, advice)
        }
        Err(error) => Check::ill(Cause::Migrations, name, error.to_string(), advice),
    }
}

async fn clock(client: &Client) -> Check {
    match migrate::now(client).await {
        Ok(theirs) => compare(Timestamp::now(), theirs),
        Err(error) => Check::ill(Cause::Clock, CLOCK, error.to_string(), CLOCK_ADVICE),
    }
}

/// Our clock beside the database's; it does not matter which is ahead.
fn compare(ours: Timestamp, theirs: Timestamp) -> Check {
    let apart = (ours - theirs).get_seconds().abs();
    let detail = format!("{apart} s apart from the database's");
    match apart {
        0..=CLOCK_SECONDS => Check::well(Cause::Clock, CLOCK, detail),
        _ => Check::ill(Cause::Clock, CLOCK, detail, CLOCK_ADVICE),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_refusal_has_its_own_advice() {
        for (error, cause, advice) in [
            ("password authentication failed for user \"c\" (28P01)", Cause::Database, "password"),
            ("database \"c\" does not exist (3D000)", Cause::Database, "create it"),
            ("role \"courtier_worker\" does not exist (22023)", Cause::Migrations, "migrate"),
            ("failed to lookup address information", Cause::Database, "network"),
            ("the server's certificate has expired: renew it there", Cause::Database, "sslmode"),
            ("the server offers no encryption", Cause::Database, "sslmode"),
            ("Connection refused (os error 111)", Cause::Database, "runs"),
        ] {
            let check = refused(error);
            assert_eq!(check.cause, cause, "{error}");
            assert!(check.advice.contains(advice), "{error}: {}", check.advice);
        }
    }
    #[test]
    fn clocks_may_be_five_seconds_apart_either_way() {
        let ours: Timestamp = "2026-11-22T10:00:00Z".parse().unwrap();
        for (theirs, well, detail) in [
            ("2026-11-22T10:00:00Z", true, "0 s"),
            ("2026-11-22T09:59:55Z", true, "5 s"),
            ("2026-11-22T10:00:05Z", true, "5 s"),
            ("2026-11-22T09:59:54Z", false, "6 s"),
            ("2026-11-22T10:00:06Z", false, "6 s"),
            ("2026-11-23T10:00:00Z", false, "86400 s"),
        ] {
            let check = compare(ours, theirs.parse().unwrap());
            assert_eq!((check.ok, check.cause), (well, Cause::Clock), "{theirs}");
            assert_eq!(check.detail, format!("{detail} apart from the database's"));
        }
    }
}
