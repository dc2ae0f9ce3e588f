//! `DATABASE_URL`: where the database is, and how much its connections are protected. The words
//! are those of libpq, and mean what they mean there.

use std::path::PathBuf;

use percent_encoding::percent_decode_str;
use tokio_postgres::config::{Host, SslMode};
use tokio_postgres_rustls::MakeRustlsConnect;
use trust::Roots;

use crate::{Error, Result};

/// What `sslmode` says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Mode {
    Disable,
    Prefer,
    Require,
    VerifyFull,
}

const MODES: &[(&str, Mode)] = &[
    ("disable", Mode::Disable),
    ("prefer", Mode::Prefer),
    ("require", Mode::Require),
    ("verify-full", Mode::VerifyFull),
];

/// An address that has been read.
pub(crate) struct Address {
    pub(crate) config: tokio_postgres::Config,
    pub(crate) mode: Mode,
    pub(crate) roots: Roots,
}

impl Address {
    pub(crate) fn parse(url: &str) -> Result<Address> {
        // The client knows three of the modes, and no file.
        let (url, protection) = split(url);
        let mut config: tokio_postgres::Config = url
            .parse()
            .map_err(|error: tokio_postgres::Error| Error::Address(error.to_string()))?;
        let mode = match protection.mode {
            Some(word) => mode(&word)?,
            // Written as `host=… sslmode=…`, which the client has read.
            None if config.get_ssl_mode() == SslMode::Disable => Mode::Disable,
            None if config.get_ssl_mode() == SslMode::Require => Mode::Require,
            None => Mode::Prefer,
        };
        if protection.roots.is_some() && mode != Mode::VerifyFull {
            return Err(Error::Protection(
                "sslrootcert is there to verify by: it needs sslmode=verify-full".into(),
            ));
        }
        let roots = match protection.roots.as_deref() {
            None | Some("system") => Roots::System,
            Some(file) => Roots::File(PathBuf::from(file)),
        };
        config.ssl_mode(match mode {
            // Nobody listens on a socket file, and no server encrypts there.
            _ if is_local(&config) => SslMode::Disable,
            Mode::Disable => SslMode::Disable,
            Mode::Prefer => SslMode::Prefer,
            Mode::Require | Mode::VerifyFull => SslMode::Require,
        });
        Ok(Address { config, mode, roots })
    }

    /// What encrypts its connections, if they are.
    pub(crate) fn connector(&self) -> Result<MakeRustlsConnect> {
        let config = match self.mode {
            Mode::VerifyFull => trust::verified(&self.roots)
                .map_err(|error| Error::Protection(format!("sslrootcert: {error}")))?,
            _ => trust::unverified().map_err(|error| Error::Protection(error.to_string()))?,
        };
        Ok(MakeRustlsConnect::new(config))
    }

    /// `PGSSLMODE` and `PGSSLROOTCERT`, for PostgreSQL's own programs.
    pub(crate) fn libpq_variables(&self) -> Vec<(&'static str, String)> {
        let words = MODES.iter().filter(|(_, mode)| *mode == self.mode);
        let mut variables: Vec<_> =
            words.map(|(word, _)| ("PGSSLMODE", (*word).to_owned())).collect();
        if self.mode == Mode::VerifyFull {
            // Only since version 16 do they know the word `system`.
            let file = match &self.roots {
                Roots::System => trust::system_file().unwrap_or_else(|| "system".into()),
                Roots::File(file) => file.clone(),
            };
            variables.push(("PGSSLROOTCERT", file.display().to_string()));
        }
        variables
    }
}

fn is_local(config: &tokio_postgres::Config) -> bool {
    let hosts = config.get_hosts();
    !hosts.is_empty() && hosts.iter().all(|host| matches!(host, Host::Unix(_)))
}

fn mode(word: &str) -> Result<Mode> {
    let known = MODES.iter().find(|(name, _)| *name == word).map(|(_, mode)| *mode);
    known.ok_or_else(|| {
        let names: Vec<_> = MODES.iter().map(|(name, _)| *name).collect();
        Error::Protection(format!("sslmode is one of {}, not `{word}`", names.join(", ")))
    })
}

/// The two parameters that are ours to read.
#[derive(Default)]
struct Protection {
    mode: Option<String>,
    roots: Option<String>,
}

