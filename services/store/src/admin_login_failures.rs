//! Table `admin_login_failures`: wrong passwords by account and by address.
//!
//! A guess is counted before its password is looked at: guesses sent at once wait for each other's
//! row, so that their number gains nothing. Whoever gets in takes his count away again.

use crate::{Client, Result};

/// How guesses are slowed down.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Throttle {
    /// Guesses without any pause.
    pub n_free: i32,
    /// The pause after the first guess that is not free; it doubles with each further one.
    pub pause_seconds: f64,
    pub longest_pause_seconds: f64,
    /// After so long without a guess all is forgotten.
    pub memory_seconds: f64,
}

/// Counts a guess, and says whether its password may be looked at. A guess that comes too early is
/// not counted: otherwise whoever knows the password could be kept out for ever.
///
/// # Errors
/// When the database cannot be written.
#[tracing::instrument(level = "trace", skip_all)]
pub async fn admit(client: &mut Client, subjects: &[String], throttle: Throttle) -> Result<bool> {
    let transaction = client.transaction().await?;
    let insert = "
        insert into admin_login_failures (subject, n_failures, failed_at, open_at)
        select s, 0, clock_timestamp(), clock_timestamp() from unnest($1::text[]) s order by s
        on conflict (subject) do nothing";
    transaction.execute(insert, &[&subjects]).await?;
    let early = "
        select count(*) filter (where open_at > clock_timestamp()) > 0 from (
            select open_at from admin_login_failures where subject = any ($1)
            order by subject for update
        ) locked";
    let early: bool = transaction.query_one(early, &[&subjects]).await?.get(0);
    if !early {
        let count = "
            update admin_login_failures f set
                n_failures = guesses, failed_at = clock_timestamp(),
                open_at = clock_timestamp() + make_interval(secs => case
                    when guesses <= $2 then 0
                    else least($3 * 2 ^ least(guesses - $2 - 1, 30), $4) end)
            from (
                select subject, 1 + case when failed_at
                    > clock_timestamp() - make_interval(secs => $5) then n_failures else 0 end
                    as guesses
                from admin_login_failures where subject = any ($1)
            ) n
            where f.subject = n.subject";
        let Throttle { n_free, pause_seconds, longest_pause_seconds, memory_seconds } = throttle;
        transaction
            .execute(
                count,
                &[&subjects, &n_free, &pause_seconds, &longest_pause_seconds, &memory_seconds],
            )
            .await?;
    }
    transaction.commit().await?;
    Ok(!early)
}

/// Forgets the guesses of whoever got in, and of all who have been quiet for a day.
///
/// # Errors
/// When the database cannot be written.
#[tracing::instrument(level = "trace", skip_all)]
pub async fn forget(client: &Client, subjects: &[String]) -> Result<()> {
    let statement = "
        delete from admin_login_failures
        where subject = any ($1) or failed_at < clock_timestamp() - interval '1 day'";
    client.execute(statement, &[&subjects]).await?;
    Ok(())
}
