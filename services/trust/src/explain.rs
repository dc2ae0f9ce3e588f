//! What a refused handshake means for whoever wrote the address.

use std::error::Error;

use rustls::CertificateError;

/// In words, if TLS is what failed anywhere in `error`. `variable` holds the server's address, and
/// `parameter` in it names the file of roots.
pub fn explain(error: &(dyn Error + 'static), variable: &str, parameter: &str) -> Option<String> {
    let words = match find(error)? {
        rustls::Error::InvalidCertificate(certificate) => match certificate {
            CertificateError::UnknownIssuer => format!(
                "the server's certificate is from nobody who is trusted here: give the file of its \
                 authority as {parameter} in {variable}"
            ),
            CertificateError::NotValidForNameContext { expected, presented } => format!(
                "the server's certificate is for {}, and not for {}: use a name that it is for in \
                 {variable}",
                presented.join(", "),
                expected.to_str()
            ),
            CertificateError::Expired | CertificateError::ExpiredContext { .. } => {
                "the server's certificate has expired: renew it there".to_owned()
            }
            // The library has no variant for it, only this name.
            other if format!("{other:?}").contains("CaUsedAsEndEntity") => {
                "the server's certificate is that of an authority: give the server one of its own, \
                 signed by it"
                    .to_owned()
            }
            other => format!("the server's certificate is refused: {other}"),
        },
        rustls::Error::InvalidMessage(_) => {
            format!("the server does not speak TLS at the port in {variable}")
        }
        other => format!("no encrypted connection comes about: {other}"),
    };
    Some(words)
}

/// The error of TLS, below whatever has wrapped it.
fn find<'a>(error: &'a (dyn Error + 'static)) -> Option<&'a rustls::Error> {
    let mut next = Some(error);
    while let Some(error) = next {
        if let Some(found) = error.downcast_ref() {
            return Some(found);
        }
        // `source` of an I/O error skips the error that it was made of.
        let inner = error.downcast_ref::<std::io::Error>().and_then(std::io::Error::get_ref);
        if let Some(found) = inner.and_then(|inner| inner.downcast_ref()) {
            return Some(found);
        }
        next = error.source();
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(error: CertificateError) -> String {
        let error = std::io::Error::other(rustls::Error::InvalidCertificate(error));
        explain(&error, "DATABASE_URL", "sslrootcert").unwrap()
    }

    #[test]
    fn each_refusal_says_what_would_be_right() {
        let unknown = words(CertificateError::UnknownIssuer);
        assert!(unknown.ends_with("authority as sslrootcert in DATABASE_URL"), "{unknown}");
        let expected = "db.internal".try_into().unwrap();
        let presented = vec!["db.example".to_owned(), "db".to_owned()];
        let name = words(CertificateError::NotValidForNameContext { expected, presented });
        assert!(name.contains("is for db.example, db, and not for db.internal"), "{name}");
        assert!(words(CertificateError::Expired).contains("has expired"));
        assert!(explain(&std::io::Error::other("else"), "A", "b").is_none());
    }
}
