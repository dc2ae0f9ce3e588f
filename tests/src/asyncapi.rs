//! The `AsyncAPI` 3 document: which messages travel, over which queues. Made from the broker's
//! topology and the table of commands, and compared with `docs/asyncapi.yaml` by a test.

use std::fmt::Write as _;

use broker::{Binding, DEAD_LANE, Topology};
use serde_json::{Map, Value, json};

/// The document as YAML.
pub fn document() -> String {
    let lanes: Vec<&str> = commands::LANES.iter().map(|lane| lane.name).collect();
    let topology = Topology::new("", &lanes);
    let mut text = "\
# Made by `cargo run -p tests --bin asyncapi > docs/asyncapi.yaml` from the topology in `broker` and
# the commands in `services/commands`. A test compares them.\n"
        .to_owned();
    write(&mut text, &value(&topology), 0);
    text
}

fn value(topology: &Topology) -> Value {
    let bindings = topology.bindings();
    let mut channels = Map::new();
    channels.insert("commands".to_owned(), exchange(topology));
    for binding in &bindings {
        channels.insert(binding.queue.clone(), queue(binding));
    }
    let mut operations = Map::new();
    operations.insert("relay".to_owned(), relay());
    for binding in &bindings {
        operations.insert(format!("take.{}", binding.lane), take(binding));
    }
    json!({
        "asyncapi": "3.0.0",
        "info": {
            "title": "Courtier",
            "version": env!("CARGO_PKG_VERSION"),
            "description": "A scheduler relays accepted commands to RabbitMQ; workers take them \
                            from the queue of their lane. A message points to the row of its \
                            command and holds nothing else, so that sending one twice does no \
                            harm. Names begin with `AMQP_PREFIX` and a dot where that is set.",
            "license": { "name": "Apache-2.0" },
        },
        "defaultContentType": "application/json",
        "servers": { "rabbitmq": {
            "host": "localhost:5672",
            "protocol": "amqp",
            "protocolVersion": "0.9.1",
            "description": "RabbitMQ 3.10 or newer, as `AMQP_URL` names it.",
        } },
        "channels": channels,
        "operations": operations,
        "components": {
            "messages": messages(),
            "schemas": { "Pointer": pointer() },
        },
    })
}

fn exchange(topology: &Topology) -> Value {
    let all: Map<String, Value> = commands::ALL
        .iter()
        .map(|command| (command.name.to_owned(), reference("components/messages", command.name)))
        .collect();
    json!({
        "address": "{routing_key}",
        "description": "Every command that is to be run: published as `mandatory` and \
                        persistent, and taken for sent once the broker has confirmed it.",
        "parameters": { "routing_key": {
            "description": "The lane, then the name of the command where that does not begin \
                            with it.",
            "enum": commands::ALL.iter().map(commands::Definition::routing_key).collect::<Vec<_>>(),
        } },
        "messages": all,
        "bindings": { "amqp": {
            "is": "routingKey",
            "exchange": {
                "name": topology.exchange(), "type": "topic", "durable": true, "autoDelete": false,
            },
            "bindingVersion": "0.3.0",
        } },
    })
}

fn queue(binding: &Binding) -> Value {
    // The broker shows all of them as texts, and wants numbers where they are.
    let argument = |value: &String| value.parse::<i64>().map_or_else(|_| json!(value), Value::from);
    let arguments: Map<String, Value> = binding
        .arguments
        .iter()
        .map(|(name, value)| ((*name).to_owned(), argument(value)))
        .collect();
    let description = if binding.lane == DEAD_LANE {
        "Messages that were given up; their commands are found under `dead_letters`.".to_owned()
    } else {
        let key = &binding.routing_key;
        format!("The lane `{}`: bound to `{}` by `{key}`.", binding.lane, binding.exchange)
    };
    json!({
        "address": binding.queue,
        "description": description,
        "messages": carried(&binding.lane),
        "bindings": { "amqp": {
            "is": "queue",
            "queue": {
                "name": binding.queue, "durable": true, "exclusive": false, "autoDelete": false,
            },
            "bindingVersion": "0.3.0",
        } },
        "x-bound-to": {
            "exchange": binding.exchange,
            "type": binding.exchange_kind,
            "routingKey": binding.routing_key,
        },
        "x-arguments": arguments,
    })
}

