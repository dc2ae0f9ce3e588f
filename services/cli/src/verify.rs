//! `courtier verify`: walks through a deployment in seven steps, as the one who installed it would by
//! hand, and writes down what was seen. An eighth looks at it from outside, when it has an address.
//!
//! A step that fails does not end the walk: the verdict names everything that is in the way.

mod calls;
mod credential;
mod proof;
mod public_site;
mod requests;
mod schema;
mod variables;
mod workflows;

use std::future::ready;
use std::process::ExitCode;

use broker::Broker;
use futures::future::LocalBoxFuture;
use jiff::Zoned;
use jiff::civil::Date;
use serde_json::{Value, json};
use settings::api::Api;
use settings::broker::Broker as BrokerSettings;
use settings::database::Database;
use settings::files::Files;
use settings::{ExposeSecret, SecretString};
use store::api_keys::Pepper;
use store::tenants::TenantProfile;
use store::{Role, Store};

use crate::check::{Cause, Check};
use crate::doctor::{broker as queues, database, network, volumes};
use crate::options::VerifyArguments;
use crate::{output, start};
use calls::Calls;
use proof::Proof;

/// Everything a step may need, and what earlier ones have found.
struct Walk {
    arguments: VerifyArguments,
    files: Files,
    store: Store,
    broker: Broker,
    token: SecretString,
    pepper: Pepper,
    calls: Calls,
    proof: Proof,
    date: Date,
    /// Active tenants, once the database has told.
    tenants: Vec<TenantProfile>,
    /// A key of the first tenant, made for this walk.
    key: Option<SecretString>,
}

/// A step of the walk.
struct Step {
    title: &'static str,
    /// What it looks at, for the plan.
    about: &'static str,
    /// None of its checks when it does not apply.
    walk: for<'a> fn(&'a mut Walk) -> LocalBoxFuture<'a, anyhow::Result<Vec<Check>>>,
}

/// The steps in their order.
const STEPS: [Step; 8] = [
    Step {
        title: "1. Network",
        about: "the API is found by its name, and so are database and broker",
        walk: |walk| Box::pin(walk.network()),
    },
    Step {
        title: "2. Variables and secrets",
        about: "all are set; their values are hidden",
        walk: |walk| Box::pin(ready(variables::step(walk))),
    },
    Step {
        title: "3. Volumes",
        about: "mock data can be read, exports can be written",
        walk: |walk| Box::pin(ready(walk.volumes())),
    },
    Step {
        title: "4. Migrations and tenants",
        about: "the tables are there, and somebody to keep figures for",
        walk: |walk| Box::pin(schema::step(walk)),
    },
    Step {
        title: "5. Calls of the API",
        about: "health, tenants, two ingests, KPIs, and the public API with a key",
        walk: |walk| Box::pin(requests::step(walk)),
    },
    Step {
        title: "6. The credential of n8n",
        about: "what it has to send, and that nothing else opens the door",
        walk: |walk| Box::pin(credential::step(walk)),
    },
    Step {
        title: "7. The workflows",
        about: "ingest (WF-01), KPIs (WF-10), exports (WF-20), and the rows they leave",
        walk: |walk| Box::pin(workflows::step(walk)),
    },
    Step {
        title: "8. The site from outside",
        about: "HTTPS, password, and what must be closed, when it has an address",
        walk: |walk| Box::pin(public_site::step(walk)),
    },
];

/// What came of a step.
struct Walked {
    title: &'static str,
    checks: Vec<Check>,
}

impl Walked {
    fn is_well(&self) -> bool {
        self.checks.iter().all(|check| check.ok)
    }

    fn tell(&self) {
        let mark = if self.is_well() { "✓" } else { "✗" };
        output::line(format_args!("{mark} {}", self.title));
        for check in self.checks.iter().filter(|check| !check.ok) {
            output::line(format_args!("  {}", check.text()));
        }
    }
}

pub(crate) async fn run(arguments: VerifyArguments) -> anyhow::Result<ExitCode> {
    let mut walk = Walk::begin(arguments)?;
    let walked = walk.all_steps().await;
    // Also when a step broke off.
    schema::forget_key(&walk).await;
    let walked = walked?;
    let well = walked.iter().all(Walked::is_well);
    walk.proof.verdict(&walk.arguments.url, &walked)?;
    if walk.arguments.format.json {
        output::json(&summary(&walked));
    } else {
        let verdict = if well { "PASS" } else { "BLOCKED" };
        output::line(format_args!("{verdict}: see {}", walk.proof.folder().display()));
    }
    Ok(if well { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

impl Walk {
    fn begin(arguments: VerifyArguments) -> anyhow::Result<Walk> {
        let (database, broker, api, files) = start::load(|reader| {
            let (database, broker) = (Database::load(reader), BrokerSettings::load(reader));
            (database, broker, Api::load(reader), Files::load(reader))
        })?;
        let mut proof = Proof::begin(&arguments.folder)?;
        proof.hide(api.service_token.expose_secret());
        proof.hide_password_of(database.url.expose_secret());
        proof.hide_password_of(broker.url.expose_secret());
        let date = match arguments.date {
            Some(date) => date,
            None => Zoned::now().date().yesterday()?,
        };
        Ok(Walk {
            store: start::store(&database, Role::Worker)?,
            broker: start::broker(&broker)?,
            calls: Calls::new(&arguments.url)?,
            pepper: start::pepper(&api.api_keys),
            token: api.service_token,
            tenants: Vec::new(),
            key: None,
            arguments,
            files,
            proof,
            date,
        })
    }

    async fn all_steps(&mut self) -> anyhow::Result<Vec<Walked>> {
        let mut walked = Vec::new();
        for step in &STEPS {
            self.proof.enter(step);
            let checks = (step.walk)(self).await?;
            if checks.is_empty() {
                continue;
            }
            let step = Walked { title: step.title, checks };
            if !self.arguments.format.json {
                step.tell();
            }
            walked.push(step);
        }
        Ok(walked)
    }

    async fn network(&mut self) -> anyhow::Result<Vec<Check>> {
        self.proof.command(&[format!("curl {}/health", self.arguments.url)])?;
        let mut checks = network::checks(&self.arguments.url, Some(&self.token)).await;
        checks.extend(database::checks(&self.store).await);
        checks.extend(queues::checks(&self.broker).await);
        self.proof.checks("network_verification.txt", &checks)?;
        Ok(checks)
    }

    fn volumes(&mut self) -> anyhow::Result<Vec<Check>> {
        let (mock_data, exports) = (&self.files.mock_data, &self.files.exports);
        let commands = [
            format!("ls {}/tenants.json", mock_data.display()),
            format!("touch {0}/probe && rm {0}/probe", exports.display()),
        ];
        self.proof.command(&commands)?;
        let mut checks = volumes::checks(&self.files);
        if volumes::write_probe(&self.files.mock_data).is_ok() {
            // Not in the way of anything, yet not what the plan asks for.
            let detail = "mock data could be written here; mount them read-only";
            checks.push(Check::well(Cause::Volumes, "mock data, read-only", detail));
        }
        self.proof.checks("coolify_volumes.txt", &checks)?;
        Ok(checks)
    }
}

fn summary(steps: &[Walked]) -> Value {
    let verdict = if steps.iter().all(Walked::is_well) { "PASS" } else { "BLOCKED" };
    let steps: Vec<Value> = steps
        .iter()
        .map(|step| {
            let checks: Vec<Value> = step.checks.iter().map(Check::json).collect();
            json!({"step": step.title, "ok": step.is_well(), "checks": checks})
        })
        .collect();
    json!({"verdict": verdict, "steps": steps})
}
