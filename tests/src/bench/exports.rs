//! Exports: a star schema as files, CSV and Parquet, against PostgreSQL's own files of the same rows.

use std::fmt::Write as _;

use serde_json::{Value, json};

use super::market::{self, Market};
use super::report::{Row, thousands};
use super::roles::Role;
use super::{Bench, Result, tools};

pub(super) async fn measure(bench: &mut Bench) -> Result<()> {
    let market = market::market(bench).await?;
    figure(bench, &market, "csv", "≥ 0.9").await?;
    figure(bench, &market, "parquet", "≥ 1.0, memory ≤ 64 MiB").await?;
    bench.market = Some(market);
    Ok(())
}

/// One format by a worker of its own, into a folder of its own, as psql has one: another format in
/// the same folder would be taken away at the end.
async fn figure(bench: &mut Bench, market: &Market, format: &str, aim: &'static str) -> Result<()> {
    let limit = by_psql(market).await?;
    let folder = market.files.path().join(format);
    let scheduler = Role::scheduler(&market.ground).await?;
    let worker = Role::worker(&market.ground, &["exports"], &folder).await?;
    let meter = bench.servers.meter();
    let order = json!({"tenant_id": market.large, "format": format});
    let (result, seconds) = market.ground.run("exports.generate", order).await?;
    let load = meter.load();
    let peak = worker.memory()?.peak_mib();
    drop((scheduler, worker));
    let limit = limit.min(by_psql(market).await?);
    let figure = |name: &str| result.get(name).and_then(Value::as_f64).unwrap_or_default();
    let (rows, megabytes) = (figure("rows"), figure("bytes") / 1e6);
    bench.report.row(Row {
        what: format!("`exports.generate` of {} rows, {format}", thousands(rows)),
        measured: format!(
            "{seconds:.2} s, {} rows/s, {megabytes:.0} MB, peak memory {peak:.0} MiB",
            thousands(rows / seconds)
        ),
        limit: format!(r"psql `\copy (select …) to` of the same tables, as CSV: {limit:.2} s"),
        ratio: Some(limit / seconds),
        aim,
        load: Some(load),
    });
    Ok(())
}

/// Seconds in which psql writes the same tables.
async fn by_psql(market: &Market) -> Result<f64> {
    let folder = tempfile::tempdir()?;
    let mut script = format!(
        "set timezone = 'Europe/Paris'; set work_mem = '64MB'; set jit = off;\nbegin;\n{};\n",
        on_one_line(&store::exports::names(market.large))
    );
    for table in exports::TABLES {
        let select = store::exports::select(table.name, market.large, None);
        let select = on_one_line(&select.ok_or("no such table")?);
        let file = folder.path().join(table.name);
        let file = file.to_str().ok_or("a folder is not UTF-8")?;
        writeln!(script, "\\copy ({select}) to '{file}' csv header").unwrap();
    }
    script.push_str("commit;\n");
    Ok(tools::psql(&market.ground.database.url(), &script).await?.as_secs_f64())
}

fn on_one_line(sql: &str) -> String {
    sql.split_whitespace().collect::<Vec<_>>().join(" ")
}