/// The messages of a lane; all of them die alike.
fn carried(lane: &str) -> Map<String, Value> {
    let of_lane = commands::ALL.iter().filter(|one| lane == DEAD_LANE || one.lane() == lane);
    of_lane.map(|one| (one.name.to_owned(), reference("components/messages", one.name))).collect()
}

fn relay() -> Value {
    json!({
        "action": "send",
        "channel": reference("channels", "commands"),
        "summary": "A scheduler sends what the outbox holds.",
    })
}

fn take(binding: &Binding) -> Value {
    let summary = if binding.lane == DEAD_LANE {
        "A scheduler records what was given up.".to_owned()
    } else {
        format!(
            "Workers of the lane `{}` take commands, and acknowledge them when their end is on record.",
            binding.lane
        )
    };
    json!({
        "action": "receive",
        "channel": reference("channels", &binding.queue),
        "summary": summary,
    })
}

fn messages() -> Map<String, Value> {
    let message = |command: &commands::Definition| {
        let schema = command.schema();
        let summary = schema.get("description").and_then(Value::as_str).unwrap_or(command.name);
        let id = "550e8400-e29b-41d4-a716-446655440000";
        json!({
            "name": command.name,
            "title": command.name,
            "summary": summary,
            "contentType": "application/json",
            "headers": {
                "type": "object",
                "properties": { "traceparent": {
                    "type": "string",
                    "description": "The trace that the command belongs to (W3C Trace Context).",
                } },
            },
            "payload": { "allOf": [
                { "$ref": "#/components/schemas/Pointer" },
                { "properties": { "name": { "const": command.name } } },
            ] },
            "bindings": { "amqp": {
                "contentEncoding": "utf-8", "messageType": command.name, "bindingVersion": "0.3.0",
            } },
            "examples": [{ "payload": { "v": 1, "id": id, "name": command.name } }],
        })
    };
    commands::ALL.iter().map(|command| (command.name.to_owned(), message(command))).collect()
}

fn pointer() -> Value {
    json!({
        "type": "object",
        "description": "Names the row of a command; a reader refuses versions it does not know.",
        "required": ["v", "id", "name"],
        "properties": {
            "v": { "const": 1 },
            "id": { "type": "string", "format": "uuid" },
            "name": { "type": "string" },
        },
    })
}

/// In a JSON pointer `/` and `~` would have to be escaped; no name of ours holds them.
fn reference(part: &str, name: &str) -> Value {
    json!({ "$ref": format!("#/{part}/{name}") })
}

/// YAML in block style; texts are quoted as JSON quotes them, which YAML reads alike.
fn write(text: &mut String, value: &Value, depth: usize) {
    let indent = "  ".repeat(depth);
    match value {
        Value::Object(fields) if !fields.is_empty() => {
            for (name, field) in fields {
                write!(text, "{indent}{}:", key(name)).expect("a text takes it");
                write_below(text, field, depth + 1);
            }
        }
        Value::Array(items) if !items.is_empty() => {
            for item in items {
                let mut below = String::new();
                write(&mut below, item, depth + 1);
                let begins = "  ".repeat(depth + 1);
                let below = below.strip_prefix(&begins).unwrap_or(&below);
                write!(text, "{indent}- {below}").expect("a text takes it");
            }
        }
        plain => writeln!(text, "{plain}").expect("a text takes it"),
    }
}

fn write_below(text: &mut String, value: &Value, depth: usize) {
    let is_block = match value {
        Value::Object(fields) => !fields.is_empty(),
        Value::Array(items) => !items.is_empty(),
        _ => false,
    };
    if is_block {
        text.push('\n');
        write(text, value, depth);
    } else {
        writeln!(text, " {value}").expect("a text takes it");
    }
}

/// A name that YAML takes for a text as it stands, or a quoted one.
fn key(name: &str) -> String {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"._-".contains(&byte);
    let begins_well = name.starts_with(|c: char| c.is_ascii_alphabetic());
    if begins_well && name.bytes().all(is_plain) {
        return name.to_owned();
    }
    Value::from(name).to_string()
}
