//! `courtier seed`: the tenants of `MOCK_DATA_PATH/tenants.json`, and a key for each new one.

use std::process::ExitCode;

use serde_json::{Value, json};
use settings::{api_keys::ApiKeys, database::Database, files::Files};
use store::{
    Client, Role,
    api_keys::{self, Pepper, SCOPES},
    audit,
    tenants::{self, Change, TenantWanted},
};
use uuid::Uuid;

use crate::{options::SeedArguments, output, start};

/// Who it was, for the audit log.
const ACTOR: &str = "cli";
/// The name under which a seeded key is listed.
const KEY_NAME: &str = "seed";

struct Seeded {
    wanted: TenantWanted,
    change: Change,
    /// Only for a tenant that has none yet.
    key: Option<String>,
}

pub(crate) async fn run(arguments: SeedArguments) -> anyhow::Result<ExitCode> {
    let (database, files, keys) =
        start::load(|reader| (Database::load(reader), Files::load(reader), ApiKeys::load(reader)))?;
    let pepper = start::pepper(&keys);
    let file = psa::mock::read_tenants(&files.mock_data)?;
    if !file.ignored_keys.is_empty() {
        eprintln!(
            "note: tenants.json has keys that mean nothing here: {}",
            file.ignored_keys.join(", ")
        );
    }
    let mut client = start::store(&database, Role::Worker)?.client().await?;
    let mut seeded = Vec::new();
    for record in file.tenants {
        let wanted = TenantWanted {
            id: record.id,
            name: record.name,
            is_active: record.is_active,
            timezone: record.timezone,
            folder: record.folder,
        };
        seeded.push(seed(&mut client, &pepper, wanted).await?);
    }
    if arguments.format.json {
        output::json(&seeded.iter().map(Seeded::json).collect());
    } else {
        show(&seeded);
    }
    Ok(ExitCode::SUCCESS)
}

async fn seed(
    client: &mut Client,
    pepper: &Pepper,
    wanted: TenantWanted,
) -> anyhow::Result<Seeded> {
    let change = tenants::upsert(client, &wanted).await?;
    let action = match change {
        Change::Created => Some("tenants.create"),
        Change::Updated => Some("tenants.update"),
        Change::Unchanged => None,
    };
    if let Some(action) = action {
        let detail = json!({"name": wanted.name, "timezone": wanted.timezone});
        audit::log(client, ACTOR, action, &wanted.id.to_string(), &detail).await?;
    }
    let has_key = !api_keys::list(client, Some(wanted.id)).await?.is_empty();
    let key = if has_key { None } else { Some(first_key(client, pepper, wanted.id).await?) };
    Ok(Seeded { wanted, change, key })
}

async fn first_key(client: &Client, pepper: &Pepper, tenant_id: Uuid) -> anyhow::Result<String> {
    let created = api_keys::create(client, pepper, tenant_id, KEY_NAME, None).await?;
    let detail = json!({"tenant_id": tenant_id, "name": KEY_NAME, "scopes": SCOPES});
    audit::log(client, ACTOR, "api-keys.create", &created.id.to_string(), &detail).await?;
    Ok(created.key)
}

fn show(seeded: &[Seeded]) {
    let rows = seeded.iter().map(|tenant| {
        let key = tenant.key.clone().unwrap_or_else(|| "has one already".to_owned());
        let id = tenant.wanted.id.to_string();
        vec![id, tenant.wanted.name.clone(), tenant.change().to_owned(), key]
    });
    output::table(&["id", "name", "tenant", "API key"], rows.collect());
    if seeded.iter().any(|tenant| tenant.key.is_some()) {
        eprintln!("Keep the keys now: they are not shown again.");
    }
}

impl Seeded {
    fn change(&self) -> &'static str {
        match self.change {
            Change::Created => "created",
            Change::Updated => "updated",
            Change::Unchanged => "unchanged",
        }
    }

    fn json(&self) -> Value {
        json!({
            "id": self.wanted.id, "name": self.wanted.name, "tenant": self.change(),
            "api_key": self.key,
        })
    }
}
