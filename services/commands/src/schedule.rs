//! From a schedule to the order of one of its slots.

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use serde_json::{Value, json};
use store::schedules::{NIGHTLY_BATCH, Recurrence, Schedule};
use uuid::Uuid;

use crate::{Accepted, Definition, Invalid, find};

/// The command of a schedule's slot, with its parameters as it would be accepted by hand.
///
/// # Errors
/// [`Invalid`] names the field of the schedule, or the parameter.
pub fn order(
    command: &str,
    parameters: &Value,
    tenant_id: Option<Uuid>,
    day: Date,
) -> Result<(&'static Definition, Accepted), Invalid> {
    let definition = find(command).ok_or_else(|| {
        Invalid::new("command", format!("`{command}` is no command: `courtier enqueue` lists them"))
    })?;
    let Value::Object(fields) = parameters else {
        return Err(Invalid::new("parameters", "must be an object, such as {\"mode\": \"full\"}"));
    };
    let mut fields = fields.clone();
    for value in fields.values_mut() {
        match value.as_str() {
            Some("{today}") => *value = json!(day),
            Some("{yesterday}") => *value = json!(day.saturating_sub(jiff::Span::new().days(1))),
            _ => {}
        }
    }
    if let Some(id) = tenant_id {
        fields.entry("tenant_id").or_insert_with(|| json!(id));
    }
    let accepted = definition.accept(Value::Object(fields))?;
    if accepted.tenant_id != tenant_id {
        let message = "is said by the schedule's tenant: leave it out here";
        return Err(Invalid::new("tenant_id", message));
    }
    Ok((definition, accepted))
}

/// Everything that is wrong with a schedule; nothing, when it can be stored. Whether its tenant
/// exists is not looked at.
pub fn check(schedule: &Schedule, now: Timestamp) -> Vec<Invalid> {
    let mut wrong = Vec::new();
    let mut note = |field: &str, message: String| wrong.push(Invalid::new(field, message));
    let is_word = |word: &str| {
        !word.is_empty() && word.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit())
    };
    if !schedule.name.split('-').all(is_word) {
        note(
            "name",
            format!("`{}` is not words joined by hyphens, as in kpi-night", schedule.name),
        );
    }
    let mut zone = TimeZone::UTC;
    if let Some(name) = &schedule.timezone {
        match TimeZone::get(name) {
            Ok(known) => zone = known,
            Err(_) => note("timezone", format!("`{name}` is no time zone such as Europe/Paris")),
        }
    }
    match (&schedule.cron, schedule.name.as_str()) {
        (None, NIGHTLY_BATCH) => {}
        (Some(_), NIGHTLY_BATCH) => {
            note("cron", "is in the settings: batch_hour and batch_minute".to_owned());
        }
        (None, _) => note("cron", "is required: five fields such as `30 7 * * *`".to_owned()),
        (Some(cron), _) => {
            if let Err(reason) = Recurrence::new(cron, zone.clone()) {
                note("cron", reason);
            }
        }
    }
    let tenant_id = if schedule.each_tenant { Some(Uuid::nil()) } else { schedule.tenant_id };
    let day = now.to_zoned(zone).date();
    if let Err(invalid) = order(&schedule.command, &schedule.parameters, tenant_id, day) {
        let field = match invalid.field.as_str() {
            field @ ("command" | "parameters") => field.to_owned(),
            // The schedule says it, not its parameters.
            "tenant_id" => "tenant".to_owned(),
            "" => "parameters".to_owned(),
            field => format!("parameters.{field}"),
        };
        note(&field, invalid.message);
    }
    wrong
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use store::schedules::Condition;

    use super::*;

    fn schedule(name: &str, command: &str, parameters: Value) -> Schedule {
        Schedule {
            name: name.to_owned(),
            command: command.to_owned(),
            parameters,
            tenant_id: None,
            each_tenant: true,
            cron: Some("0 6 * * *".to_owned()),
            timezone: None,
            only_when: Some(Condition::DirtyDays),
            is_enabled: true,
            changed_at: Timestamp::UNIX_EPOCH,
        }
    }

    fn wrong(schedule: &Schedule) -> Vec<String> {
        let now = date(2026, 11, 22).at(12, 0, 0, 0).to_zoned(TimeZone::UTC).unwrap().timestamp();
        check(schedule, now).into_iter().map(|invalid| invalid.field).collect()
    }

    #[test]
    fn dates_of_the_slot_take_the_place_of_their_names() {
        let tenant = Uuid::from_u128(7);
        let parameters = json!({"from": "{yesterday}", "to": "{today}"});
        let day = date(2026, 3, 1);
        let (definition, accepted) =
            order("kpi.compute-range", &parameters, Some(tenant), day).unwrap();
        assert_eq!(definition.name, "kpi.compute-range");
        let expected = json!({"tenant_id": tenant, "from": "2026-02-28", "to": "2026-03-01"});
        assert_eq!(accepted.payload, expected);
        assert_eq!(accepted.tenant_id, Some(tenant));
    }

    #[test]
    fn what_is_wrong_is_named_by_its_field() {
        let good = schedule("kpi-night", "kpi.compute-daily", json!({"date": "{yesterday}"}));
        assert_eq!(wrong(&good), Vec::<String>::new());
        let named = Schedule { name: "KPI night".into(), ..good.clone() };
        assert_eq!(wrong(&named), ["name"]);
        let timed = Schedule {
            cron: Some("61 * * * *".into()),
            timezone: Some("Europe/Pariss".into()),
            ..good.clone()
        };
        assert_eq!(wrong(&timed), ["timezone", "cron"]);
        let never = Schedule { cron: Some("0 0 30 2 *".into()), ..good.clone() };
        assert_eq!(wrong(&never), ["cron"]);
        let seconds = Schedule { cron: Some("0 0 6 * * *".into()), ..good.clone() };
        assert_eq!(wrong(&seconds), ["cron"]);
        let alone = Schedule { each_tenant: false, ..good.clone() };
        assert_eq!(wrong(&alone), ["tenant"]);
        assert_eq!(wrong(&schedule("a", "kpi.compute", json!({}))), ["command"]);
        assert_eq!(wrong(&schedule("a", "kpi.compute-daily", json!({}))), ["parameters.date"]);
        assert_eq!(wrong(&schedule("a", "kpi.recompute", json!([]))), ["parameters"]);
        assert_eq!(wrong(&schedule("a", "diagnostics.ping", json!({}))), ["tenant"]);
    }

    #[test]
    fn the_nightly_batch_keeps_its_time_in_the_settings() {
        let mut nightly = schedule(NIGHTLY_BATCH, "batch.run", json!({"mode": "hybrid"}));
        nightly.each_tenant = false;
        assert_eq!(wrong(&nightly), ["cron"]);
        nightly.cron = None;
        assert_eq!(wrong(&nightly), Vec::<String>::new());
        nightly.name = "other".into();
        assert_eq!(wrong(&nightly), ["cron"]);
    }
}
