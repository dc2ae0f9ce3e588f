//! Lanes: each is a queue of its own, so that one kind of work never waits behind another.

/// A lane.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Lane {
    pub name: &'static str,
    /// Commands that one worker runs at the same time, and messages it holds.
    pub slots: u16,
}

/// Every lane there is. Slots follow from what a command uses most: one ingest or export keeps
/// two connections busy, a ping nothing, and cards wait for eBay
/// most of their time, as callbacks do for their receivers.
pub const LANES: &[Lane] = &[
    Lane { name: "batch", slots: 2 },
    Lane { name: "callbacks", slots: 32 },
    Lane { name: "cards", slots: 24 },
    Lane { name: "catalogue", slots: 1 },
    Lane { name: "diagnostics", slots: 1024 },
    Lane { name: "exports", slots: 2 },
    Lane { name: "ingest", slots: 2 },
    Lane { name: "kpi", slots: 4 },
    Lane { name: "reprice", slots: 4 },
];

/// The lane of a name.
pub fn lane(name: &str) -> Option<Lane> {
    LANES.iter().copied().find(|lane| lane.name == name)
}

/// The lane that carries commands of this name; of another version's command, its first segment.
pub fn lane_of(name: &str) -> &str {
    let own = crate::find(name).map(crate::Definition::lane);
    own.unwrap_or_else(|| name.split('.').next().unwrap_or(name))
}
