//! The trait of a command, and its form in the table.

use std::fmt;

use futures::future::BoxFuture;
use schemars::generate::SchemaSettings;
use schemars::{JsonSchema, Schema};
use serde::{Serialize, de::DeserializeOwned};
use serde_json::Value;
use uuid::Uuid;

use crate::{Context, Failure, Invalid, decode};

/// Something that Courtier can be told to do.
///
/// The struct holds the parameters; it is decoded alike when a request comes in and when a worker
/// runs it. Give it `#[serde(deny_unknown_fields)]`, and a doc comment on the struct and each
/// field: they are its public documentation.
///
/// A run may happen twice: its effects must be the same as after one.
pub trait Command: Serialize + DeserializeOwned + JsonSchema + Send + 'static {
    /// Dotted name, `lane.verb`.
    const NAME: &'static str;
    /// The queue that carries it; by default the one named by the first segment.
    const LANE: Option<&'static str> = None;
    /// Runs before the command is given up.
    const MAX_ATTEMPTS: i32 = 5;

    /// The tenant that the command works for; it must exist when the command is accepted.
    fn tenant_id(&self) -> Option<Uuid> {
        None
    }

    /// Checks what types cannot say.
    ///
    /// # Errors
    /// [`Invalid`] names the field and what would be right.
    fn validate(&self) -> Result<(), Invalid> {
        Ok(())
    }

    /// Does it, and returns the result that the command's row keeps.
    fn run(self, context: Context) -> impl Future<Output = Result<Value, Failure>> + Send;
}

/// A request that was understood.
#[derive(Clone, Debug, PartialEq)]
pub struct Accepted {
    /// The parameters in their canonical form.
    pub payload: Value,
    pub tenant_id: Option<Uuid>,
}

/// A command in the table [`crate::ALL`].
pub struct Definition {
    pub name: &'static str,
    pub max_attempts: i32,
    own_lane: Option<&'static str>,
    accept: fn(Value) -> Result<Accepted, Invalid>,
    run: fn(Value, Context) -> BoxFuture<'static, Result<Value, Failure>>,
    schema: fn() -> Schema,
}

impl fmt::Debug for Definition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Definition").field(&self.name).finish()
    }
}

impl Definition {
    /// Its queue: the first segment of the name, or one of its own.
    pub fn lane(&self) -> &'static str {
        self.own_lane
            .unwrap_or_else(|| self.name.split_once('.').map_or(self.name, |(lane, _)| lane))
    }

    /// Whether it tells of the end of another command, so that nobody is told of its own.
    pub fn is_callback(&self) -> bool {
        self.lane() == "callbacks"
    }

    /// The name; behind its lane, when that is not the first segment already.
    pub fn routing_key(&self) -> String {
        self.own_lane.map_or_else(|| self.name.to_owned(), |lane| format!("{lane}.{}", self.name))
    }

    /// Decodes and checks parameters. Texts stand for numbers and booleans too, as a query string
    /// holds them.
    ///
    /// # Errors
    /// [`Invalid`] names the field and what would be right.
    pub fn accept(&self, mut parameters: Value) -> Result<Accepted, Invalid> {
        decode::coerce(&mut parameters, self.schema);
        (self.accept)(parameters)
    }

    /// Runs the command on a payload that [`Definition::accept`] made.
    pub fn run(
        &self,
        payload: Value,
        context: Context,
    ) -> BoxFuture<'static, Result<Value, Failure>> {
        (self.run)(payload, context)
    }

    /// JSON Schema of the parameters, with their documentation.
    pub fn schema(&self) -> Schema {
        (self.schema)()
    }
}

/// The table's entry for a command.
pub const fn define<C: Command>() -> Definition {
    Definition {
        name: C::NAME,
        max_attempts: C::MAX_ATTEMPTS,
        own_lane: C::LANE,
        accept: accept::<C>,
        run: run::<C>,
        schema: schema::<C>,
    }
}

fn accept<C: Command>(parameters: Value) -> Result<Accepted, Invalid> {
    let command: C = decode::decode(parameters)?;
    command.validate()?;
    let payload = serde_json::to_value(&command)
        .map_err(|error| Invalid::new("", format!("cannot be stored: {error}")))?;
    Ok(Accepted { payload, tenant_id: command.tenant_id() })
}

fn run<C: Command>(payload: Value, context: Context) -> BoxFuture<'static, Result<Value, Failure>> {
    Box::pin(async move {
        // A payload of another version of the program may not fit: running it again cannot help.
        let command: C = decode::decode(payload)
            .map_err(|invalid| Failure::reject(format!("stored payload: {invalid}")))?;
        command.run(context).await
    })
}

fn schema<C: Command>() -> Schema {
    // References would lead nowhere once the schema stands in a larger document.
    let settings =
        SchemaSettings::draft2020_12().with(|settings| settings.inline_subschemas = true);
    settings.into_generator().into_root_schema_for::<C>()
}
