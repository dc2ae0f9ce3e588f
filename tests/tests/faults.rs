//! What goes wrong in production, done to real processes and real servers: whatever was accepted
//! ends exactly once.

#![expect(clippy::unwrap_used, reason = "a helper of a test fails the test by panicking")]

#[path = "faults/history.rs"]
mod history;
#[path = "faults/load.rs"]
mod load;
#[path = "faults/site.rs"]
mod site;

#[path = "faults/outages.rs"]
mod outages;
#[path = "faults/poison.rs"]
mod poison;
#[path = "faults/relays.rs"]
mod relays;
#[path = "faults/requests.rs"]
mod requests;
#[path = "faults/schedulers.rs"]
mod schedulers;
#[path = "faults/stops.rs"]
mod stops;
#[path = "faults/workers.rs"]
mod workers;
