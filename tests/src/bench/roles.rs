//! The real processes: `courtier api`, `worker` and `scheduler`.

use std::net::{SocketAddr, TcpListener};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use secrecy::SecretString;
use tokio::net::TcpStream;

use super::Result;
use super::ground::Ground;
use super::http::Connection;
use crate::keys;
use crate::simulator::{self, Simulator};

/// The token that the API of a measurement takes.
pub(super) const TOKEN: &str = "a-token-for-measurements-and-nothing-else";
/// The key of the admin site's sessions.
const SESSION_SECRET: &str = "5f0c1b9e7a3d4826b1f0e9d8c7b6a594";
/// Longest a role may take to become ready.
const PATIENCE: Duration = Duration::from_secs(20);
const LOOK: Duration = Duration::from_millis(2);
/// The unit of processor time in /proc, on every Linux of today.
const TICKS_PER_SECOND: f64 = 100.0;

/// A running role; it ends with the value.
pub(super) struct Role {
    child: Child,
    started: Instant,
    /// From the start of the process until it could do its work.
    pub(super) ready_after: Duration,
}

/// Resident memory in KiB.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Memory {
    now_kib: u64,
    peak_kib: u64,
}

impl Role {
    /// Starts the API; ready means that it answers so.
    pub(super) async fn api(ground: &Ground) -> Result<(Role, SocketAddr)> {
        let address = free_address()?;
        let listen = address.to_string();
        let mut role = Role::start(ground, &["api"], &api_environment(&listen))?;
        role.until_ready(async || Ok(is_healthy(address).await)).await?;
        Ok((role, address))
    }

    /// Starts every role and the admin site in one process; ready means that the API answers so, and
    /// that `lanes` and the dead letters are consumed.
    pub(super) async fn all(ground: &Ground, lanes: &[&str]) -> Result<Role> {
        let (address, admin) = (free_address()?, free_address()?.to_string());
        let listen = address.to_string();
        let hash = admin::hash_password(&SecretString::from("for measurements only"))?;
        let environment = [
            &api_environment(&listen)[..],
            &[
                ("ADMIN_LISTEN", admin.as_str()),
                ("ADMIN_USERNAME", "admin"),
                ("ADMIN_PASSWORD_HASH", hash.as_str()),
                ("SESSION_SECRET_KEY", SESSION_SECRET),
            ],
        ];
        let mut role = Role::start(ground, &["all"], &environment.concat())?;
        let consumed = [lanes, &[broker::DEAD_LANE]].concat();
        role.until_ready(async || {
            Ok(is_healthy(address).await && ground.all_consumed(&consumed).await?)
        })
        .await?;
        Ok(role)
    }

    /// Starts the admin site with this account; ready means that it answers.
    pub(super) async fn admin(
        ground: &Ground,
        name: &str,
        password: &SecretString,
    ) -> Result<(Role, SocketAddr)> {
        let address = free_address()?;
        let (listen, hash) = (address.to_string(), admin::hash_password(password)?);
        let environment = [
            ("ADMIN_LISTEN", listen.as_str()),
            ("ADMIN_USERNAME", name),
            ("ADMIN_PASSWORD_HASH", hash.as_str()),
            ("SESSION_SECRET_KEY", SESSION_SECRET),
            ("API_KEY_PEPPER", keys::PEPPER),
            ("JWT_SECRET_KEY", keys::JWT_SECRET),
        ];
        let mut role = Role::start(ground, &["admin"], &environment)?;
        role.until_ready(async || Ok(TcpStream::connect(address).await.is_ok())).await?;
        Ok((role, address))
    }

    /// Starts a worker on `lanes`; ready means that it consumes.
    pub(super) async fn worker(ground: &Ground, lanes: &[&str], files: &Path) -> Result<Role> {
        let files = files.to_str().ok_or("a folder is not UTF-8")?;
        let exports = format!("{files}/exports");
        let environment = [("MOCK_DATA_PATH", files), ("EXPORTS_PATH", exports.as_str())];
        let mut role = Role::start(ground, &["worker", "--lanes", &lanes.join(",")], &environment)?;
        role.until_ready(async || ground.all_consumed(lanes).await).await?;
        Ok(role)
    }

