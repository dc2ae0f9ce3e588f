//! The distribution's Caddy with compose/Caddyfile, in front of an installation, with certificates of
//! its own authority.

use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread::JoinHandle;

use serde_json::{Value, json};
use tempfile::TempDir;

use crate::{ROOT, need, text};

pub(crate) const USER: &str = "visitor";
pub(crate) const PASSWORD: &str = "the-password-of-the-proxy";

/// A running Caddy, ended when it is dropped.
pub(crate) struct Caddy {
    child: Child,
    /// Reads what it writes, until it ends: it stops when nobody does.
    log: Option<JoinHandle<String>>,
    folder: TempDir,
    pub(crate) https: u16,
    pub(crate) http: u16,
}

impl Caddy {
    /// Starts it; `api` and `admin` are addresses.
    pub(crate) fn start(api: &str, admin: &str) -> Caddy {
        need("caddy", "caddy");
        let folder = TempDir::new().unwrap();
        let (http, https) = (free_port(), free_port());
        let config = patched(&adapted(api, admin), folder.path(), http, https);
        let file = folder.path().join("caddy.json");
        std::fs::write(&file, config.to_string()).unwrap();
        let mut command = Command::new("caddy");
        command.arg("run").arg("--config").arg(&file).env("HOME", folder.path());
        command.env("XDG_DATA_HOME", folder.path()).env("XDG_CONFIG_HOME", folder.path());
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        let mut lines = BufReader::new(child.stderr.take().unwrap()).lines();
        let mut said = Vec::new();
        loop {
            let Some(Ok(line)) = lines.next() else { panic!("Caddy ended: {said:#?}") };
            let is_serving = line.contains("serving initial configuration");
            said.push(line);
            if is_serving {
                break;
            }
        }
        let log = std::thread::spawn(move || {
            lines.map_while(Result::ok).fold(String::new(), |log, line| log + &line + "\n")
        });
        Caddy { child, log: Some(log), folder, https, http }
    }

    /// Ends it, and returns what it has logged since it served.
    pub(crate) fn end(mut self) -> String {
        let id = self.child.id().to_string();
        assert!(Command::new("kill").arg(id).status().unwrap().success());
        self.log.take().unwrap().join().unwrap()
    }

    pub(crate) fn url(&self) -> String {
        format!("https://localhost:{}", self.https)
    }

    /// The certificate of its own authority.
    pub(crate) fn ca(&self) -> PathBuf {
        self.folder.path().join("caddy/pki/authorities/local/root.crt")
    }

    /// A client that trusts it.
    pub(crate) fn client(&self) -> reqwest::Client {
        let certificate = reqwest::Certificate::from_pem(&std::fs::read(self.ca()).unwrap());
        reqwest::Client::builder()
            .no_proxy()
            .redirect(reqwest::redirect::Policy::none())
            .tls_certs_merge([certificate.unwrap()])
            .build()
            .unwrap()
    }
}

impl Drop for Caddy {
    fn drop(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

/// What Caddy makes of the file, as it is shipped.
fn adapted(api: &str, admin: &str) -> Value {
    let mut hash = Command::new("caddy");
    let hash = hash.args(["hash-password", "--plaintext", PASSWORD]).output().unwrap();
    let hash = String::from_utf8(hash.stdout).unwrap();
    let mut adapt = Command::new("caddy");
    adapt.args(["adapt", "--adapter", "caddyfile", "--config"]);
    adapt.arg(format!("{ROOT}/compose/Caddyfile"));
    adapt.env("COURTIER_SITE", "localhost").env("COURTIER_USER", USER);
    adapt.env("COURTIER_PASSWORD_HASH", hash.trim());
    adapt.env("COURTIER_API", api).env("COURTIER_ADMIN", admin);
    let output = adapt.output().unwrap();
    assert!(output.status.success(), "{}", text(&output));
    serde_json::from_slice(&output.stdout).unwrap()
}

/// Other ports than the world's, and nothing left behind on this machine.
fn patched(config: &Value, folder: &Path, http: u16, https: u16) -> Value {
    let mut config = config.clone();
    config["admin"] = json!({"disabled": true});
    config["storage"] = json!({"module": "file_system", "root": folder.join("caddy")});
    config["apps"]["http"]["http_port"] = json!(http);
    config["apps"]["http"]["https_port"] = json!(https);
    let servers = config["apps"]["http"]["servers"].as_object_mut().unwrap();
    for server in servers.values_mut() {
        server["listen"] = json!([format!("127.0.0.1:{https}")]);
    }
    config["apps"]["pki"] = json!({"certificate_authorities": {"local": {"install_trust": false}}});
    config
}

/// Free a moment ago; Caddy takes it at once.
fn free_port() -> u16 {
    std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}
