//! `courtier broker-definitions`: what RabbitMQ loads when it starts: users with the least rights that
//! do, the topology, and its settings.

use std::fs;
use std::path::Path;
use std::process::ExitCode;

use anyhow::Context;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use broker::{Rights, User};
use settings::broker_definitions::BrokerDefinitions;
use settings::{ExposeSecret, SecretString};
use sha2::{Digest, Sha256};

use crate::options::BrokerDefinitionsArguments;
use crate::{output, start};

/// The virtual host; every `AMQP_URL` of such a broker ends with it.
const VHOST: &str = "courtier";

/// RabbitMQ's settings beside the definitions. It notices the limits of a container by itself.
const SETTINGS: &str = "\
load_definitions = {folder}/definitions.json
log.console = true
vm_memory_high_watermark.relative = 0.6
disk_free_limit.absolute = 1GB
";

const PLUGINS: &str = "[rabbitmq_management,rabbitmq_prometheus].\n";

pub(crate) fn run(arguments: &BrokerDefinitionsArguments) -> anyhow::Result<ExitCode> {
    let passwords = start::load(BrokerDefinitions::load)?;
    let definitions = start::topology("").definitions(VHOST, &users(&passwords));
    let settings = SETTINGS.replace("{folder}", &arguments.mounted_at);
    for (name, content) in [
        ("definitions.json", &format!("{definitions:#}\n")),
        ("50-courtier.conf", &settings),
        ("enabled_plugins", &PLUGINS.to_owned()),
    ] {
        write(&arguments.folder.join(name), content)?;
        output::line(arguments.folder.join(name).display());
    }
    Ok(ExitCode::SUCCESS)
}

fn users(passwords: &BrokerDefinitions) -> Vec<User> {
    let user = |name, password, rights| User { name, password_hash: hash(password), rights };
    vec![
        user("courtier-api", &passwords.api, Rights::Look),
        user("courtier-worker", &passwords.worker, Rights::Work),
        user("courtier-scheduler", &passwords.scheduler, Rights::Send),
        user("operator", &passwords.operator, Rights::Administer),
    ]
}

/// RabbitMQ's own form: a salt, and the hash of salt and password.
fn hash(password: &SecretString) -> String {
    let mut salted = rand::random::<[u8; 4]>().to_vec();
    let mut hash = Sha256::new();
    hash.update(&salted);
    hash.update(password.expose_secret());
    salted.extend(hash.finalize());
    STANDARD.encode(salted)
}

/// Whole or not at all: RabbitMQ may be starting.
fn write(file: &Path, content: &str) -> anyhow::Result<()> {
    let draft = file.with_extension("part");
    fs::write(&draft, content)
        .and_then(|()| fs::rename(&draft, file))
        .with_context(|| format!("{} cannot be written", file.display()))
}
