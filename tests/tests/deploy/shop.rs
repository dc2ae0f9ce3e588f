//! `courtier doctor` and `courtier verify` where there are cards and no tenants.

use std::fs;

use crate::ground::Ground;
use crate::proof::blocked;

#[tokio::test(flavor = "multi_thread")]
async fn a_shop_without_tenants_is_well_and_an_empty_installation_is_not() {
    let ground = Ground::empty().await;
    let url = format!("http://{}", ground.api);
    let doctor = ["doctor", "--url", &url];

    // Neither cards nor tenants: then data are missing.
    let (code, said) = ground.run(&doctor, &[]).await;
    assert!(code == 1 && said.contains("mount the folder of tenants.json"), "{said}");
    let (causes, verdict) = blocked(&ground, &url, &[]).await;
    assert_eq!(causes, ["volumes", "migrations", "migrations"], "{verdict}");

    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures/catalogue.csv");
    let (code, said) = ground.run(&["import-csv", file], &[]).await;
    assert_eq!(code, 0, "{said}");
    let (code, said) = ground.run(&doctor, &[]).await;
    assert!(code == 0 && said.contains("mock data: no tenants: nothing to ingest"), "{said}");
    let proof = ground.path("proof");
    let folder = proof.display().to_string();
    let (code, said) = ground.run(&["verify", &folder, "--url", &url], &[]).await;
    assert!(code == 0 && said.contains("PASS: see "), "{said}");
    let seen = |name: &str| fs::read_to_string(proof.join("20_outputs").join(name)).unwrap();
    assert!(seen("api_tests.txt").contains("/v1/prices?limit=1\n< 200 OK"));
    let database = seen("db_verification.txt");
    let exported = format!("{}/", ground.path("exports").display());
    assert!(database.contains("\"status\": \"succeeded\""), "{database}");
    assert!(database.contains(&exported) && !database.contains("\n0 cards"), "{database}");
    assert!(!proof.join("20_outputs/wf01_execution.json").exists());

    // Whoever names tenants in a file means to have them.
    fs::create_dir(ground.path("data")).unwrap();
    let tenants = r#"[{"id": "550e8400-e29b-41d4-a716-446655440000", "name": "CCA Demo"}]"#;
    fs::write(ground.path("data").join("tenants.json"), tenants).unwrap();
    let (causes, verdict) = blocked(&ground, &url, &[]).await;
    assert!(causes.iter().all(|cause| cause == "migrations"), "{verdict}");
    assert!(verdict.contains("run `courtier seed`"), "{verdict}");
    ground.end().await;
}
