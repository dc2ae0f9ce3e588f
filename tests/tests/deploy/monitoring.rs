//! Prometheus's own tool reads its files, and tries every alert.

use std::process::Command;

use crate::{ROOT, need, text};

#[test]
fn prometheus_takes_its_configuration_and_each_alert_fires_when_it_should() {
    need("promtool", "prometheus");
    let folder = format!("{ROOT}/compose/prometheus");
    for arguments in [["check", "config", "prometheus.yaml"], ["test", "rules", "alerts.test.yaml"]]
    {
        let output =
            Command::new("promtool").args(arguments).current_dir(&folder).output().unwrap();
        assert!(output.status.success(), "{}", text(&output));
    }
}
