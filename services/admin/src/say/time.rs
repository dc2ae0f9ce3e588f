//! Instants, days and spans of time.

use jiff::Zoned;
use jiff::civil::{Date, Weekday};

use super::number::NO_BREAK;
use super::{Instant, Lang, Say};

const MONTHS_FR: [&str; 12] = [
    "janv.", "févr.", "mars", "avr.", "mai", "juin", "juil.", "août", "sept.", "oct.", "nov.",
    "déc.",
];
const MONTHS_EN: [&str; 12] =
    ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
/// Monday first.
const DAYS_FR: [&str; 7] = ["lun.", "mar.", "mer.", "jeu.", "ven.", "sam.", "dim."];
const DAYS_EN: [&str; 7] = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];

/// How far from now an instant is told by its day of the week.
const NEAR_DAYS: i64 = 6;

impl Say {
    /// `16:42`
    pub(crate) fn clock(&self, instant: impl Instant) -> String {
        self.zoned(instant).strftime("%H:%M").to_string()
    }

    /// `16:42:07`
    pub(crate) fn clock_s(&self, instant: impl Instant) -> String {
        self.zoned(instant).strftime("%H:%M:%S").to_string()
    }

    /// As short as it can be understood: `16:42` today, `dim. 03:00` within days, else `20 nov.
    /// 18:04`.
    pub(crate) fn moment(&self, instant: impl Instant) -> String {
        let instant = instant.instant();
        let (at, today) = (self.zoned(instant), self.zoned(self.now).date());
        let clock = self.clock(instant);
        let days = i64::from((at.date() - today).get_days());
        match days {
            0 => clock,
            _ if days.abs() <= NEAR_DAYS => format!("{} {clock}", self.weekday(at.weekday())),
            _ => format!("{} {clock}", self.date(at.date())),
        }
    }

    /// To the second, with the zone: for titles.
    pub(crate) fn exact(&self, instant: impl Instant) -> String {
        self.zoned(instant).strftime("%Y-%m-%d %H:%M:%S %Z").to_string()
    }

    /// `20 nov.`, with the year when it is another one.
    pub(crate) fn date(&self, date: Date) -> String {
        let month = usize::from(date.month().unsigned_abs()) - 1;
        let month = match self.lang {
            Lang::Fr => MONTHS_FR[month],
            Lang::En => MONTHS_EN[month],
        };
        let first = self.lang == Lang::Fr && date.day() == 1;
        let day = format!("{}{}{NO_BREAK}{month}", date.day(), if first { "er" } else { "" });
        if date.year() == self.zoned(self.now).year() {
            return day;
        }
        format!("{day} {}", date.year())
    }

    /// `ven. 20 nov.`
    pub(crate) fn day(&self, date: Date) -> String {
        format!("{} {}", self.weekday(date.weekday()), self.date(date))
    }

