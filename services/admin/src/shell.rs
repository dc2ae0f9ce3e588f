//! What stands around every page: the head, the menu, the foot.

use store::Store;

use crate::pages;
use crate::say::Say;

/// Everything that `layout.html` shows besides the page itself.
#[derive(Clone, Debug)]
pub(crate) struct Shell {
    pub(crate) say: Say,
    pub(crate) theme: Theme,
    pub(crate) path: String,
    /// Name of the page, in the visitor's language.
    pub(crate) title: String,
    /// Empty at the door: no menu is shown.
    pub(crate) username: String,
    /// The hidden field of every form.
    pub(crate) token: String,
    pub(crate) counts: Counts,
}

/// What waits for somebody, up to [`COUNT_LIMIT`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Counts {
    pub(crate) to_review: i64,
    pub(crate) dead: i64,
}

/// Light, dark, or what the system has.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Theme {
    #[default]
    Auto,
    Light,
    Dark,
}

/// A line of the menu.
pub(crate) struct Entry {
    pub(crate) path: &'static str,
    pub(crate) label: String,
    pub(crate) is_here: bool,
    /// Something waits there; shown from 1 on.
    pub(crate) count: i64,
    pub(crate) is_bad: bool,
}

/// A group of the menu; the first has no name.
pub(crate) struct Group {
    pub(crate) id: &'static str,
    pub(crate) label: String,
    pub(crate) entries: Vec<Entry>,
}

/// Counts stop here: more is told as "1,000".
pub(crate) const COUNT_LIMIT: i64 = 1_000;

const MENU: &[(&str, &[&str])] = &[
    ("", &["/"]),
    ("prices", &["/cards", "/review", "/sets", "/sales", "/import", "/exports"]),
    ("work", &["/batches", "/commands", "/dead-letters", "/lanes"]),
    ("services", &["/tenants", "/api-keys"]),
    ("system", &["/settings", "/audit"]),
];

impl Shell {
    pub(crate) fn titled(self, title: &str) -> Shell {
        Shell { title: title.to_owned(), ..self }
    }

    /// The menu: only pages that there are.
    pub(crate) fn menu(&self) -> Vec<Group> {
        let group = |(id, paths): &(&'static str, &[&'static str])| Group {
            id,
            label: self.say.try_t(&format!("menu-{id}")).unwrap_or_default(),
            entries: paths
                .iter()
                .filter(|path| pages::exists(path))
                .map(|path| self.entry(path))
                .collect(),
        };
        MENU.iter().map(group).filter(|group| !group.entries.is_empty()).collect()
    }

    fn entry(&self, path: &'static str) -> Entry {
        let name = path.trim_start_matches('/');
        let key = if name.is_empty() { "page-status".to_owned() } else { format!("page-{name}") };
        let below = format!("{path}/");
        Entry {
            path,
            label: self.say.try_t(&key).unwrap_or_else(|| name.to_owned()),
            is_here: self.path == path || path != "/" && self.path.starts_with(&below),
            count: match path {
                "/review" => self.counts.to_review,
                "/dead-letters" => self.counts.dead,
                _ => 0,
            },
            is_bad: path == "/dead-letters",
        }
    }
}

impl Counts {
    pub(crate) async fn read(store: &Store) -> store::Result<Counts> {
        let client = store.client().await?;
        Ok(Counts {
            to_review: store::prices::count_to_review(&client, COUNT_LIMIT).await?,
            dead: store::dead_letters::count_open(&client, COUNT_LIMIT).await?,
        })
    }
}

impl Theme {
    pub(crate) const ALL: [Theme; 3] = [Theme::Auto, Theme::Light, Theme::Dark];

    pub(crate) fn word(self) -> &'static str {
        match self {
            Theme::Auto => "auto",
            Theme::Light => "light",
            Theme::Dark => "dark",
        }
    }

    pub(crate) fn label(self, say: &Say) -> String {
        match self {
            Theme::Auto => say.t("theme-auto"),
            Theme::Light => say.t("theme-light"),
            Theme::Dark => say.t("theme-dark"),
        }
    }

    pub(crate) fn of_word(word: &str) -> Option<Theme> {
        Theme::ALL.into_iter().find(|theme| theme.word() == word)
    }
}
