//! Who used the processors: the parts of the measurement, and everybody else.

use std::collections::HashMap;
use std::fmt;
use std::fs;
use std::time::Instant;

use super::Result;
use crate::{amqp_url, database_url};

/// Clock ticks a second in `/proc`, the same on every Linux.
const TICKS_PER_SECOND: f64 = 100.0;

/// The servers of this run. One on another machine has no process here.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Servers {
    postgres: Option<u32>,
    rabbitmq: Option<u32>,
}

/// Shares of one core, in percent, over a stretch of time.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Load {
    /// Everything that does not belong to the measurement.
    pub(super) other: f64,
    postgres: f64,
    rabbitmq: f64,
    courtier: f64,
    bench: f64,
}

impl fmt::Display for Load {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Load { other, postgres, rabbitmq, courtier, bench } = self;
        write!(f, "{other:.0} · {postgres:.0} · {rabbitmq:.0} · {courtier:.0} · {bench:.0}")
    }
}

impl Servers {
    /// Finds the processes that listen where the URLs point to.
    pub(super) fn find() -> Result<Servers> {
        let find = |url: &str| -> Result<Option<u32>> {
            let port = port(url).ok_or("DATABASE_URL and AMQP_URL must name a port")?;
            Ok(listener(port))
        };
        Ok(Servers { postgres: find(&database_url())?, rabbitmq: find(&amqp_url())? })
    }

    /// Starts to measure.
    pub(super) fn meter(self) -> Meter {
        Meter { servers: self, started: Instant::now(), before: Ticks::now(self) }
    }
}

pub(super) struct Meter {
    servers: Servers,
    started: Instant,
    before: Ticks,
}

impl Meter {
    /// The load since the start.
    pub(super) fn load(&self) -> Load {
        let (now, before) = (Ticks::now(self.servers), &self.before);
        let seconds = self.started.elapsed().as_secs_f64();
        #[expect(clippy::cast_precision_loss, reason = "ticks of minutes are small numbers")]
        let percent = |now: u64, before: u64| {
            now.saturating_sub(before) as f64 / TICKS_PER_SECOND / seconds * 100.0
        };
        let ours = |ticks: &Ticks| ticks.postgres + ticks.rabbitmq + ticks.courtier + ticks.bench;
        Load {
            other: (percent(now.busy, before.busy) - percent(ours(&now), ours(before))).max(0.0),
            postgres: percent(now.postgres, before.postgres),
            rabbitmq: percent(now.rabbitmq, before.rabbitmq),
            courtier: percent(now.courtier, before.courtier),
            bench: percent(now.bench, before.bench),
        }
    }
}

/// Ticks used since the machine's start, or each process's.
#[derive(Clone, Copy, Debug, Default)]
struct Ticks {
    busy: u64,
    postgres: u64,
    rabbitmq: u64,
    courtier: u64,
    bench: u64,
}

/// One line of `/proc/PID/stat`.
struct Process {
    parent: u32,
    name: String,
    own: u64,
    /// Of children that have ended.
    reaped: u64,
}

impl Ticks {
    fn now(servers: Servers) -> Ticks {
        let processes = processes();
        let mut ticks = Ticks { busy: busy(), ..Ticks::default() };
        for (pid, process) in &processes {
            let used = process.own + process.reaped;
            match root(&processes, *pid, servers) {
                Some(Root::Postgres) => ticks.postgres += used,
                Some(Root::RabbitMq) => ticks.rabbitmq += used,
                Some(Root::Bench) if process.name == "courtier" => ticks.courtier += used,
                Some(Root::Bench) => ticks.bench += used,
                None => {}
            }
        }
        ticks
    }
}

enum Root {
    Postgres,
    RabbitMq,
    Bench,
}

