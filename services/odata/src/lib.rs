//! The query language of OData 4.0, as far as a read-only feed of flat tables needs it.
//!
//! Reading order: an [`EntitySet`] says what can be asked; [`Query::parse`] reads the system query
//! options of a request against it, names and types checked; a [`Place`] is where a page ended.
//! [`metadata()`] describes the sets to clients.
//!
//! What must never appear here: I/O, SQL, HTTP.

mod schema;

mod expression;
mod literal;
mod metadata;
mod place;
mod query;

mod check;
mod error;
mod lexer;
mod parser;

pub use error::{Error, Kind};
pub use expression::{Expression, Function, Operator};
pub use literal::Literal;
pub use metadata::metadata;
pub use place::Place;
pub use query::{Order, Query};
pub use schema::{EntitySet, Property, Type};

/// The result of reading a query.
pub type Result<T, E = Error> = std::result::Result<T, E>;
