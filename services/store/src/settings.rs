//! Table `settings`: what the shop can change while everything runs.
//!
//! [`DEFINITIONS`] is the only list of keys. A row exists only for what was ever set; whatever is
//! written was checked before, and a value that somebody put into the table by other means is an
//! error that names its key, never a silent default.

mod definition;
mod kind;

use cards::config::PricingConfig;
use rust_decimal::Decimal;
use serde::Serialize;
use serde_json::json;

use crate::{Client, Error, Result};

pub use definition::{DEFINITIONS, Definition, find};
pub use kind::Kind;

use definition::Texts;

/// All settings, typed.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Settings {
    pub batch_enabled: bool,
    pub batch_hour: i8,
    pub batch_minute: i8,
    /// IANA name.
    pub batch_timezone: String,
    pub daily_api_limit: i32,
    /// EUR.
    pub low_value_threshold: Decimal,
    pub low_value_refresh_days: i32,
    pub max_error_retries: i32,
    pub ebay_requests_per_second: f64,
    pub ebay_burst: u32,
    pub interactive_reserve_percent: i32,
    pub pricing: PricingConfig,
}

/// A setting as shown to people.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Shown {
    pub key: &'static str,
    pub value: String,
    pub default: &'static str,
    /// What may be written.
    pub accepts: String,
    pub about: &'static str,
}

/// A value that was refused.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Refusal {
    pub key: String,
    /// What would be right.
    pub reason: String,
}

/// A setting that has another value now.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Changed {
    pub key: String,
    /// The default, when it was never set.
    pub before: String,
    pub after: String,
}

/// All settings.
///
/// # Errors
/// [`Error::Value`] when a stored value cannot be used.
#[tracing::instrument(level = "trace", skip_all)]
pub async fn all(client: &Client) -> Result<Settings> {
    Settings::from_texts(&stored(client).await?)
}

/// Every setting with its value and meaning, in the order of [`DEFINITIONS`].
///
/// # Errors
/// When the database cannot be read.
#[tracing::instrument(level = "trace", skip_all)]
pub async fn show(client: &Client) -> Result<Vec<Shown>> {
    let stored = stored(client).await?;
    let value = |key: &str| stored.iter().find(|(known, _)| known == key).map(|(_, text)| text);
    Ok(DEFINITIONS
        .iter()
        .map(|definition| Shown {
            key: definition.key,
            value: value(definition.key)
                .map_or_else(|| definition.default.to_owned(), Clone::clone),
            default: definition.default,
            accepts: definition.kind.to_string(),
            about: definition.about,
        })
        .collect())
}

/// What is wrong with these changes; nothing, when they can be [`set`].
pub fn check(changes: &[(&str, &str)]) -> Vec<Refusal> {
    changes.iter().filter_map(|(key, text)| definition::canonical(key, text).err()).collect()
}

const SET: &str = "
with wanted as (
    select * from unnest($1::text[], $2::text[], $3::text[]) as w (key, value, default_value)
), changed as (
    select key, coalesce(s.value, default_value) as before, w.value as after
    from wanted w left join settings s using (key)
    where s.value is distinct from w.value
), written as (
    insert into settings (key, value) select key, after from changed
    on conflict (key) do update set value = excluded.value, updated_at = clock_timestamp()
), logged as (
    insert into audit_log (actor, action, resource, detail)
    select $4, 'settings.set', key, jsonb_build_object('before', before, 'after', after)
    from changed where before <> after
)
select key, before, after, pg_notify('settings', key) from changed order by key";

/// Sets all of `changes` or none, with a line of the audit log for each value that differs, and
/// notifies the channel `settings` with their keys. Returns what differs.
///
/// # Errors
/// [`Error::Invalid`] names every key that is unknown, given twice or wrong, and what would be
/// right.
#[tracing::instrument(level = "trace", skip_all)]
pub async fn set(client: &Client, actor: &str, changes: &[(&str, &str)]) -> Result<Vec<Changed>> {
    let mut columns: (Vec<&str>, Vec<String>, Vec<&str>) = Default::default();
    let mut refusals = Vec::new();
    for (key, text) in changes {
        match definition::canonical(key, text) {
            Ok((definition, _)) if columns.0.contains(&definition.key) => {
                refusals.push(format!("`{key}` is given twice: give it once"));
            }
            Ok((definition, value)) => {
                columns.0.push(definition.key);
                columns.1.push(value);
                columns.2.push(definition.default);
            }
            Err(refusal) => refusals.push(refusal.reason),
        }
    }
    if !refusals.is_empty() {
        return Err(Error::Invalid(refusals.join("; ")));
    }
    let rows = client.query(SET, &[&columns.0, &columns.1, &columns.2, &actor]).await?;
    let written = rows.iter().map(|row| Changed {
        key: row.get("key"),
        before: row.get("before"),
        after: row.get("after"),
    });
    Ok(written.filter(|one| one.before != one.after).collect())
}

async fn stored(client: &Client) -> Result<Vec<(String, String)>> {
    let rows = client.query("select key, value from settings", &[]).await?;
    Ok(rows.iter().map(|row| (row.get(0), row.get(1))).collect())
}

impl Settings {
    /// Reads settings from their texts; keys that nobody defined are passed over.
    ///
    /// # Errors
    /// [`Error::Value`] names the key whose text cannot be used.
    pub fn from_texts(stored: &[(String, String)]) -> Result<Settings> {
        let texts = Texts(stored);
        Ok(Settings {
            batch_enabled: texts.parse("batch_enabled")?,
            batch_hour: texts.parse("batch_hour")?,
            batch_minute: texts.parse("batch_minute")?,
            batch_timezone: texts.parse("batch_timezone")?,
            daily_api_limit: texts.parse("daily_api_limit")?,
            low_value_threshold: texts.parse("low_value_threshold")?,
            low_value_refresh_days: texts.parse("low_value_refresh_days")?,
            max_error_retries: texts.parse("max_error_retries")?,
            ebay_requests_per_second: texts.parse("ebay_requests_per_second")?,
            ebay_burst: texts.parse("ebay_burst")?,
            interactive_reserve_percent: texts.parse("interactive_reserve_percent")?,
            pricing: texts.pricing()?,
        })
    }
}

impl Default for Settings {
    fn default() -> Settings {
        Settings::from_texts(&[]).expect("a test reads all defaults")
    }
}

/// What the settings mean, as one JSON object: for logs and reports.
impl From<&Settings> for serde_json::Value {
    fn from(settings: &Settings) -> Self {
        json!(settings)
    }
}

#[cfg(test)]
mod tests;