    /// `ven.`
    pub(crate) fn weekday(&self, weekday: Weekday) -> &'static str {
        let index = usize::from(weekday.to_monday_zero_offset().unsigned_abs());
        match self.lang {
            Lang::Fr => DAYS_FR[index],
            Lang::En => DAYS_EN[index],
        }
    }

    /// The time since (or until) an instant: `2 s`, `7 min`, `2 h`, `3 j`.
    pub(crate) fn ago(&self, instant: impl Instant) -> String {
        let seconds = (self.now.as_second() - instant.instant().as_second()).abs();
        let (amount, unit) = match seconds {
            0..60 => (seconds, "s"),
            60..3_600 => (seconds / 60, "min"),
            3_600..86_400 => (seconds / 3_600, "h"),
            _ => (seconds / 86_400, if self.lang == Lang::Fr { "j" } else { "d" }),
        };
        format!("{}{NO_BREAK}{unit}", self.n(amount))
    }

    /// A span: `< 0,1 s`, `0,4 s`, `12 s`, `7 min 04 s`, `3 h 05`, `2 j 4 h`.
    pub(crate) fn span(&self, seconds: f64) -> String {
        if (0.0..0.05).contains(&seconds) {
            return format!("<{NO_BREAK}{}{NO_BREAK}s", self.float(0.1, 1));
        }
        if seconds < 10.0 {
            return format!("{}{NO_BREAK}s", self.float(seconds.max(0.0), 1));
        }
        #[expect(
            clippy::cast_possible_truncation,
            reason = "casts from floats saturate, and no span comes near the end of i64"
        )]
        let whole = seconds.round() as i64;
        let (days, hours) = (whole / 86_400, whole / 3_600 % 24);
        let (minutes, rest) = (whole / 60 % 60, whole % 60);
        let day = if self.lang == Lang::Fr { "j" } else { "d" };
        match whole {
            ..60 => format!("{whole}{NO_BREAK}s"),
            60..3_600 => format!("{minutes}{NO_BREAK}min {rest:02}{NO_BREAK}s"),
            3_600..86_400 => format!("{hours}{NO_BREAK}h{NO_BREAK}{minutes:02}"),
            _ => format!("{}{NO_BREAK}{day} {hours}{NO_BREAK}h", self.n(days)),
        }
    }

    /// Working time: `39 h 10`, also beyond a day.
    pub(crate) fn hours(&self, minutes: i64) -> String {
        let (hours, rest) = (minutes / 60, minutes % 60);
        format!("{}{NO_BREAK}h{NO_BREAK}{rest:02}", self.n(hours))
    }

    /// The span between two instants.
    pub(crate) fn between(&self, from: impl Instant, to: impl Instant) -> String {
        self.span(to.instant().duration_since(from.instant()).as_secs_f64())
    }

    /// The calendar day of an instant in the shop's zone.
    pub(crate) fn date_of(&self, instant: impl Instant) -> Date {
        self.zoned(instant).date()
    }

    fn zoned(&self, instant: impl Instant) -> Zoned {
        instant.instant().to_zoned(self.zone.clone())
    }
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;

    use super::*;

    fn say(lang: Lang) -> Say {
        Say { now: at("2026-11-21T15:42:00Z"), ..Say::new(lang, "Europe/Paris") }
    }

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    #[test]
    fn instants_are_as_short_as_they_can_be_understood() {
        let (fr, en) = (say(Lang::Fr), say(Lang::En));
        assert_eq!(fr.moment(at("2026-11-21T15:00:07Z")), "16:00");
        assert_eq!(fr.moment(at("2026-11-22T02:00:00Z")), "dim. 03:00");
        assert_eq!(en.moment(at("2026-11-20T23:30:00Z")), "00:30", "already today in Paris");
        assert_eq!(en.moment(at("2026-11-12T17:04:00Z")), "12\u{a0}Nov 18:04");
        assert_eq!(fr.moment(at("2025-12-01T11:00:00Z")), "1er\u{a0}déc. 2025 12:00");
        assert_eq!(fr.exact(at("2026-11-21T15:00:07Z")), "2026-11-21 16:00:07 CET");
        assert_eq!(en.day(jiff::civil::date(2026, 11, 20)), "Fri 20\u{a0}Nov");
    }

    #[test]
    fn spans_take_the_unit_that_suits_them() {
        let (fr, en) = (say(Lang::Fr), say(Lang::En));
        assert_eq!(fr.span(0.02), "<\u{a0}0,1\u{a0}s");
        assert_eq!(fr.span(0.44), "0,4\u{a0}s");
        assert_eq!(en.span(59.4), "59\u{a0}s");
        assert_eq!(fr.span(424.0), "7\u{a0}min 04\u{a0}s");
        assert_eq!(fr.span(11_100.0), "3\u{a0}h\u{a0}05");
        assert_eq!(en.span(187_200.0), "2\u{a0}d 4\u{a0}h");
        assert_eq!(fr.hours(2_350), "39\u{a0}h\u{a0}10");
        assert_eq!(fr.ago(at("2026-11-18T15:42:00Z")), "3\u{a0}j");
        assert_eq!(en.ago(at("2026-11-21T15:35:00Z")), "7\u{a0}min");
    }
}
