//! `courtier schedules`.

use std::process::ExitCode;

use anyhow::bail;
use commands::Invalid;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde_json::{Value, json};
use store::schedules::{self, Change, NIGHTLY_BATCH, Schedule, Upcoming};
use store::{Client, Role, settings, tenants};

use crate::options::{FormatArgument, SchedulesAction};
use crate::{output, start};

/// Who the audit log says it was.
const ACTOR: &str = "cli";

pub(crate) async fn run(action: SchedulesAction) -> anyhow::Result<ExitCode> {
    let mut client = start::client(Role::Worker).await?;
    match action {
        SchedulesAction::List(format) => list(&client, format).await,
        SchedulesAction::Next { limit, format } => next(&client, limit, format).await,
        SchedulesAction::Set { name, changes, format } => {
            set(&mut client, &name, &changes, format).await
        }
        SchedulesAction::Enable { name } => switch(&mut client, &name, true).await,
        SchedulesAction::Disable { name } => switch(&mut client, &name, false).await,
        SchedulesAction::Remove { name } => {
            let change = schedules::remove(&mut client, ACTOR, &name).await?;
            told(&name, change)
        }
    }
}

async fn list(client: &Client, format: FormatArgument) -> anyhow::Result<ExitCode> {
    let all = schedules::list(client).await?;
    if format.json {
        output::json(&json!(all));
        return Ok(ExitCode::SUCCESS);
    }
    let settings = settings::all(client).await?;
    let rows = all.into_iter().map(|schedule| {
        let is_nightly = schedule.name == NIGHTLY_BATCH;
        let is_on = if is_nightly { settings.batch_enabled } else { schedule.is_enabled };
        let when = schedule.cron.clone().unwrap_or_else(|| {
            format!("{:02}:{:02} by the settings", settings.batch_hour, settings.batch_minute)
        });
        let zone = match (&schedule.timezone, &schedule.tenant_id, schedule.each_tenant) {
            (Some(zone), ..) => zone.clone(),
            (None, None, false) => settings.batch_timezone.clone(),
            _ => "the tenant's".to_owned(),
        };
        vec![
            if is_on { "on" } else { "off" }.to_owned(),
            tenant(&schedule),
            schedule.name,
            when,
            zone,
            schedule.command,
            parameters(&schedule.parameters),
            output::or_dash(schedule.only_when.map(schedules::Condition::as_str)),
        ]
    });
    let header = ["", "tenant", "schedule", "when", "zone", "command", "parameters", "only with"];
    output::table(&header, rows.collect());
    Ok(ExitCode::SUCCESS)
}

fn tenant(schedule: &Schedule) -> String {
    if schedule.each_tenant { "each".to_owned() } else { output::or_dash(schedule.tenant_id) }
}

fn parameters(parameters: &Value) -> String {
    let fields = parameters.as_object().into_iter().flatten();
    let fields: Vec<_> =
        fields.map(|(name, value)| format!("{name}={}", output::text(value))).collect();
    fields.join(" ")
}

async fn next(client: &Client, limit: usize, format: FormatArgument) -> anyhow::Result<ExitCode> {
    let next = schedules::upcoming(client, limit).await?;
    if format.json {
        output::json(&json!(next));
        return Ok(ExitCode::SUCCESS);
    }
    if next.is_empty() {
        output::line("nothing: no schedule is on");
        return Ok(ExitCode::SUCCESS);
    }
    let zone = settings::all(client).await?.batch_timezone;
    output::line(format_args!("times in {zone}"));
    output::line(table(&next, &zone));
    Ok(ExitCode::SUCCESS)
}

/// Fires, in the time of one zone.
pub(crate) fn table(next: &[Upcoming], zone: &str) -> String {
    let zone = TimeZone::get(zone).unwrap_or(TimeZone::UTC);
    let rows = next.iter().map(|one| {
        let time = one.slot.to_zoned(zone.clone()).strftime("%a %Y-%m-%d %H:%M").to_string();
        let whom = match (&one.tenant_name, one.n_commands) {
            (Some(name), _) => name.clone(),
            (None, 1) => "–".to_owned(),
            (None, n) => format!("{n} tenants"),
        };
        vec![time, one.schedule.clone(), one.command.clone(), whom]
    });
    output::table_text(&["fires", "schedule", "command", "tenant"], rows.collect())
}