/// Takes them out of a URL.
fn split(url: &str) -> (String, Protection) {
    let mut protection = Protection::default();
    let is_url = url.starts_with("postgresql://") || url.starts_with("postgres://");
    // A password may hold a question mark.
    let host = url.find('@').unwrap_or(0);
    let Some(query) = url[host..].find('?').filter(|_| is_url).map(|at| host + at) else {
        return (url.to_owned(), protection);
    };
    let mut others = Vec::new();
    for pair in url[query + 1..].split('&') {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        let value = || Some(percent_decode_str(value).decode_utf8_lossy().into_owned());
        match name {
            "sslmode" => protection.mode = value(),
            "sslrootcert" => protection.roots = value(),
            _ => others.push(pair),
        }
    }
    let separator = if others.is_empty() { "" } else { "?" };
    (format!("{}{separator}{}", &url[..query], others.join("&")), protection)
}

#[cfg(test)]
mod tests {
    use super::*;

    const SERVER: &str = "postgresql://ann:pa%40ss@db.local:5433/shop";

    fn read(query: &str) -> Address {
        Address::parse(&format!("{SERVER}{query}")).unwrap()
    }

    fn refusal(query: &str) -> String {
        Address::parse(&format!("{SERVER}{query}")).err().unwrap().to_string()
    }

    #[test]
    fn modes_mean_what_they_mean_to_libpq() {
        for (query, mode, of_the_client) in [
            ("", Mode::Prefer, SslMode::Prefer),
            ("?sslmode=disable", Mode::Disable, SslMode::Disable),
            ("?sslmode=prefer", Mode::Prefer, SslMode::Prefer),
            ("?sslmode=require", Mode::Require, SslMode::Require),
            ("?sslmode=verify%2Dfull", Mode::VerifyFull, SslMode::Require),
        ] {
            let address = read(query);
            assert_eq!((address.mode, address.config.get_ssl_mode()), (mode, of_the_client));
            assert_eq!(address.roots, Roots::System);
        }
        let address = Address::parse("host=db user=ann sslmode=require").unwrap();
        assert_eq!(address.mode, Mode::Require);
        let address = Address::parse("postgresql:///shop?host=/run/pg&sslmode=require").unwrap();
        assert_eq!(address.config.get_ssl_mode(), SslMode::Disable);
    }

    #[test]
    fn what_is_not_ours_reaches_the_client() {
        let url = "postgres://ann:a?sslmode=b@db/shop?sslmode=verify-full&connect_timeout=7\
                   &sslrootcert=/etc/my%20ca.pem&application_name=x%26y";
        let address = Address::parse(url).unwrap();
        assert_eq!(address.config.get_password(), Some(b"a?sslmode=b".as_slice()));
        assert_eq!(address.config.get_connect_timeout().unwrap().as_secs(), 7);
        assert_eq!(address.config.get_application_name(), Some("x&y"));
        assert_eq!(address.roots, Roots::File("/etc/my ca.pem".into()));
        assert!(Address::parse("postgres://db/shop?sslcert=me.pem").is_err());
    }

    #[test]
    fn what_is_not_known_is_refused_with_what_is() {
        for word in ["verify-ca", "allow", "VERIFY-FULL", ""] {
            let refusal = refusal(&format!("?sslmode={word}"));
            let expected = format!(
                "DATABASE_URL: sslmode is one of disable, prefer, require, verify-full, not `{word}`"
            );
            assert_eq!(refusal, expected);
        }
        for query in ["?sslrootcert=/ca.pem", "?sslmode=require&sslrootcert=/ca.pem"] {
            assert!(refusal(query).contains("it needs sslmode=verify-full"));
        }
        let missing = read("?sslmode=verify-full&sslrootcert=/nowhere.pem").connector();
        let missing = missing.err().unwrap().to_string();
        assert!(missing.starts_with("DATABASE_URL: sslrootcert: /nowhere.pem cannot be read"));
    }

    #[test]
    fn programs_of_postgresql_are_told_the_same() {
        assert_eq!(read("").libpq_variables(), [("PGSSLMODE", "prefer".to_owned())]);
        let verified = read("?sslmode=verify-full&sslrootcert=/ca.pem").libpq_variables();
        let expected = [("PGSSLMODE", "verify-full"), ("PGSSLROOTCERT", "/ca.pem")];
        assert_eq!(verified, expected.map(|(name, value)| (name, value.to_owned())));
        let system = read("?sslmode=verify-full&sslrootcert=system").libpq_variables();
        assert!(system[1].1 == "system" || PathBuf::from(&system[1].1).exists());
    }
}
