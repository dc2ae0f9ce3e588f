//! The catalogues: one file for each language, the same keys in each.

use std::sync::LazyLock;

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource, FluentValue};

use super::number;

/// A language of the site.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Lang {
    En,
    Fr,
}

type Bundle = FluentBundle<FluentResource>;

const ENGLISH: &str = include_str!("../../locales/en.ftl");
const FRENCH: &str = include_str!("../../locales/fr.ftl");

static ENGLISH_BUNDLE: LazyLock<Bundle> = LazyLock::new(|| bundle(Lang::En, ENGLISH));
static FRENCH_BUNDLE: LazyLock<Bundle> = LazyLock::new(|| bundle(Lang::Fr, FRENCH));

impl Lang {
    pub(crate) const ALL: [Lang; 2] = [Lang::Fr, Lang::En];

    /// As `lang` attributes and cookies write it.
    pub(crate) fn code(self) -> &'static str {
        match self {
            Lang::En => "en",
            Lang::Fr => "fr",
        }
    }

    /// Its own name.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Lang::En => "English",
            Lang::Fr => "Français",
        }
    }

    pub(crate) fn of_code(code: &str) -> Option<Lang> {
        Lang::ALL.into_iter().find(|lang| lang.code() == code)
    }

    /// The language that an `Accept-Language` header likes best; English when it names none of ours.
    pub(crate) fn accepted(header: &str) -> Lang {
        let wishes = header.split(',').filter_map(|wish| {
            let (tag, quality) = wish.split_once(';').unwrap_or((wish, "q=1"));
            let quality: f32 = quality.trim().strip_prefix("q=")?.parse().ok()?;
            let primary = tag.trim().split('-').next()?.to_ascii_lowercase();
            Some((Lang::of_code(&primary)?, quality)).filter(|(_, quality)| *quality > 0.0)
        });
        let best = wishes.reduce(|best, wish| if wish.1 > best.1 { wish } else { best });
        best.map_or(Lang::En, |(lang, _)| lang)
    }

    pub(super) fn has(self, key: &str) -> bool {
        self.bundle().has_message(key)
    }

    /// The message of `key`. A missing one shows its key: a test keeps that from happening.
    pub(super) fn format(self, key: &str, arguments: Option<&FluentArgs<'_>>) -> String {
        let bundle = self.bundle();
        let Some(pattern) = bundle.get_message(key).and_then(|message| message.value()) else {
            tracing::warn!(key, lang = self.code(), "a message is missing");
            return key.to_owned();
        };
        let mut errors = Vec::new();
        let text = bundle.format_pattern(pattern, arguments, &mut errors);
        if !errors.is_empty() {
            tracing::warn!(key, lang = self.code(), ?errors, "a message is incomplete");
        }
        text.into_owned()
    }

    fn bundle(self) -> &'static Bundle {
        match self {
            Lang::En => &ENGLISH_BUNDLE,
            Lang::Fr => &FRENCH_BUNDLE,
        }
    }
}

fn bundle(lang: Lang, text: &str) -> Bundle {
    let resource = FluentResource::try_new(text.to_owned());
    let resource = resource.unwrap_or_else(|(_, errors)| panic!("{}: {errors:?}", lang.code()));
    let id = lang.code().parse().expect("a language code is a language identifier");
    let mut bundle = Bundle::new_concurrent(vec![id]);
    // The marks around arguments are for scripts of different directions; ours all go one way.
    bundle.set_use_isolating(false);
    bundle.set_formatter(Some(match lang {
        Lang::En => |value, _| written(Lang::En, value),
        Lang::Fr => |value, _| written(Lang::Fr, value),
    }));
    bundle.add_resource(resource).unwrap_or_else(|errors| panic!("{}: {errors:?}", lang.code()));
    bundle
}

/// Numbers in messages look as everywhere else.
fn written(lang: Lang, value: &FluentValue<'_>) -> Option<String> {
    let FluentValue::Number(number) = value else { return None };
    Some(number::float(lang, number.value, usize::from(number.value.fract() != 0.0)))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::fs;
    use std::path::Path;

    use super::*;

    fn keys(text: &str) -> BTreeSet<&str> {
        text.lines()
            .filter(|line| line.starts_with(|c: char| c.is_ascii_lowercase()))
            .filter_map(|line| Some(line.split_once('=')?.0.trim()))
            .collect()
    }

    /// All source and template text of this crate.
    fn sources(folder: &Path, texts: &mut String) {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                sources(&path, texts);
            } else {
                texts.push_str(&fs::read_to_string(path).unwrap());
            }
        }
    }

    #[test]
    fn both_languages_have_the_same_keys_and_parse() {
        for lang in Lang::ALL {
            lang.bundle();
        }
        assert_eq!(keys(ENGLISH), keys(FRENCH));
        for text in [ENGLISH, FRENCH] {
            let lines = text.lines().filter(|line| line.starts_with(|c: char| c.is_alphabetic()));
            assert_eq!(lines.count(), keys(text).len(), "a key stands twice");
        }
    }

    #[test]
    fn every_key_in_use_exists() {
        let mut texts = String::new();
        let root = Path::new(env!("CARGO_MANIFEST_DIR"));
        sources(&root.join("src"), &mut texts);
        sources(&root.join("templates"), &mut texts);
        let known = keys(ENGLISH);
        for call in ["say.t(\"", "say.t1(\"", "say.t2(\"", "say.f(\""] {
            for rest in texts.split(call).skip(1) {
                let key = rest.split('"').next().unwrap();
                assert!(known.contains(key), "`{key}` is in no catalogue");
            }
        }
    }

    #[test]
    fn the_header_decides_and_english_stands_in() {
        for (header, lang) in [
            ("fr", Lang::Fr),
            ("fr-CA, en;q=0.8", Lang::Fr),
            ("en-GB,en;q=0.9,fr;q=0.8", Lang::En),
            ("de, fr;q=0.5, en;q=0.2", Lang::Fr),
            ("de", Lang::En),
            ("fr;q=0", Lang::En),
            ("", Lang::En),
            (";;q=,", Lang::En),
        ] {
            assert_eq!(Lang::accepted(header), lang, "{header}");
        }
    }
}
