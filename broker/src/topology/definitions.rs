//! The topology with its users in the form that RabbitMQ loads when it starts, so that roles need no
//! more rights than they use.

use lapin::ExchangeKind;
use serde_json::{Value, json};

use super::{Argument, DEAD_LANE, QueueSpec, Topology};

/// What a user may do on the broker.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rights {
    /// See whether queues exist, and how long they are: the API and the admin site. May also ask
    /// RabbitMQ's HTTP API, as autoscalers do.
    Look,
    /// Declare the topology and take from the lanes. Cannot send a command.
    Work,
    /// Declare the topology, send commands, take dead letters.
    Send,
    /// Everything.
    Administer,
}

/// A user of the broker.
#[derive(Debug, Clone)]
pub struct User {
    pub name: &'static str,
    /// As RabbitMQ keeps it: base64 of a salt of four bytes and the SHA-256 of salt and password.
    pub password_hash: String,
    pub rights: Rights,
}

impl Topology {
    /// Everything of this topology in a virtual host of its own, and `users` with their rights.
    pub fn definitions(&self, vhost: &str, users: &[User]) -> Value {
        let exchanges = self.exchanges().map(|spec| {
            json!({
                "name": spec.name, "vhost": vhost, "type": kind(&spec.kind), "durable": true,
                "auto_delete": false, "internal": false, "arguments": {},
            })
        });
        let queues = self.queues();
        json!({
            "vhosts": [{"name": vhost}],
            "users": users.iter().map(user).collect::<Vec<_>>(),
            "permissions":
                users.iter().map(|user| self.permission(vhost, user)).collect::<Vec<_>>(),
            "exchanges": exchanges,
            "queues": queues.iter().map(|spec| queue(vhost, spec)).collect::<Vec<_>>(),
            "bindings": queues.iter().map(|spec| binding(vhost, spec)).collect::<Vec<_>>(),
        })
    }

    /// Declaring takes the right to configure; binding writes to the queue and reads the exchange;
    /// a queue that dead-letters reads itself and writes to the dead exchange.
    fn permission(&self, vhost: &str, user: &User) -> Value {
        let exchanges = [self.exchange(), self.dead_exchange()];
        let queues: Vec<String> = self.queues().into_iter().map(|spec| spec.name).collect();
        let lanes: Vec<String> =
            self.lanes().filter(|lane| *lane != DEAD_LANE).map(|lane| self.queue(lane)).collect();
        let all = only(&[&exchanges[..], &queues[..]].concat());
        let (configure, write, read) = match user.rights {
            Rights::Look => (nothing(), nothing(), nothing()),
            Rights::Work => {
                let write = only(&[&[self.dead_exchange()], &queues[..]].concat());
                (all, write, only(&[&exchanges[..], &lanes[..]].concat()))
            }
            Rights::Send => (all.clone(), all.clone(), all),
            Rights::Administer => (".*".to_owned(), ".*".to_owned(), ".*".to_owned()),
        };
        json!({
            "user": user.name, "vhost": vhost, "configure": configure, "write": write,
            "read": read,
        })
    }
}

fn kind(kind: &ExchangeKind) -> &str {
    match kind {
        ExchangeKind::Direct => "direct",
        ExchangeKind::Fanout => "fanout",
        ExchangeKind::Headers => "headers",
        ExchangeKind::Topic => "topic",
        ExchangeKind::Custom(name) => name,
    }
}

fn user(user: &User) -> Value {
    let tags: &[&str] = match user.rights {
        Rights::Look => &["management"],
        Rights::Work | Rights::Send => &[],
        Rights::Administer => &["administrator"],
    };
    json!({
        "name": user.name, "password_hash": user.password_hash,
        "hashing_algorithm": "rabbit_password_hashing_sha256", "tags": tags,
    })
}

fn queue(vhost: &str, spec: &QueueSpec) -> Value {
    let arguments: serde_json::Map<String, Value> = spec
        .arguments
        .iter()
        .map(|(name, value)| {
            let value = match value {
                Argument::Number(number) => json!(number),
                Argument::Text(text) => json!(text),
            };
            ((*name).to_owned(), value)
        })
        .collect();
    json!({
        "name": spec.name, "vhost": vhost, "durable": true, "auto_delete": false,
        "arguments": arguments,
    })
}

fn binding(vhost: &str, spec: &QueueSpec) -> Value {
    json!({
        "source": spec.exchange, "vhost": vhost, "destination": spec.name,
        "destination_type": "queue", "routing_key": spec.routing_key, "arguments": {},
    })
}

/// A pattern that no name matches.
fn nothing() -> String {
    "^$".to_owned()
}

/// A pattern for these names; dots are meant as such.
fn only(names: &[String]) -> String {
    let escaped: Vec<String> = names.iter().map(|name| name.replace('.', r"\.")).collect();
    format!("^({})$", escaped.join("|"))
}