async fn set(
    client: &mut Client,
    name: &str,
    changes: &[(String, String)],
    format: FormatArgument,
) -> anyhow::Result<ExitCode> {
    let known = schedules::get(client, name).await?;
    let mut schedule = known.unwrap_or_else(|| new(name));
    let mut wrong: Vec<Invalid> = Vec::new();
    for (field, value) in changes {
        wrong.extend(change(&mut schedule, field, value).err());
    }
    if wrong.is_empty() {
        wrong = commands::schedule::check(&schedule, Timestamp::now());
    }
    if let Some(tenant) = schedule.tenant_id
        && tenants::get(client, tenant).await?.is_none()
    {
        wrong.push(Invalid::new("tenant", format!("there is no tenant {tenant}")));
    }
    if !wrong.is_empty() {
        for invalid in &wrong {
            eprintln!("courtier: {name}: {invalid}");
        }
        return Ok(ExitCode::from(output::REFUSED));
    }
    let change = schedules::put(client, ACTOR, &schedule).await?;
    if format.json {
        output::json(&json!({ "change": change, "schedule": schedule }));
        return Ok(ExitCode::SUCCESS);
    }
    told(name, change)
}

/// A schedule that is off until somebody has looked at it.
fn new(name: &str) -> Schedule {
    Schedule {
        name: name.to_owned(),
        command: String::new(),
        parameters: json!({}),
        tenant_id: None,
        each_tenant: false,
        cron: None,
        timezone: None,
        only_when: None,
        is_enabled: false,
        changed_at: Timestamp::UNIX_EPOCH,
    }
}

fn change(schedule: &mut Schedule, field: &str, value: &str) -> Result<(), Invalid> {
    let wrong = |message: String| Invalid::new(field, message);
    let given = (!value.is_empty()).then(|| value.to_owned());
    match field {
        "command" => value.clone_into(&mut schedule.command),
        "cron" => schedule.cron = given,
        "timezone" => schedule.timezone = given,
        "only_when" => {
            schedule.only_when = given.map(|text| text.parse()).transpose().map_err(wrong)?;
        }
        "tenant" => {
            schedule.each_tenant = value == "each";
            schedule.tenant_id = match value {
                "" | "each" => None,
                id => Some(id.parse().map_err(|_| {
                    wrong(format!("`{id}` is no id of a tenant: give one, `each`, or nothing"))
                })?),
            };
        }
        "parameters" => {
            schedule.parameters =
                serde_json::from_str(value).map_err(|error| wrong(format!("no JSON: {error}")))?;
        }
        _ => {
            return Err(wrong(
                "is no field; there are command, cron, only_when, parameters, tenant and timezone"
                    .to_owned(),
            ));
        }
    }
    Ok(())
}

async fn switch(client: &mut Client, name: &str, is_enabled: bool) -> anyhow::Result<ExitCode> {
    if name == NIGHTLY_BATCH {
        bail!(
            "{name} is switched by a setting: `courtier settings set batch_enabled={is_enabled}`"
        );
    }
    told(name, schedules::set_enabled(client, ACTOR, name, is_enabled).await?)
}

fn told(name: &str, change: Change) -> anyhow::Result<ExitCode> {
    let what = match change {
        Change::Missing => {
            bail!("there is no schedule {name}: `courtier schedules list` shows all of them")
        }
        Change::Created => "created, and off: `courtier schedules enable` switches it on",
        Change::Updated => "updated",
        Change::Removed => "removed",
        Change::Unchanged => "nothing to do: it is so already",
    };
    output::line(format_args!("{name}: {what}"));
    Ok(ExitCode::SUCCESS)
}
