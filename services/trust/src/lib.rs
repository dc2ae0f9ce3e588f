//! Whose certificates count, for the servers that Courtier connects to: the database and the
//! broker. Both read the same files, trust the same roots, and say the same when one is refused.

mod explain;
mod unverified;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use rustls::RootCertStore;
use rustls::crypto::{CryptoProvider, aws_lc_rs};
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;

pub use explain::explain;
pub use rustls::ClientConfig;

/// Who may vouch for a server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Roots {
    /// Those that this system trusts.
    System,
    /// Those in this file, as PEM, and nobody else.
    File(PathBuf),
}

/// Why roots cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// There is no such file, or it may not be read.
    #[error("{} cannot be read: {reason}", file.display())]
    Unreadable { file: PathBuf, reason: std::io::Error },
    /// The file is something else, such as a key.
    #[error("{} holds no certificate in PEM form that can be used", file.display())]
    NoCertificate { file: PathBuf },
    /// As in an image that was built without them.
    #[error("this system trusts nobody: install ca-certificates, or name a file")]
    NoSystemRoots,
    #[error("TLS cannot be set up: {0}")]
    Setup(#[from] rustls::Error),
}

/// For connections to servers that prove by `roots` who they are, also by name.
///
/// # Errors
/// When there are no roots.
pub fn verified(roots: &Roots) -> Result<ClientConfig, Error> {
    let roots = match roots {
        Roots::System => system()?,
        Roots::File(file) => read(file)?,
    };
    let config = ClientConfig::builder_with_provider(provider())
        .with_safe_default_protocol_versions()?
        .with_root_certificates(roots)
        .with_no_client_auth();
    Ok(config)
}

/// For connections that nobody can listen to, to whoever answers.
///
/// # Errors
/// Never with the provider that is compiled in.
pub fn unverified() -> Result<ClientConfig, Error> {
    let provider = provider();
    let anybody = unverified::Anybody::new(&provider);
    let config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()?
        .dangerous()
        .with_custom_certificate_verifier(Arc::new(anybody))
        .with_no_client_auth();
    Ok(config)
}

/// The file of the system's roots, for programs that want a path.
pub fn system_file() -> Option<PathBuf> {
    openssl_probe::probe().cert_file
}

/// Named, and not left to what the process has installed: that is nothing.
fn provider() -> Arc<CryptoProvider> {
    Arc::new(aws_lc_rs::default_provider())
}

fn system() -> Result<RootCertStore, Error> {
    let mut roots = RootCertStore::empty();
    // Among so many some are always too old to be understood.
    roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
    if roots.is_empty() { Err(Error::NoSystemRoots) } else { Ok(roots) }
}

fn read(file: &Path) -> Result<RootCertStore, Error> {
    let unusable = || Error::NoCertificate { file: file.to_owned() };
    let text = std::fs::read(file)
        .map_err(|reason| Error::Unreadable { file: file.to_owned(), reason })?;
    let mut roots = RootCertStore::empty();
    for certificate in CertificateDer::pem_slice_iter(&text) {
        roots.add(certificate.map_err(|_| unusable())?).map_err(|_| unusable())?;
    }
    if roots.is_empty() { Err(unusable()) } else { Ok(roots) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refusal(file: &str) -> String {
        verified(&Roots::File(file.into())).unwrap_err().to_string()
    }

    #[test]
    fn a_file_that_cannot_be_used_is_named_with_the_reason() {
        assert!(refusal("/nowhere/ca.pem").starts_with("/nowhere/ca.pem cannot be read: No such"));
        let here = concat!(env!("CARGO_MANIFEST_DIR"), "/Cargo.toml");
        assert!(refusal(here).starts_with(here) && refusal(here).contains("no certificate"));
    }
}
