//! Certificates as an operator would make them: an authority, and a server that it vouches for.

use std::fs;
use std::path::Path;

use rcgen::{BasicConstraints, CertificateParams, DnType, IsCa, Issuer, KeyPair, KeyUsagePurpose};

/// The name that the server's certificate is for, and no other.
const NAME: &str = "localhost";

/// Writes `ca.pem`, `cert.pem` and `key.pem` of a server, and `other.pem`, an authority that has
/// nothing to do with it.
pub(crate) fn write(folder: &Path) {
    let authority = authority("one authority", &folder.join("ca.pem"));
    let key = KeyPair::generate().unwrap();
    let certificate = CertificateParams::new([NAME.to_owned()]).unwrap();
    let certificate = certificate.signed_by(&key, &authority).unwrap();
    fs::write(folder.join("cert.pem"), certificate.pem()).unwrap();
    fs::write(folder.join("key.pem"), key.serialize_pem()).unwrap();
    self::authority("another authority", &folder.join("other.pem"));
}

fn authority(name: &str, file: &Path) -> Issuer<'static, KeyPair> {
    let mut authority = CertificateParams::default();
    authority.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    authority.key_usages = vec![KeyUsagePurpose::KeyCertSign];
    authority.distinguished_name.push(DnType::CommonName, name);
    let key = KeyPair::generate().unwrap();
    fs::write(file, authority.self_signed(&key).unwrap().pem()).unwrap();
    Issuer::new(authority, key)
}
