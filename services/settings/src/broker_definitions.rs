//! The users of the broker, for `courtier broker-definitions`.

use secrecy::{ExposeSecret, SecretString};

use crate::{Reader, Variable, secret};

/// The passwords of the broker's users.
#[derive(Clone, Debug)]
pub struct BrokerDefinitions {
    /// `RABBITMQ_API_PASSWORD`: of `courtier-api`, which only looks.
    pub api: SecretString,
    /// `RABBITMQ_WORKER_PASSWORD`: of `courtier-worker`, which takes commands.
    pub worker: SecretString,
    /// `RABBITMQ_SCHEDULER_PASSWORD`: of `courtier-scheduler`, which sends them.
    pub scheduler: SecretString,
    /// `RABBITMQ_OPERATOR_PASSWORD`: of `operator`, the administrator.
    pub operator: SecretString,
}

const API: Variable = secret("RABBITMQ_API_PASSWORD");
const WORKER: Variable = secret("RABBITMQ_WORKER_PASSWORD");
const SCHEDULER: Variable = secret("RABBITMQ_SCHEDULER_PASSWORD");
const OPERATOR: Variable = secret("RABBITMQ_OPERATOR_PASSWORD");

pub(crate) const VARIABLES: &[Variable] = &[API, WORKER, SCHEDULER, OPERATOR];

/// Shorter passwords can be guessed.
const MIN_LENGTH: usize = 16;

impl BrokerDefinitions {
    pub fn load(reader: &mut Reader<'_>) -> BrokerDefinitions {
        BrokerDefinitions {
            api: password(reader, API),
            worker: password(reader, WORKER),
            scheduler: password(reader, SCHEDULER),
            operator: password(reader, OPERATOR),
        }
    }
}

fn password(reader: &mut Reader<'_>, variable: Variable) -> SecretString {
    let password = reader.secret(variable);
    let n_bytes = password.expose_secret().len();
    if n_bytes > 0 && n_bytes < MIN_LENGTH {
        reader.problem(variable.name, "is too short to be safe: use `openssl rand -hex 24`");
    }
    password
}
