//! Step 4: the tables, the tenants, and a key to try the public API with.

use std::fmt::Write as _;

use jiff::{SignedDuration, Timestamp};
use settings::ExposeSecret as _;
use store::{api_keys, proof, tenants};

use super::Walk;
use crate::check::{Cause, Check};
use crate::doctor::database;

/// The name under which the key of a walk is listed.
const KEY_NAME: &str = "verify";
/// A walk that is cut off leaves its key behind: it ends by itself.
const KEY_LIFE: SignedDuration = SignedDuration::from_hours(1);

pub(super) async fn step(walk: &mut Walk) -> anyhow::Result<Vec<Check>> {
    let commands = ["courtier migrate", "courtier seed", "psql \"$DATABASE_URL\" -c '\\dt'"];
    walk.proof.command(&commands.map(str::to_owned))?;
    let mut checks = database::checks(&walk.store).await;
    // A wrong clock does not keep tables from being read.
    if checks.iter().any(|check| !check.ok && check.cause != Cause::Clock) {
        walk.proof.checks("migration_output.txt", &checks)?;
        walk.proof.output("seed_output.txt", "not reached\n")?;
        return Ok(checks);
    }
    let client = walk.store.client().await?;
    let tables = proof::tables(&client).await?;
    let seen: Vec<String> = checks.iter().map(Check::text).collect();
    let text = format!("{}\n\n{} tables:\n{}\n", seen.join("\n"), tables.len(), tables.join("\n"));
    walk.proof.output("migration_output.txt", &text)?;

    walk.tenants = tenants::list(&client, true).await?;
    checks.push(found(walk));
    if let Some(first) = walk.tenants.first() {
        let expires_at = Timestamp::now() + KEY_LIFE;
        let created =
            api_keys::create(&client, &walk.pepper, first.id, KEY_NAME, Some(expires_at)).await?;
        walk.proof.hide(&created.key);
        walk.key = Some(created.key.into());
    }
    let keys = api_keys::list(&client, None).await?;
    let mut text = String::new();
    for tenant in &walk.tenants {
        _ = writeln!(text, "tenant {} {} ({})", tenant.id, tenant.name, tenant.timezone);
        for key in keys.iter().filter(|key| key.tenant_id == tenant.id && key.revoked_at.is_none())
        {
            _ = writeln!(text, "  key {}: msp_ak_{}_***", key.name, key.lookup);
        }
    }
    walk.proof.output("seed_output.txt", &text)?;
    Ok(checks)
}

fn found(walk: &Walk) -> Check {
    let name = "tenants";
    match walk.tenants.len() {
        0 if walk.is_shop => Check::well(Cause::Migrations, name, "none, and none is needed"),
        0 => Check::ill(Cause::Migrations, name, "there is none", "run `courtier seed`"),
        n => Check::well(Cause::Migrations, name, format!("{n} are active")),
    }
}

/// Takes the key of this walk away again.
pub(super) async fn forget_key(walk: &Walk) {
    let Some(key) = &walk.key else { return };
    let forgotten = async {
        let client = walk.store.client().await?;
        match api_keys::find(&client, &walk.pepper, key.expose_secret()).await? {
            Some(access) => api_keys::revoke(&client, access.key_id).await,
            None => Ok(false),
        }
    };
    if let Err(error) = forgotten.await {
        eprintln!("note: the key of this walk ends within an hour by itself ({error})");
    }
}
