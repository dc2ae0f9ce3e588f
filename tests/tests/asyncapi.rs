//! `docs/asyncapi.yaml` says what the broker and the commands do.

const KEPT: &str = include_str!("../../docs/asyncapi.yaml");

#[test]
fn the_document_is_that_of_the_topology_and_the_commands() {
    let made = tests::asyncapi::document();
    let differing = made.lines().zip(KEPT.lines()).find(|(made, kept)| made != kept);
    assert_eq!(differing, None, "cargo run -p tests --bin asyncapi > docs/asyncapi.yaml");
    assert_eq!(made.lines().count(), KEPT.lines().count());
}

#[test]
fn every_command_and_every_lane_is_in_it() {
    for command in commands::ALL {
        assert!(KEPT.contains(&format!("\n    {}:\n", command.name)), "{}", command.name);
    }
    for lane in commands::LANES {
        assert!(KEPT.contains(&format!("\n  {}.v1:\n", lane.name)), "{}", lane.name);
    }
}
