//! `courtier verify --n8n-executions`: what n8n says of its own runs.

use std::fs;

use serde_json::json;

use crate::ground::Ground;

/// Whether an execution of a workflow ended well, as `n8n execute --rawOutput` prints it.
fn executed(error: Option<&str>) -> String {
    let mut result = json!({"runData": {}, "lastNodeExecuted": "Loop Tenants"});
    if let Some(message) = error {
        result["error"] = json!({"message": message});
    }
    let status = if error.is_some() { "error" } else { "success" };
    let execution =
        json!({"data": {"resultData": result}, "status": status, "finished": error.is_none()});
    format!("Execution was successful:\n====================================\n{execution:#}\n")
}

#[tokio::test(flavor = "multi_thread")]
async fn executions_of_n8n_count_in_place_of_calls_from_here() {
    let ground = Ground::new().await;
    let url = format!("http://{}", ground.api);
    let (proof, folder) = (ground.path("proof"), ground.path("n8n"));
    fs::create_dir(&folder).unwrap();
    let written = [proof.display().to_string(), folder.display().to_string()];
    let verify = ["verify", &written[0], "--url", &url];
    let by_n8n = [&verify[..], &["--n8n-executions", &written[1]]].concat();
    // Somebody has to have done the work that n8n is said to have done.
    let (code, said) = ground.run(&verify, &[]).await;
    assert_eq!(code, 0, "{said}");
    let owner = ground.database.owner().await;
    let orders = async || -> i64 {
        let count = "select count(*) from commands where name = 'exports.generate'";
        owner.query_one(count, &[]).await.unwrap().get(0)
    };
    let before = orders().await;
    assert_eq!(before, 2, "one for each tenant");

    for name in ["wf01", "wf10", "wf20"] {
        fs::write(folder.join(format!("{name}_execution.json")), executed(None)).unwrap();
    }
    let (code, said) = ground.run(&by_n8n, &[]).await;
    assert_eq!(code, 0, "{said}");
    assert_eq!(orders().await, before, "n8n's own runs count, and none is made in their place");
    let kept = fs::read_to_string(proof.join("20_outputs/wf20_execution.json")).unwrap();
    assert!(kept.contains("Loop Tenants") && !kept.contains("courtier verify"), "{kept}");

    fs::write(folder.join("wf10_execution.json"), executed(Some("403 - Forbidden"))).unwrap();
    fs::remove_file(folder.join("wf20_execution.json")).unwrap();
    let (code, said) = ground.run(&by_n8n, &[]).await;
    assert_eq!(code, 1, "{said}");
    let verdict = fs::read_to_string(proof.join("40_verdict.md")).unwrap();
    assert!(verdict.starts_with("# BLOCKED\n"), "{verdict}");
    assert!(verdict.contains("- **results**, WF-10: n8n: 403 - Forbidden"), "{verdict}");
    assert!(verdict.contains("- **results**, WF-20: ") && verdict.contains("No such file"));
    assert!(!verdict.contains("WF-01"), "{verdict}");
    ground.end().await;
}
