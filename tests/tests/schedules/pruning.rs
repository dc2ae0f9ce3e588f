//! What a scheduler removes when it is old, and what stays.

use jiff::{SignedDuration, Timestamp};
use store::commands::smallest_id;
use store::prune::prune;
use uuid::Uuid;

use super::Office;

/// An id of so many days ago.
fn id(days: i64) -> Uuid {
    smallest_id(Timestamp::now() - SignedDuration::from_hours(24 * days))
}

impl Office {
    /// Removes what is old, one row of each kind at a time.
    async fn prune(&self) {
        let (client, retention) = (self.client().await, scheduler::Config::default().retention);
        while prune(&client, Timestamp::now(), retention, 1).await.unwrap() > 0 {}
    }

    async fn texts(&self, statement: &str) -> Vec<String> {
        let rows = self.owner.query(statement, &[]).await.unwrap();
        rows.iter().map(|row| row.get(0)).collect()
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn commands_stay_for_the_retention_after_their_end_and_letters_of_none_too() {
    let office = Office::new().await;
    for (name, accepted, status, ended) in [
        ("long ended", 41, "succeeded", Some(31)),
        ("just ended", 42, "dead", Some(1)),
        ("still open", 43, "queued", None),
        ("young", 29, "cancelled", Some(29)),
    ] {
        let insert = "
            with command as (
                insert into commands (id, name, payload, status, finished_at)
                values ($1, $2, '{}', $3, now() - make_interval(days => $4)) returning id
            )
            insert into dead_letters (command_id, reason, died_at)
            select id, 'of ' || $2, now() - interval '31 days' from command";
        let ended: Option<i32> = ended;
        office.owner.execute(insert, &[&id(accepted), &name, &status, &ended]).await.unwrap();
    }
    let letters = "
        insert into dead_letters (command_id, reason, died_at)
        values (null, 'old', now() - interval '31 days'), (null, 'fresh', now() - interval '29 days'),
               (gen_random_uuid(), 'of one that is gone', now() - interval '31 days')";
    office.owner.batch_execute(letters).await.unwrap();
    office.prune().await;
    let names = office.texts("select name from commands order by id").await;
    assert_eq!(names, ["still open", "just ended", "young"]);
    let reasons = office.texts("select reason from dead_letters order by reason").await;
    assert_eq!(reasons, ["fresh", "of just ended", "of still open", "of young"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_cards_of_a_batch_stay_for_half_a_year_and_while_it_is_open() {
    let office = Office::new().await;
    for (set, ordered, is_open) in [("old", 181, false), ("open", 181, true), ("young", 179, false)]
    {
        let insert = "
            with run as (
                insert into batch_runs (id, mode, finished_at)
                values ($1, 'full', case when not $3 then now() end) returning id
            )
            insert into batch_items (batch_id, card_id, set_id, position)
            select id, card, $2, card from run, generate_series(1, 2) as card";
        let id = Uuid::from_u128(id(ordered).as_u128() + set.len() as u128);
        office.owner.execute(insert, &[&id, &set, &is_open]).await.unwrap();
    }
    office.prune().await;
    let sets = office.texts("select set_id from batch_items order by 1").await;
    assert_eq!(sets, ["open", "open", "young", "young"]);
    assert_eq!(office.number("select count(*) from batch_runs").await, 3, "each with its report");
}
