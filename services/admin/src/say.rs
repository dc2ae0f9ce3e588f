//! The visitor's language: words from `locales/*.ftl`, numbers and instants as he writes them.

mod argument;
mod catalogue;
mod number;
mod time;

use std::borrow::Cow;

use fluent_bundle::{FluentArgs, FluentValue};
use jiff::tz::TimeZone;

pub(crate) use argument::{Amount, Argument, Instant, Whole};
pub(crate) use catalogue::Lang;

/// Speaks to one visitor. Made once for each request.
#[derive(Clone, Debug)]
pub(crate) struct Say {
    pub(crate) lang: Lang,
    /// The shop's zone: instants are shown in it.
    pub(crate) zone: TimeZone,
    pub(crate) now: jiff::Timestamp,
}

impl Say {
    pub(crate) fn new(lang: Lang, zone: &str) -> Say {
        let zone = TimeZone::get(zone).unwrap_or(TimeZone::UTC);
        Say { lang, zone, now: jiff::Timestamp::now() }
    }

    /// A message without arguments.
    pub(crate) fn t(&self, key: &str) -> String {
        self.lang.format(key, None)
    }

    /// A message with one argument. Numbers choose the plural, and are written in this language.
    pub(crate) fn t1(&self, key: &str, name: &str, value: impl Argument) -> String {
        self.f(key, &[(name, value.argument())])
    }

    /// A message with two arguments.
    pub(crate) fn t2(
        &self,
        key: &str,
        (one, first): (&str, impl Argument),
        (two, second): (&str, impl Argument),
    ) -> String {
        self.f(key, &[(one, first.argument()), (two, second.argument())])
    }

    /// A message with any number of arguments.
    pub(crate) fn f(&self, key: &str, pairs: &[(&str, FluentValue<'static>)]) -> String {
        let arguments: FluentArgs<'_> =
            pairs.iter().map(|(name, value)| (Cow::Borrowed(*name), value.clone())).collect();
        self.lang.format(key, Some(&arguments))
    }

    /// As [`Say::t1`], for a key that is computed.
    pub(crate) fn try_t1(&self, key: &str, name: &str, value: impl Argument) -> String {
        if self.lang.has(key) { self.t1(key, name, value) } else { key.to_owned() }
    }

    /// Whether there is a message of this key.
    pub(crate) fn has(&self, key: &str) -> bool {
        self.lang.has(key)
    }

    /// The message of this key, if there is one.
    pub(crate) fn try_t(&self, key: &str) -> Option<String> {
        self.lang.has(key).then(|| self.t(key))
    }
}
