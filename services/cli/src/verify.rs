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
mod shop;
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
use settings::{ExposeSecret, Reader, SecretString};
use store::api_keys::Pepper;
use store::tenants::TenantProfile;
use store::{Role, Store};

use crate::check::{Cause, Check};
use crate::doctor::{self, broker as queues, database, network, volumes};
use crate::options::VerifyArguments;
use crate::{output, start};
use calls::Calls;
use proof::Proof;
use public_site::Outside;

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
    /// There are cards and no tenants: the shop is looked at, once the third step knows.
    is_shop: bool,
    outside: Outside,
}

/// The variables that a walk needs.
struct Variables {
    database: Database,
    broker: BrokerSettings,
    api: Api,
    files: Files,
    public_url: String,
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
        walk: |walk| Box::pin(ready(variables::step(&walk.proof))),
    },
    Step {
        title: "3. Volumes",
        about: "mock data can be read, exports can be written",
        walk: |walk| Box::pin(walk.volumes()),
    },
    Step {
        title: "4. Migrations and tenants",
        about: "the tables are there, and somebody to keep figures for",
        walk: |walk| Box::pin(schema::step(walk)),
    },
    Step {
        title: "5. Calls of the API",
        about: "health, tenants, two ingests, KPIs, and the public API with a key; quota and prices \
                where there are cards and no tenants",
        walk: |walk| Box::pin(requests::step(walk)),
    },
    Step {
        title: "6. The credential of n8n",
        about: "what it has to send, and that nothing else opens the door",
        walk: |walk| Box::pin(credential::step(walk)),
    },
    Step {
        title: "7. The workflows",
        about: "ingest (WF-01), KPIs (WF-10), exports (WF-20), and the rows they leave; the price \
                list where there are cards and no tenants",
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

    fn tell(&self, arguments: &VerifyArguments) {
        if arguments.format.json {
            return;
        }
        let mark = if self.is_well() { "✓" } else { "✗" };
        output::line(format_args!("{mark} {}", self.title));
        for check in self.checks.iter().filter(|check| !check.ok) {
            output::line(format_args!("  {}", check.text()));
        }
    }
}

pub(crate) async fn run(arguments: VerifyArguments) -> anyhow::Result<ExitCode> {
    // What is wrong with these is said before anything is touched.
    let password = public_site::password(&arguments)?;
    let authority = public_site::authority(&arguments)?;
    let proof = Proof::begin(&arguments.folder, arguments.n8n_executions.is_some())?;
    let variables = match start::load(Variables::load) {
        Ok(variables) => variables,
        Err(problems) => {
            let checks = doctor::variables::checks(&problems);
            let step = Walked { title: STEPS[1].title, checks };
            variables::step(&proof)?;
            step.tell(&arguments);
            return judge(&arguments, &proof, &[step]);
        }
    };
    let outside = Outside { url: variables.public_url.clone(), password, authority };
    let mut walk = Walk::begin(arguments, variables, proof, outside)?;
    let walked = walk.all_steps().await;
    schema::forget_key(&walk).await;
    judge(&walk.arguments, &walk.proof, &walked)
}

/// Writes the verdict, and says it.
fn judge(
    arguments: &VerifyArguments,
    proof: &Proof,
    walked: &[Walked],
) -> anyhow::Result<ExitCode> {
    let well = walked.iter().all(Walked::is_well);
    proof.verdict(&arguments.url, walked)?;
    if arguments.format.json {
        output::json(&summary(walked));
    } else {
        let verdict = if well { "PASS" } else { "BLOCKED" };
        output::line(format_args!("{verdict}: see {}", proof.folder().display()));
    }
    Ok(if well { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

impl Variables {
    fn load(reader: &mut Reader<'_>) -> Variables {
        Variables {
            database: Database::load(reader),
            broker: BrokerSettings::load(reader),
            api: Api::load(reader),
            files: Files::load(reader),
            public_url: settings::admin::public_url(reader),
        }
    }
}

impl Walk {
    fn begin(
        arguments: VerifyArguments,
        variables: Variables,
        mut proof: Proof,
        outside: Outside,
    ) -> anyhow::Result<Walk> {
        let Variables { database, broker, api, files, .. } = variables;
        proof.hide(api.service_token.expose_secret());
        proof.hide_password_of(database.url.expose_secret());
        proof.hide_password_of(broker.url.expose_secret());
        if let Some((_, password)) = &outside.password {
            proof.hide(password);
        }
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
            is_shop: false,
            outside,
            arguments,
            files,
            proof,
            date,
        })
    }

    async fn all_steps(&mut self) -> Vec<Walked> {
        let mut walked = Vec::new();
        for step in &STEPS {
            self.proof.enter(step);
            let checks = (step.walk)(self).await.unwrap_or_else(|error| vec![broken_off(&error)]);
            if checks.is_empty() {
                continue;
            }
            let step = Walked { title: step.title, checks };
            step.tell(&self.arguments);
            walked.push(step);
        }
        walked
    }

    async fn network(&mut self) -> anyhow::Result<Vec<Check>> {
        self.proof.command(&[format!("curl {}/health", self.arguments.url)])?;
        let mut checks = network::checks(&self.arguments.url, Some(&self.token)).await;
        checks.extend(database::checks(&self.store).await);
        checks.extend(queues::checks(&self.broker).await);
        self.proof.checks("network_verification.txt", &checks)?;
        Ok(checks)
    }

    async fn volumes(&mut self) -> anyhow::Result<Vec<Check>> {
        self.is_shop = volumes::is_shop(&self.store, &self.files).await;
        let (mock_data, exports) = (self.files.mock_data.as_path(), &self.files.exports);
        let commands = [
            format!("ls {}/tenants.json", mock_data.display()),
            format!("touch {0}/probe && rm {0}/probe", exports.display()),
        ];
        self.proof.command(&commands)?;
        let mut checks = volumes::checks(&self.files, self.is_shop);
        if mock_data.is_dir() && volumes::write_probe(mock_data).is_ok() {
            // Not in the way of anything, yet not what the plan asks for.
            let detail = "mock data could be written here; mount them read-only";
            checks.push(Check::well(Cause::Volumes, "mock data, read-only", detail));
        }
        self.proof.checks("coolify_volumes.txt", &checks)?;
        Ok(checks)
    }
}

/// A step that could not be walked to its end, such as by a database that goes away meanwhile.
fn broken_off(error: &anyhow::Error) -> Check {
    let advice = "mend what it names, and walk again";
    Check::ill(Cause::Results, "step", format!("broke off: {error:#}"), advice)
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
