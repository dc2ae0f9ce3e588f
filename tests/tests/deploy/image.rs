//! The file system of the image, entered as a container would be: nobody's user, nothing to write to
//! but what is mounted, and no shell.

use std::path::Path;
use std::process::{Command, Output};

use tempfile::TempDir;
use tests::{binary, database};

use crate::{ROOT, text};

fn assemble(root: &Path) {
    let script = format!("{ROOT}/compose/image/rootfs");
    let output = Command::new(script).arg(binary()).arg(root).output().unwrap();
    assert!(output.status.success(), "{}", text(&output));
}

/// Runs the image's binary in its own root, which cannot be written. Root of a namespace stands for
/// the user where the tests themselves are not root.
fn enter(namespace: &[&str], root: &Path, variables: &[(&str, &str)], line: &str) -> Output {
    let script = "mount --bind \"$ROOT\" \"$ROOT\" && mount -o remount,ro,bind \"$ROOT\" \
                  && exec chroot $USERSPEC \"$ROOT\" /usr/bin/courtier \"$@\"";
    let is_root = namespace.len() == 1;
    let userspec = if is_root { "--userspec=10001:10001" } else { "" };
    let mut command = Command::new("unshare");
    command.args(namespace).args(["sh", "-c", script, "sh"]).args(line.split(' '));
    command.env_clear().env("PATH", "/usr/sbin:/usr/bin:/sbin:/bin");
    command.env("ROOT", root).env("USERSPEC", userspec).envs(variables.iter().copied());
    command.output().unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_image_holds_all_that_the_binary_needs() {
    let Some(namespace) = crate::namespace() else { return };
    let (database, folder) = (database().await, TempDir::new().unwrap());
    let root = folder.path().join("root");
    assemble(&root);
    let enter = |variables: &[(&str, &str)], line: &str| enter(namespace, &root, variables, line);
    let url = database.url();
    let variables = [("DATABASE_URL", url.as_str()), ("EXPORTS_PATH", "/app/exports")];
    let version = enter(&[], "--version");
    assert!(text(&version).starts_with("courtier "), "{}", text(&version));
    let migrated = enter(&variables, "migrate");
    assert!(migrated.status.success(), "{}", text(&migrated));
    let schedules = enter(&variables, "schedules list --json");
    assert!(schedules.status.success(), "{}", text(&schedules));
    assert!(text(&schedules).contains("nightly-batch"), "{}", text(&schedules));
    // A folder that is not mounted is refused, and named.
    let doctor = enter(&variables, "broker-definitions /broker");
    assert!(!doctor.status.success());
    assert!(text(&doctor).contains("RABBITMQ_WORKER_PASSWORD: is not set"), "{}", text(&doctor));
    let long = "a-password-that-is-long-enough";
    let passwords = ["API", "WORKER", "SCHEDULER", "OPERATOR"]
        .map(|user| (format!("RABBITMQ_{user}_PASSWORD"), long));
    let passwords: Vec<(&str, &str)> =
        passwords.iter().map(|(name, value)| (name.as_str(), *value)).collect();
    let unmounted = enter(&passwords, "broker-definitions /broker");
    assert!(
        text(&unmounted).contains("/broker/definitions.json cannot be written"),
        "{}",
        text(&unmounted)
    );
}

#[test]
fn the_image_holds_nothing_else() {
    let folder = TempDir::new().unwrap();
    assemble(folder.path());
    let mut find = Command::new("find");
    find.arg(folder.path()).args(["-type", "f", "-perm", "-u+x"]);
    let output = find.output().unwrap();
    let files = text(&output);
    let programs: Vec<&str> = files.lines().filter(|file| !file.contains("/lib")).collect();
    assert_eq!(programs.len(), 1, "{programs:?}");
    assert!(programs[0].ends_with("/usr/bin/courtier"));
}

/// Docker waits for a first process that takes no signals until its patience ends, and kills it then.
#[test]
fn the_nightly_backups_end_when_they_are_asked_to() {
    let Some(namespace) = crate::namespace() else { return };
    let ask = "while :; do kill -TERM 1; sleep 0.05; done & exec \"$0\"";
    let mut backups = Command::new("timeout");
    backups.args(["--signal=KILL", "60", "unshare"]).args(namespace);
    backups.args(["--pid", "--fork", "--kill-child", "sh", "-c", ask]);
    let output = backups.arg(format!("{ROOT}/compose/image/backups")).output().unwrap();
    assert_eq!(output.status.code(), Some(143), "{}", text(&output));
}
