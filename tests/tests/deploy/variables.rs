//! `courtier verify` and `courtier doctor` with variables that are missing or wrong.

use std::fs;

use crate::ground::Ground;
use crate::proof::blocked;

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_variable_is_a_reason_and_not_the_end_of_the_walk_without_one() {
    let ground = Ground::empty().await;
    let url = format!("http://{}", ground.api);
    let outputs = ground.path("blocked").join("20_outputs");
    fs::create_dir_all(&outputs).unwrap();
    fs::write(outputs.join("wf01_execution.json"), "of an earlier walk").unwrap();
    fs::write(outputs.join("mine.txt"), "of somebody else").unwrap();

    let (causes, verdict) = blocked(&ground, &url, &[("SERVICE_TOKEN", "too-short-a-token")]).await;
    assert_eq!(causes, ["token"], "{verdict}");
    assert!(verdict.contains("SERVICE_TOKEN is too short"), "{verdict}");
    let mut left: Vec<_> =
        fs::read_dir(&outputs).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    left.sort();
    assert_eq!(left, ["coolify_variables.txt", "mine.txt"]);

    let changed = [("JWT_SECRET_KEY", ""), ("DATABASE_URL", ""), ("PUBLIC_URL", "a-name")];
    let (causes, verdict) = blocked(&ground, &url, &changed).await;
    assert_eq!(causes, ["database", "settings", "settings"], "{verdict}");
    for reason in ["DATABASE_URL is not set", "JWT_SECRET_KEY is not set", "PUBLIC_URL `a-name`"] {
        assert!(verdict.contains(reason), "{verdict}");
    }

    // The doctor blames the variable that is wrong, and no other.
    let doctor = ["doctor", "--url", &url];
    let (_, said) = ground.run(&doctor, &[("API_RATE_LIMIT", "many")]).await;
    assert!(said.contains("✗ variable: API_RATE_LIMIT `many` is not a number"), "{said}");
    assert!(!said.contains("SERVICE_TOKEN"), "{said}");
    ground.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_that_cannot_be_read_is_said_before_anything_is_touched() {
    let ground = Ground::empty().await;
    let (url, proof) = (format!("http://{}", ground.api), ground.path("proof"));
    let folder = proof.display().to_string();
    for option in ["--basic-auth", "--ca"] {
        let verify = ["verify", &folder, "--url", &url, option, "/nowhere"];
        let (code, said) = ground.run(&verify, &[]).await;
        assert!(code != 0 && said.contains("/nowhere"), "{option}: {said}");
        assert!(!proof.exists(), "{option}");
    }
    ground.end().await;
}
