//! Exports: a star schema as files, against PostgreSQL's own files of the same rows.

use std::fmt::Write as _;

use serde_json::{Value, json};

use super::market::{self, Market};
use super::report::{Row, thousands};
use super::roles::Role;
use super::{Bench, Result, tools};

/// The tables that hold nearly all rows.
const FACTS: [&str; 2] = ["fact_ticket", "fact_time_entry"];

pub(super) async fn measure(bench: &mut Bench) -> Result<()> {
    let market = market::market(bench).await?;
    let limit = by_psql(&market).await?;
    let scheduler = Role::scheduler(&market.ground).await?;
    let worker = Role::worker(&market.ground, &["exports"], market.files.path()).await?;
    let meter = bench.servers.meter();
    let order = json!({"tenant_id": market.large});
    let (result, seconds) = market.ground.run("exports.generate", order).await?;
    let load = meter.load();
    let peak = worker.memory()?.peak_mib();
    drop((scheduler, worker));
    let again = by_psql(&market).await?;
    let limit = limit.min(again);
    let rows = result.get("rows").and_then(Value::as_f64).unwrap_or_default();
    bench.report.row(Row {
        what: format!("`exports.generate` of {} rows", thousands(rows)),
        measured: format!(
            "{seconds:.2} s, {} rows/s, peak memory {peak:.0} MiB",
            thousands(rows / seconds)
        ),
        limit: format!(r"psql `\copy (select …) to` of the facts alone: {limit:.2} s"),
        ratio: Some(limit / seconds),
        aim: "≥ 0.9",
        load: Some(load),
    });
    bench.market = Some(market);
    Ok(())
}

/// Seconds in which psql writes the same facts.
async fn by_psql(market: &Market) -> Result<f64> {
    let folder = tempfile::tempdir()?;
    let mut script =
        String::from("set timezone = 'Europe/Paris'; set work_mem = '64MB'; set jit = off;\n");
    for fact in FACTS {
        let select = store::exports::select(fact, market.large, None).ok_or("no such table")?;
        let select = select.split_whitespace().collect::<Vec<_>>().join(" ");
        let file = folder.path().join(fact);
        let file = file.to_str().ok_or("a folder is not UTF-8")?;
        writeln!(script, "\\copy ({select}) to '{file}' csv header").unwrap();
    }
    Ok(tools::psql(&market.ground.database.url(), &script).await?.as_secs_f64())
}
