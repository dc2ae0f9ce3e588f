//! What templates hand to messages: by value or by reference, however deep, so that a template
//! needs no `*` and no `&`.

use fluent_bundle::FluentValue;
use jiff::Timestamp;
use rust_decimal::Decimal;

/// A value for a placeholder of a message.
pub(crate) trait Argument {
    fn argument(&self) -> FluentValue<'static>;
}

/// A count.
pub(crate) trait Whole {
    fn whole(&self) -> i64;
}

/// An instant.
pub(crate) trait Instant {
    fn instant(&self) -> Timestamp;
}

/// An amount in euros.
pub(crate) trait Amount {
    fn amount(&self) -> Decimal;
}

impl Argument for str {
    fn argument(&self) -> FluentValue<'static> {
        FluentValue::from(self.to_owned())
    }
}

impl Argument for String {
    fn argument(&self) -> FluentValue<'static> {
        self.as_str().argument()
    }
}

impl Argument for i64 {
    fn argument(&self) -> FluentValue<'static> {
        FluentValue::from(*self)
    }
}

impl Argument for u32 {
    fn argument(&self) -> FluentValue<'static> {
        i64::from(*self).argument()
    }
}

impl Argument for usize {
    fn argument(&self) -> FluentValue<'static> {
        self.whole().argument()
    }
}

impl<T: Argument + ?Sized> Argument for &T {
    fn argument(&self) -> FluentValue<'static> {
        (**self).argument()
    }
}

impl Whole for i64 {
    fn whole(&self) -> i64 {
        *self
    }
}

impl Whole for i32 {
    fn whole(&self) -> i64 {
        (*self).into()
    }
}

impl Whole for u32 {
    fn whole(&self) -> i64 {
        (*self).into()
    }
}

impl Whole for u64 {
    fn whole(&self) -> i64 {
        i64::try_from(*self).unwrap_or(i64::MAX)
    }
}

impl Whole for usize {
    fn whole(&self) -> i64 {
        i64::try_from(*self).unwrap_or(i64::MAX)
    }
}

impl<T: Whole + ?Sized> Whole for &T {
    fn whole(&self) -> i64 {
        (**self).whole()
    }
}

impl Instant for Timestamp {
    fn instant(&self) -> Timestamp {
        *self
    }
}

impl<T: Instant + ?Sized> Instant for &T {
    fn instant(&self) -> Timestamp {
        (**self).instant()
    }
}

impl Amount for Decimal {
    fn amount(&self) -> Decimal {
        *self
    }
}

impl<T: Amount + ?Sized> Amount for &T {
    fn amount(&self) -> Decimal {
        (**self).amount()
    }
}
