//! Files between their preview and the word to import them: kept by this process for a while.

use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use bytes::Bytes;

/// A file that was looked at.
#[derive(Clone, Debug)]
pub(crate) struct Kept {
    /// What names it in the form.
    pub(crate) key: String,
    /// Whose it is.
    session: String,
    pub(crate) name: String,
    pub(crate) bytes: Bytes,
    at: Instant,
}

/// The last few files.
#[derive(Default)]
pub(crate) struct Uploads(Mutex<Vec<Kept>>);

/// Files that are kept at the same time; the oldest goes first.
const MAX_FILES: usize = 4;
/// How long somebody may think about a preview.
const LIFE: Duration = Duration::from_mins(30);

impl Uploads {
    /// Keeps a file of a session, in the place of the one that it had.
    pub(crate) fn keep(&self, session: &str, name: &str, bytes: Bytes) -> String {
        let key = crate::token::random_id();
        let kept = Kept {
            key: key.clone(),
            session: session.to_owned(),
            name: name.to_owned(),
            bytes,
            at: Instant::now(),
        };
        let mut files = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        files.retain(|file| file.session != session && file.at.elapsed() < LIFE);
        if files.len() >= MAX_FILES {
            files.remove(0);
        }
        files.push(kept);
        key
    }

    /// Hands a file over to the session that it belongs to; once.
    pub(crate) fn take(&self, session: &str, key: &str) -> Option<Kept> {
        let mut files = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        files.retain(|file| file.at.elapsed() < LIFE);
        let place = files.iter().position(|file| file.session == session && file.key == key)?;
        Some(files.remove(place))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_handed_over_once_and_to_its_owner() {
        let uploads = Uploads::default();
        let key = uploads.keep("one", "a.csv", Bytes::from_static(b"id"));
        assert!(uploads.take("two", &key).is_none());
        assert_eq!(uploads.take("one", &key).unwrap().name, "a.csv");
        assert!(uploads.take("one", &key).is_none());
    }

    #[test]
    fn only_the_last_files_are_kept() {
        let uploads = Uploads::default();
        let sessions = ["a", "b", "c", "d", "e"];
        let keys = sessions.map(|session| uploads.keep(session, "x", Bytes::new()));
        assert!(uploads.take("a", &keys[0]).is_none());
        assert!(uploads.take("e", &keys[4]).is_some());
        let again = uploads.keep("b", "y", Bytes::new());
        assert!(uploads.take("b", &keys[1]).is_none() && uploads.take("b", &again).is_some());
    }
}