/// To whom a process belongs, by its ancestors.
fn root(processes: &HashMap<u32, Process>, pid: u32, servers: Servers) -> Option<Root> {
    let mut pid = Some(pid);
    while let Some(current) = pid.filter(|pid| *pid > 1) {
        if current == std::process::id() {
            return Some(Root::Bench);
        }
        if Some(current) == servers.postgres {
            return Some(Root::Postgres);
        }
        if Some(current) == servers.rabbitmq {
            return Some(Root::RabbitMq);
        }
        pid = processes.get(&current).map(|process| process.parent);
    }
    None
}

fn processes() -> HashMap<u32, Process> {
    let Ok(entries) = fs::read_dir("/proc") else { return HashMap::new() };
    let pids = entries.flatten().filter_map(|entry| entry.file_name().to_str()?.parse().ok());
    pids.filter_map(|pid: u32| {
        Some((pid, process(&fs::read_to_string(format!("/proc/{pid}/stat")).ok()?)?))
    })
    .collect()
}

/// The name is in parentheses and may hold anything, even parentheses.
fn process(stat: &str) -> Option<Process> {
    let (head, tail) = stat.rsplit_once(") ")?;
    let fields: Vec<&str> = tail.split(' ').collect();
    let number = |index: usize| fields.get(index)?.parse::<u64>().ok();
    Some(Process {
        parent: fields.get(1)?.parse().ok()?,
        name: head.split_once('(')?.1.to_owned(),
        own: number(11)? + number(12)?,
        reaped: number(13)? + number(14)?,
    })
}

/// Ticks in which any core worked; time that the hypervisor took away counts as work of others.
fn busy() -> u64 {
    let stat = fs::read_to_string("/proc/stat").unwrap_or_default();
    let line = stat.lines().next().unwrap_or_default();
    let fields: Vec<u64> = line.split_whitespace().skip(1).flat_map(str::parse).collect();
    // user nice system idle iowait irq softirq steal; the guest times after them are in user.
    fields.iter().take(8).enumerate().filter(|(i, _)| !matches!(i, 3 | 4)).map(|(_, n)| n).sum()
}

fn port(url: &str) -> Option<u16> {
    let authority = url.split_once("://")?.1.split('/').next()?;
    authority.rsplit_once(':')?.1.parse().ok()
}

/// The first process that listens on a local port.
fn listener(port: u16) -> Option<u32> {
    let tables = ["/proc/net/tcp", "/proc/net/tcp6"].map(fs::read_to_string);
    let lines = tables.iter().flatten().flat_map(|table| table.lines());
    let suffix = format!(":{port:04X}");
    let inode = lines
        .map(|line| line.split_whitespace().collect::<Vec<_>>())
        // 0A is the state of a listening socket.
        .find(|fields| fields.len() > 9 && fields[1].ends_with(&suffix) && fields[3] == "0A")
        .map(|fields| format!("socket:[{}]", fields[9]))?;
    let mut pids: Vec<u32> = processes().into_keys().collect();
    pids.sort_unstable();
    pids.into_iter().find(|pid| holds(*pid, &inode))
}

fn holds(pid: u32, socket: &str) -> bool {
    let Ok(files) = fs::read_dir(format!("/proc/{pid}/fd")) else { return false };
    files
        .flatten()
        .any(|file| fs::read_link(file.path()).is_ok_and(|target| target.as_os_str() == socket))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_process_is_read_whatever_its_name() {
        let stat = "42 (a) b (c) S 7 42 42 0 -1 4194560 1 2 3 4 10 20 30 40 20 0 1 0 5 6 7";
        let process = process(stat).unwrap();
        assert_eq!((process.parent, process.own, process.reaped), (7, 30, 70));
        assert_eq!(process.name, "a) b (c");
    }

    #[test]
    fn this_process_is_found_by_its_port() {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        assert_eq!(super::listener(port), Some(std::process::id()));
        assert_eq!(super::port("amqp://guest:guest@127.0.0.1:5672/%2f"), Some(5672));
    }
}
