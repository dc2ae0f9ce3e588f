//! A PostgreSQL and a RabbitMQ of a test's own, to be killed and restarted.

use std::{
    path::Path,
    process::{Command, Stdio},
};

use settings::{Environment, Source};

const STACK: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../compose/stack");

/// Two private servers, taken away when the value is dropped.
pub struct Instance {
    name: String,
    pub database_url: String,
    pub amqp_url: String,
}

impl Instance {
    /// Starts both servers, which takes some seconds. Within a run of the stack tool the instance
    /// belongs to that run, and ends with it whatever happens to the test.
    ///
    /// # Panics
    /// When they do not start.
    pub fn start(suffix: &str) -> Instance {
        Instance::up(suffix, None)
    }

    /// As [`Instance::start`], with `cert.pem` and `key.pem` of a folder. The addresses say nothing
    /// of whom to trust.
    ///
    /// # Panics
    /// When they do not start.
    pub fn start_encrypted(suffix: &str, certificate: &Path) -> Instance {
        Instance::up(suffix, Some(certificate))
    }

    fn up(suffix: &str, certificate: Option<&Path>) -> Instance {
        let name = match Environment.get("STACK_NAME") {
            Some(run) => format!("{run}.{suffix}"),
            None => format!("{suffix}-{}", std::process::id()),
        };
        // From here on, so that a failed start is cleaned up too.
        let empty = String::new();
        let mut instance = Instance { name, database_url: empty.clone(), amqp_url: empty };
        let mut up = instance.command("up", &[]);
        if let Some(folder) = certificate {
            up.env("STACK_TLS", folder);
        }
        finish(up);
        let variables = instance.stack("env", &[]);
        instance.database_url = variable(&variables, "DATABASE_URL");
        instance.amqp_url = variable(&variables, "AMQP_URL");
        instance
    }

    /// Kills RabbitMQ outright.
    pub fn kill_broker(&self) {
        self.stack("kill-broker", &[]);
    }

    /// Starts RabbitMQ again, and returns once it listens.
    pub fn start_broker(&self) {
        self.stack("start-broker", &[]);
    }

    /// Stops RabbitMQ without ending it (`STOP`), or lets it go on (`CONT`).
    ///
    /// # Panics
    /// When it does not run.
    pub fn signal_broker(&self, signal: &str) {
        let root = Path::new(STACK).parent().and_then(Path::parent).unwrap();
        let file = root.join(".stack").join(&self.name).join("rabbitmq/pid");
        let pid = std::fs::read_to_string(file).unwrap();
        let sent = Command::new("kill").args(["-s", signal, pid.trim()]).status().unwrap();
        assert!(sent.success(), "RabbitMQ does not run");
    }

    /// Restarts PostgreSQL as after a crash: sessions are cut off, and its log is replayed.
    pub fn crash_postgres(&self) {
        self.stack("restart-postgres", &["immediate"]);
    }

    /// Runs `rabbitmqctl ARGUMENTS` on this broker, and returns what it printed.
    pub fn rabbitmqctl(&self, arguments: &[&str]) -> String {
        self.stack("rabbitmqctl", arguments)
    }

    fn stack(&self, verb: &str, arguments: &[&str]) -> String {
        finish(self.command(verb, arguments))
    }

    fn command(&self, verb: &str, arguments: &[&str]) -> Command {
        let mut stack = Command::new(STACK);
        stack.arg(verb).arg(&self.name).args(arguments);
        stack.env_remove("DATABASE_URL").env_remove("AMQP_URL").stdin(Stdio::null());
        stack
    }
}

fn finish(mut stack: Command) -> String {
    let output = stack.output().unwrap();
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{stack:?}: {errors}");
    String::from_utf8(output.stdout).unwrap()
}

impl Drop for Instance {
    fn drop(&mut self) {
        self.stack("down", &[]);
    }
}

/// The value in `export NAME='VALUE'`.
fn variable(exports: &str, name: &str) -> String {
    let start = format!("export {name}='");
    let line = exports.lines().find_map(|line| line.strip_prefix(&start)?.strip_suffix('\''));
    line.unwrap_or_else(|| panic!("the stack tool does not print {name}")).to_owned()
}