    /// Starts a worker that asks the simulator; ready means that it consumes.
    pub(super) async fn card_worker(
        ground: &Ground,
        lanes: &[&str],
        simulator: &Simulator,
    ) -> Result<Role> {
        let options = simulator::Options::default();
        let rates_url = simulator.rates_url();
        let environment = [
            ("EBAY_API_URL", simulator.url()),
            ("ECB_RATES_URL", rates_url.as_str()),
            ("EBAY_CLIENT_ID", options.client_id.as_str()),
            ("EBAY_CLIENT_SECRET", options.client_secret.as_str()),
        ];
        let mut role = Role::start(ground, &["worker", "--lanes", &lanes.join(",")], &environment)?;
        role.until_ready(async || ground.all_consumed(lanes).await).await?;
        Ok(role)
    }

    /// Starts a scheduler; ready means that it consumes dead letters.
    pub(super) async fn scheduler(ground: &Ground) -> Result<Role> {
        let mut role = Role::start(ground, &["scheduler"], &[])?;
        role.until_ready(async || ground.all_consumed(&[broker::DEAD_LANE]).await).await?;
        Ok(role)
    }

    fn start(ground: &Ground, arguments: &[&str], more: &[(&str, &str)]) -> Result<Role> {
        let program = std::env::current_exe()?.with_file_name("courtier");
        let mut command = Command::new(&program);
        command.args(arguments).envs(ground.environment()).envs(more.iter().copied());
        // The log is on at its usual level, and goes nowhere.
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        let started = Instant::now();
        let child = command.spawn().map_err(|error| format!("{}: {error}", program.display()))?;
        Ok(Role { child, started, ready_after: Duration::ZERO })
    }

    async fn until_ready(&mut self, ready: impl AsyncFn() -> Result<bool>) -> Result<()> {
        while !ready().await? {
            if let Some(status) = self.child.try_wait()? {
                return Err(format!("a role ended at once: {status}").into());
            }
            if self.started.elapsed() > PATIENCE {
                return Err("a role does not become ready".into());
            }
            tokio::time::sleep(LOOK).await;
        }
        self.ready_after = self.started.elapsed();
        Ok(())
    }

    /// Processor time that it has used.
    pub(super) fn cpu_seconds(&self) -> Result<f64> {
        let stat = std::fs::read_to_string(format!("/proc/{}/stat", self.child.id()))?;
        // The name, in brackets, may hold blanks; user and system time are the 12th and 13th after it.
        let fields = stat.rsplit_once(") ").map_or("", |(_, fields)| fields);
        let ticks: u64 = fields
            .split_whitespace()
            .skip(11)
            .take(2)
            .map(str::parse::<u64>)
            .sum::<std::result::Result<u64, _>>()?;
        #[expect(clippy::cast_precision_loss, reason = "processor time has few digits that matter")]
        Ok(ticks as f64 / TICKS_PER_SECOND)
    }

    pub(super) fn memory(&self) -> Result<Memory> {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id()))?;
        let kib = |name: &str| {
            let line = status.lines().find(|line| line.starts_with(name))?;
            line.split_whitespace().nth(1)?.parse().ok()
        };
        let read = || Some(Memory { now_kib: kib("VmRSS:")?, peak_kib: kib("VmHWM:")? });
        Ok(read().ok_or("a role has no memory")?)
    }
}

impl Memory {
    pub(super) fn now_mib(self) -> f64 {
        mib(self.now_kib)
    }

    pub(super) fn peak_mib(self) -> f64 {
        mib(self.peak_kib)
    }
}

#[expect(clippy::cast_precision_loss, reason = "memory has few digits that matter")]
fn mib(kib: u64) -> f64 {
    kib as f64 / 1024.0
}

impl Drop for Role {
    fn drop(&mut self) {
        // Nothing of a measurement is worth a graceful end. A process that is gone cannot be killed.
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

/// The port is free again before a role takes it.
fn free_address() -> Result<SocketAddr> {
    Ok(TcpListener::bind("127.0.0.1:0")?.local_addr()?)
}

fn api_environment(listen: &str) -> [(&'static str, &str); 5] {
    [
        ("API_LISTEN", listen),
        ("SERVICE_TOKEN", TOKEN),
        ("API_KEY_PEPPER", keys::PEPPER),
        ("JWT_SECRET_KEY", keys::JWT_SECRET),
        // A measurement is no abuse.
        ("API_RATE_LIMIT", "0"),
    ]
}

async fn is_healthy(address: SocketAddr) -> bool {
    let request = "GET /health/ready HTTP/1.1\r\nHost: bench\r\n\r\n";
    let Ok(mut connection) = Connection::open(address).await else { return false };
    connection.send(request.as_bytes()).await.is_ok_and(|status| status == 200)
}
