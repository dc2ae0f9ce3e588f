//! Filters against SQL: PostgreSQL counts the rows of each by a condition of its own.

use reqwest::StatusCode;

use super::{Feed, encoded};

#[tokio::test(flavor = "multi_thread")]
async fn filters_let_through_what_sql_does() {
    let feed = Feed::new().await;
    let paris = "(created_at_remote at time zone 'Europe/Paris')::date";
    let closed = "(closed_at at time zone 'Europe/Paris')::date";
    for (filter, condition) in [
        (
            "created_date ge 2026-03-29 and created_date lt 2026-03-30",
            format!("{paris} = '2026-03-29'"),
        ),
        ("created_date eq 2026-03-29", format!("{paris} = '2026-03-29'")),
        ("2026-03-29 lt created_date", format!("{paris} > '2026-03-29'")),
        (
            "created_date le 2026-03-28 or created_date gt 2026-03-29",
            format!("{paris} <> '2026-03-29'"),
        ),
        (
            "(created_at ge 2026-03-29T00:00:00Z) and (created_at lt 2026-03-29T02:00:00+01:00)",
            "created_at_remote >= '2026-03-29 00:00Z' and created_at_remote < '2026-03-29 01:00Z'"
                .into(),
        ),
        ("closed_date eq null", "closed_at is null".into()),
        ("null ne closed_date", "closed_at is not null".into()),
        ("closed_date ne 2026-03-30", format!("{closed} is distinct from '2026-03-30'")),
        ("not (closed_date gt 2026-03-30)", format!("({closed} > '2026-03-30') is not true")),
        ("not (closed_date ne null and not is_closed)", "true".into()),
        ("closed_date gt null", "false".into()),
        ("is_closed", "closed_at is not null".into()),
        ("is_closed eq true and is_high_priority ne false", "closed_at is not null".into()),
        ("(estimated_hours gt 20) eq false", "(estimated_hours > 20) is not true".into()),
        ("board_key eq 'help desk'", "lower(btrim(board)) = 'help desk'".into()),
        ("board_key ne 'help desk'", "lower(btrim(board)) is distinct from 'help desk'".into()),
        ("priority_key eq null", "priority = ''".into()),
        ("priority_key in ('high', 'low', null)", "true".into()),
        ("contains(summary,'%')", "strpos(summary, '%') > 0".into()),
        ("contains(summary,'_')", "strpos(summary, '_') > 0".into()),
        ("startswith(summary,'l''')", "left(summary, 2) = 'l'''".into()),
        ("endswith(summary,'off') or endswith(summary,'')", "summary is not null".into()),
        ("tolower(summary) eq 'écran'", "summary = 'Écran'".into()),
        ("length(summary) gt 4", "length(summary) > 4".into()),
        ("estimated_hours ge 12.5", "estimated_hours >= 12.5".into()),
        ("estimated_hours lt 2", "estimated_hours < 2".into()),
        ("ticket_id gt status", "cw_ticket_id > status collate \"C\"".into()),
        (
            "year(created_at) eq 2026 and day(created_at) eq 29 and hour(created_at) eq 1",
            "date_trunc('hour', created_at_remote) = '2026-03-29 01:00Z'".into(),
        ),
        ("day(created_date) eq 30", format!("extract(day from {paris}) = 30")),
        (
            "date(created_at) eq 2026-03-29",
            "(created_at_remote at time zone 'UTC')::date = '2026-03-29'".into(),
        ),
        ("source eq 'mock'' or true eq true or ticket_id eq '''", "false".into()),
        (&format!("tenant_id eq {}", feed.tenant_id), "true".into()),
        ("tenant_id eq 00000000-0000-0000-0000-000000000000", "false".into()),
    ] {
        let url = format!("/v1/odata/fact_ticket/$count?$filter={}", encoded(filter));
        let (status, _, body) = feed.ask(&url, &[("x-api-key", &feed.key)]).await;
        assert_eq!(status, StatusCode::OK, "{filter}: {body}");
        assert_eq!(body, feed.counted("raw_tickets", &condition).await.to_string(), "{filter}");
    }
    feed.stop().await;
}

/// In Havana the first of November has two midnights, in Apia the thirtieth of December 2011 none.
#[tokio::test(flavor = "multi_thread")]
async fn days_begin_where_the_clock_of_the_tenant_says() {
    let feed = Feed::new().await;
    for (zone, around, days) in [
        ("America/Havana", "2026-11-01 02:00Z", ["2026-10-31", "2026-11-01", "2026-11-02"]),
        ("America/Sao_Paulo", "2018-11-04 00:00Z", ["2018-11-03", "2018-11-04", "2018-11-05"]),
        ("Pacific/Apia", "2011-12-30 06:00Z", ["2011-12-29", "2011-12-30", "2011-12-31"]),
    ] {
        let move_there = format!(
            "begin; set local app.tenant_id = '{0}';
             update tenants set timezone = '{zone}' where id = '{0}';
             update raw_tickets set created_at_remote = timestamptz '{around}'
                 + substr(cw_ticket_id, 2)::int * interval '10 minutes'; commit",
            feed.tenant_id
        );
        feed.owner.batch_execute(&move_there).await.unwrap();
        for day in days {
            for (word, sign) in
                [("eq", "="), ("ge", ">="), ("lt", "<"), ("gt", ">"), ("le", "<="), ("ne", "<>")]
            {
                let filter = encoded(&format!("created_date {word} {day}"));
                let url = format!("/v1/odata/fact_ticket/$count?$filter={filter}");
                let (_, _, count) = feed.ask(&url, &[("x-api-key", &feed.key)]).await;
                let condition =
                    format!("(created_at_remote at time zone '{zone}')::date {sign} '{day}'");
                let expected = feed.counted("raw_tickets", &condition).await.to_string();
                assert_eq!(count, expected, "{word} {day} in {zone}");
            }
        }
    }
    feed.stop().await;
}
