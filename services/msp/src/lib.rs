//! What tickets, time entries and their figures mean: the model of the MSP half.
//!
//! Records arrive as JSON objects in the fields of [`ticket::TicketRecord`] and
//! [`time_entry::TimeEntryRecord`]; `check` turns them into values that can be stored.
//!
//! What must never appear here: files, sockets, SQL, or the clock.

pub mod kpi;
pub mod scalar;
pub mod ticket;
pub mod time_entry;
