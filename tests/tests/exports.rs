//! Exports of a small tenant, from real tables to real files.

#![expect(clippy::unwrap_used, reason = "a helper of a test fails the test by panicking")]

#[path = "exports/office.rs"]
mod office;

use std::fs;
use std::io::Read;

use commands::Failure;
use exports::{Kind, Manifest, TABLES};
use office::{Office, TENANT};
use serde_json::json;
use sha2::{Digest, Sha256};
use store::{Role, Tenant};
use uuid::Uuid;

const TICKET_HEAD: &str = "\u{feff}tenant_id,created_date,ticket_id,source,board_key,priority_key,company_key,owner_key,status,is_closed,is_high_priority,summary,closed_date,created_at,updated_at,first_response_at,resolved_at,closed_at,reopened_at,sla_status,sla_response_met,sla_resolution_met,estimated_hours,satisfaction_score\r\n";

#[tokio::test(flavor = "multi_thread")]
async fn files_hold_exactly_these_bytes() {
    let office = Office::new().await;
    let result = office.export(json!({})).await.unwrap();
    assert_eq!(result["files_written"], 6 + 2 + 2 + 1, "{result}");
    assert_eq!(result["manifest"], format!(".manifests/{TENANT}/manifest.json"));

    // 22:30 in UTC is the next day in Paris, in summer.
    assert_eq!(
        office.file("fact_ticket/fact_ticket_2026-07-01.csv"),
        format!(
            "{TICKET_HEAD}{TENANT},2026-07-01,T1,mock,help desk,high,\"père, \"\"fils\"\" & co\",amélie,\
             Closed,true,true,\"'=1+1\",2026-07-02,2026-06-30T22:30:00Z,2026-07-02T08:00:00Z,\
             2026-07-01T07:00:00.250000Z,,2026-07-02T07:59:59Z,,Met,true,true,2.50,4.00\r\n"
        )
    );
    assert_eq!(
        office.file("fact_ticket/fact_ticket_2026-07-02.csv"),
        format!(
            "{TICKET_HEAD}{TENANT},2026-07-02,T2,mock,help desk,,,,New,false,false,\
             \"line one\nline two; \"\"quoted\"\"\",,2026-07-02T10:00:00Z,,,,,,,,,,\r\n\
             {TENANT},2026-07-02,T3,mock,,low,,,\"\",false,false,,,\
             2026-07-02T10:00:00Z,,,,,,,,,-0.25,\r\n"
        )
    );
    let entry_head = "\u{feff}tenant_id,work_date,time_entry_id,source,ticket_id,member_key,work_type,is_billable,is_no_charge,minutes\r\n";
    assert_eq!(
        office.file("fact_time_entry/fact_time_entry_2026-07-01.csv"),
        format!("{entry_head}{TENANT},2026-07-01,E1,mock,T1,amélie,Remote,true,false,30\r\n")
    );
    assert_eq!(
        office.file("fact_time_entry/fact_time_entry_2026-12-31.csv"),
        format!("{entry_head}{TENANT},2026-12-31,E2,mock,,bob,\"'+1\",false,true,-5\r\n")
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn dimensions_hold_each_name_once() {
    let office = Office::new().await;
    office.export(json!({})).await.unwrap();
    let dimension = |name: &str| office.file(&format!("{name}/{name}.csv"));
    assert_eq!(
        dimension("dim_tenant"),
        format!(
            "\u{feff}tenant_id,tenant,timezone,is_active\r\n{TENANT},\"Office, A\",Europe/Paris,true\r\n"
        )
    );
    assert_eq!(
        dimension("dim_company"),
        "\u{feff}company_key,company\r\n\"père, \"\"fils\"\" & co\",\"Père, \"\"Fils\"\" & Co\"\r\n"
    );
    // `HELP desk ` and `Help Desk` are one board; `Amélie` is both an owner and a member.
    assert_eq!(dimension("dim_board"), "\u{feff}board_key,board\r\nhelp desk,HELP desk\r\n");
    assert_eq!(
        dimension("dim_member"),
        "\u{feff}member_key,member\r\namélie,Amélie\r\nbob,Bob\r\n"
    );
    assert_eq!(
        dimension("dim_priority"),
        "\u{feff}priority_key,priority,is_high\r\nhigh,High,true\r\nlow,Low,false\r\n"
    );
    let dates = dimension("dim_date");
    let lines: Vec<&str> = dates.lines().collect();
    assert_eq!(lines.len(), 1 + 365);
    assert_eq!(
        lines[0],
        "\u{feff}date,year,quarter,month,day,year_month,iso_year,iso_week,weekday,is_weekend"
    );
    assert_eq!(lines[1], "2026-01-01,2026,1,1,1,2026-01,2026,1,4,false");
    assert_eq!(lines[3], "2026-01-03,2026,1,1,3,2026-01,2026,1,6,true");
    assert_eq!(lines[365], "2026-12-31,2026,4,12,31,2026-12,2026,53,4,false");
}

#[tokio::test(flavor = "multi_thread")]
async fn kpis_have_a_file_per_day() {
    let office = Office::new().await;
    office.export(json!({})).await.unwrap();
    let file = office.file("fact_kpi_daily/fact_kpi_daily_2026-07-01.csv");
    let (head, row) = file.trim_end().split_once("\r\n").unwrap();
    let cells: Vec<(&str, &str)> =
        head.trim_start_matches('\u{feff}').split(',').zip(row.split(',')).collect();
    assert_eq!(cells.len(), 38);
    for expected in [
        ("kpi_date", "2026-07-01"),
        ("total_minutes", "30"),
        ("avg_resolution_minutes", "2009.98"),
        ("median_resolution_minutes", ""),
        ("tickets_created", "1"),
        ("tickets_net_change", "-1"),
        ("anomaly_detected", "false"),
        ("z_score", "-0.0500"),
        ("is_final", "true"),
    ] {
        assert!(cells.contains(&expected), "{expected:?} in {cells:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_manifest_lists_every_file_with_its_checksum() {
    let office = Office::new().await;
    office.export(json!({})).await.unwrap();
    let manifest = office.manifest();
    let mut n_rows = 0;
    for file in &manifest.files {
        let (mut opened, entry) =
            exports::open(office.root(), TENANT, file.name()).unwrap().expect("a listed file");
        assert_eq!(&entry, file);
        let mut bytes = Vec::new();
        opened.read_to_end(&mut bytes).unwrap();
        let sha256 = format!("{:x}", Sha256::digest(&bytes));
        assert_eq!(
            (bytes.len() as u64, sha256),
            (file.bytes, file.sha256.clone()),
            "{}",
            file.path
        );
        n_rows += file.rows;
    }
    // Days of 2026, the tenant, 1 company, 1 board, 2 members, 2 priorities, 3 tickets, 2 entries, 1 day.
    assert_eq!(n_rows, 365 + 1 + 1 + 1 + 2 + 2 + 3 + 2 + 1);
    let on_disk = office.files();
    let listed: Vec<String> = manifest.files.iter().map(|file| file.path.clone()).collect();
    assert_eq!(on_disk.len(), listed.len());
    assert!(on_disk.iter().all(|path| listed.contains(path)), "{on_disk:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_second_export_writes_nothing() {
    let office = Office::new().await;
    let first = office.export(json!({})).await.unwrap();
    let times = office.modified();
    let second = office.export(json!({})).await.unwrap();
    assert_eq!(second["files_written"], 0);
    assert_eq!(second["files_unchanged"], first["files_written"]);
    assert_eq!((&second["rows"], &second["bytes"]), (&first["rows"], &first["bytes"]));
    assert_eq!(office.modified(), times);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_select_lists_are_the_columns_of_the_files() {
    let office = Office::new().await;
    let store = office.database.store(Role::Worker);
    let mut client = store.client().await.unwrap();
    let tenant = Tenant::snapshot(&mut client, TENANT).await.unwrap();
    store::exports::prepare(&tenant).await.unwrap().unwrap();
    store::exports::collect_names(&tenant).await.unwrap();
    for table in TABLES {
        let select = store::exports::select(table.name, TENANT, None).unwrap();
        let statement = tenant.prepare(&select).await.unwrap();
        let columns = statement.columns();
        assert_eq!(columns.len(), table.columns.len(), "{}", table.name);
        for (column, wanted) in columns.iter().zip(table.columns) {
            let kind = match column.type_().name() {
                "text" => Kind::Text,
                "int2" | "int4" | "int8" => Kind::Integer,
                "numeric" => Kind::Decimal,
                "bool" => Kind::Boolean,
                "date" => Kind::Date,
                "timestamptz" => Kind::Timestamp,
                "uuid" => Kind::Uuid,
                other => panic!("{}.{} is {other}", table.name, wanted.name),
            };
            assert_eq!(column.name(), wanted.name, "{}", table.name);
            let wanted_kind = if wanted.kind == Kind::Key { Kind::Text } else { wanted.kind };
            assert_eq!(kind, wanted_kind, "{}.{}", table.name, wanted.name);
        }
    }
    assert!(store::exports::select("pg_authid", TENANT, None).is_none());
}

#[tokio::test(flavor = "multi_thread")]
async fn no_tenant_exports_the_data_of_another() {
    let office = Office::new().await;
    let other = office.add_tenant("Office B").await;
    office.export_of(other, json!({})).await.unwrap();
    let manifest = Manifest::read(office.root(), other).unwrap().unwrap();
    let facts = manifest.files.iter().filter(|file| file.day.is_some()).count();
    assert_eq!(facts, 0, "the new tenant has no data");
    let n_rows: u64 = manifest.files.iter().map(|file| file.rows).sum();
    assert_eq!(n_rows, 1, "the tenant itself, and no dates");
    assert!(!office.root().join(TENANT.to_string()).exists());

    // Even a query for the wrong tenant finds nothing.
    let store = office.database.store(Role::Worker);
    let mut client = store.client().await.unwrap();
    let tenant = Tenant::snapshot(&mut client, other).await.unwrap();
    store::exports::prepare(&tenant).await.unwrap().unwrap();
    store::exports::collect_names(&tenant).await.unwrap();
    for table in TABLES.iter().filter(|table| table.day_column.is_some()) {
        let select = store::exports::select(table.name, TENANT, None).unwrap();
        assert!(tenant.query(&select, &[]).await.unwrap().is_empty(), "{}", table.name);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn one_day_leaves_the_others_alone() {
    let office = Office::new().await;
    let day = office.export(json!({"date": "2026-07-01"})).await.unwrap();
    assert_eq!(day["files_written"], 6 + 1 + 1 + 1, "{day}");
    assert_eq!(office.manifest().watermark, None, "most days were never exported");
    let all = office.export(json!({})).await.unwrap();
    assert_eq!((&all["files_written"], &all["files_unchanged"]), (&json!(2), &json!(9)));
    assert!(office.manifest().watermark.is_some());

    office.execute("delete from raw_tickets where cw_ticket_id = 'T1'").await;
    office.execute("delete from raw_tickets where cw_ticket_id = 'T2'").await;
    let day = office.export(json!({"from": "2026-07-01", "to": "2026-07-01"})).await.unwrap();
    assert_eq!(day["files_removed"], 1, "{day}");
    assert!(!office.files().contains(&"fact_ticket/fact_ticket_2026-07-01.csv".to_owned()));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_ticket_that_closes_later_is_exported_with_the_day_it_closes() {
    let office = Office::new().await;
    office.execute("update raw_tickets set ingested_at = now() - interval '3 days'").await;
    office.execute("update raw_time_entries set ingested_at = now() - interval '3 days'").await;
    office.export(json!({})).await.unwrap();
    office
        .execute("update raw_tickets set status = 'Closed', closed_at = '2026-07-09 10:00Z', ingested_at = now() where cw_ticket_id = 'T2'")
        .await;
    let day = office.export(json!({"date": "2026-07-09"})).await.unwrap();
    assert_eq!(day["files_written"], 1, "{day}");
    let file = office.file("fact_ticket/fact_ticket_2026-07-02.csv");
    assert!(file.contains("2026-07-09T10:00:00Z"), "{file}");
    assert!(office.manifest().watermark.is_some(), "the files are still complete");
}

#[tokio::test(flavor = "multi_thread")]
async fn another_time_zone_moves_rows_to_other_days() {
    let office = Office::new().await;
    office.export(json!({})).await.unwrap();
    office.execute("update tenants set timezone = 'UTC'").await;
    office.export(json!({"date": "2026-07-02"})).await.unwrap();
    assert!(office.file("fact_ticket/fact_ticket_2026-06-30.csv").contains(",T1,"));
    assert!(!office.files().contains(&"fact_ticket/fact_ticket_2026-07-01.csv".to_owned()));
    assert_eq!(office.manifest().timezone, "UTC");
}

#[tokio::test(flavor = "multi_thread")]
async fn another_format_covers_every_day() {
    let office = Office::new().await;
    office.export(json!({})).await.unwrap();
    // One day is asked for; in Parquet all the others are missing too.
    let both = office.export(json!({"format": "both", "date": "2026-07-01"})).await.unwrap();
    assert_eq!((&both["files_written"], &both["files_unchanged"]), (&json!(11), &json!(11)));
    let manifest = office.manifest();
    assert_eq!(manifest.formats, exports::Format::ALL);
    assert!(manifest.watermark.is_some(), "the files hold everything");
    for file in manifest.files.iter().filter(|file| file.format == exports::Format::Parquet) {
        let csv = manifest.files.iter().find(|csv| {
            csv.format == exports::Format::Csv && (&csv.table, csv.day) == (&file.table, file.day)
        });
        assert_eq!(csv.map(|csv| csv.rows), Some(file.rows), "{}", file.path);
    }
    // From now on both are kept, until somebody says otherwise.
    let again = office.export(json!({"date": "2026-07-01"})).await.unwrap();
    assert_eq!(again["files_written"], 0, "{again}");
    assert_eq!(office.manifest().formats, exports::Format::ALL);
    let csv = office.export(json!({"format": "csv"})).await.unwrap();
    assert_eq!((&csv["files_removed"], &csv["files_written"]), (&json!(11), &json!(0)));
    assert_eq!(office.manifest().formats, [exports::Format::Csv]);
    assert_eq!(office.files().len(), 11, "{:?}", office.files());
}

#[tokio::test(flavor = "multi_thread")]
async fn only_one_export_of_a_tenant_runs() {
    let office = Office::new().await;
    let store = office.database.store(Role::Worker);
    let mut client = store.client().await.unwrap();
    let tenant = Tenant::snapshot(&mut client, TENANT).await.unwrap();
    assert!(store::exports::try_lock(&tenant).await.unwrap());
    let busy = office.export(json!({})).await;
    assert!(matches!(busy, Err(Failure::Postpone { .. })), "{busy:?}");
    drop(tenant);
    office.export(json!({})).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn an_export_that_cannot_write_is_tried_again() {
    let office = Office::new().await;
    office.export(json!({})).await.unwrap();
    let manifest = office.manifest();
    office.execute("update raw_tickets set summary = 'new' where cw_ticket_id = 'T1'").await;
    let before = office.file("fact_ticket/fact_ticket_2026-07-01.csv");
    // The last table cannot be written: what was prepared before it must not appear either.
    let folder = office.root().join(TENANT.to_string()).join("fact_kpi_daily");
    fs::rename(&folder, folder.with_file_name("aside")).unwrap();
    fs::write(&folder, "").unwrap();
    let refused = office.export(json!({})).await;
    let Err(failure @ Failure::Retry(_)) = refused else { panic!("{refused:?}") };
    assert!(failure.to_string().contains("fact_kpi_daily"), "{failure}");
    assert_eq!(office.file("fact_ticket/fact_ticket_2026-07-01.csv"), before);
    assert_eq!(office.manifest(), manifest);

    fs::remove_file(&folder).unwrap();
    fs::rename(folder.with_file_name("aside"), &folder).unwrap();
    let again = office.export(json!({})).await.unwrap();
    assert_eq!(again["files_written"], 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cancelled_export_leaves_nothing() {
    let office = Office::new().await;
    office.cancelled.cancel();
    let stopped = office.export(json!({})).await;
    assert!(matches!(stopped, Err(Failure::Cancelled)), "{stopped:?}");
    assert_eq!(office.files(), Vec::<String>::new());
    assert!(Manifest::read(office.root(), TENANT).unwrap().is_none());
}

#[tokio::test(flavor = "multi_thread")]
async fn days_to_come_and_unknown_tenants_are_rejected() {
    let office = Office::new().await;
    let future = office.export(json!({"date": "2999-01-01"})).await;
    assert!(
        matches!(&future, Err(failure @ Failure::Reject(_)) if failure.to_string().contains("future"))
    );
    let nobody = office.export_of(Uuid::nil(), json!({})).await;
    assert!(matches!(nobody, Err(Failure::Reject(_))), "{nobody:?}");
    assert!(office.files().is_empty());
}
