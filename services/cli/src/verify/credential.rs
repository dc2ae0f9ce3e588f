//! Step 6: what n8n has to send, that it opens the door, and that nothing else does.

use reqwest::Method;
use settings::ExposeSecret as _;

use super::Walk;
use super::calls::send;
use crate::check::{Cause, Check};

pub(super) async fn step(walk: &Walk) -> anyhow::Result<Vec<Check>> {
    let request = || walk.calls.request(Method::GET, "/internal/tenants");
    let right = send(request().bearer_auth(walk.token.expose_secret())).await;
    let wrong = send(request().bearer_auth("not-the-token-of-this-installation")).await;
    let none = send(request()).await;
    let url = walk.calls.url("/internal/tenants");
    let commands = [
        format!("curl -i -H \"Authorization: Bearer $SERVICE_TOKEN\" {url}    # 200"),
        format!("curl -i -H \"Authorization: Bearer wrong\" {url}             # 403"),
        format!("curl -i {url}                                              # 401"),
    ];
    walk.proof.command(&commands)?;
    let text = format!(
        "In n8n: Credentials, Header Auth\n\
         Name          Analytics API Service Token\n\
         Header Name   Authorization\n\
         Header Value  Bearer ***\n\
         for the HTTP nodes of WF-01, WF-01A, WF-01B, WF-10 and WF-20\n\n\
         with it: {}\nwith another one: {}\nwithout: {}\n",
        right.brief(),
        wrong.brief(),
        none.brief()
    );
    walk.proof.output("n8n_credentials.txt", &text)?;
    let name = "credential";
    let advice = "SERVICE_TOKEN must be the same in the API and here, and stand in n8n's credential \
                  after `Bearer `";
    Ok(vec![match (right.status, wrong.status, none.status) {
        (200, 403, 401) => Check::well(Cause::Token, name, "opens the API, and no other one does"),
        (0, _, _) => Check::ill(Cause::Network, name, "cannot be tried: no answer", "see step 1"),
        (right, wrong, none) => {
            let detail = format!("{right} with it, {wrong} with another one, {none} without");
            Check::ill(Cause::Token, name, detail, advice)
        }
    }])
}
