//! Which trace, and which span of it: what a `traceparent` header says.

use std::fmt;
use std::str::FromStr;
use std::sync::OnceLock;

/// The share of new traces that are kept, once spans are exported; nobody needs ids otherwise.
static RATIO: OnceLock<f64> = OnceLock::new();

pub(crate) fn exported(ratio: f64) {
    RATIO.get_or_init(|| ratio);
}

/// A place in a trace, as W3C's trace context names it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Context {
    pub(crate) trace_id: u128,
    pub(crate) span_id: u64,
    /// Whether the trace is kept; the one who begins it decides.
    pub(crate) is_sampled: bool,
}

impl Context {
    /// The place of a span that follows `parent`, when spans are exported: to be given to the span
    /// as its field `trace.own`, and to whoever continues the trace.
    pub fn following(parent: Option<&str>) -> Option<Context> {
        let ratio = *RATIO.get()?;
        let parent = parent.and_then(|text| text.parse::<Context>().ok());
        Some(match parent {
            Some(parent) => Context { span_id: random_id(), ..parent },
            None => Context::root(ratio),
        })
    }

    /// The begin of a trace, kept with a probability of `ratio`.
    pub(crate) fn root(ratio: f64) -> Context {
        let trace_id = u128::from(random_id()) << 64 | u128::from(random_id());
        Context { trace_id, span_id: random_id(), is_sampled: rand::random::<f64>() < ratio }
    }
}

/// Never zero, which would mean that there is none.
pub(crate) fn random_id() -> u64 {
    rand::random::<u64>().max(1)
}

impl fmt::Display for Context {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let flags = u8::from(self.is_sampled);
        write!(f, "00-{:032x}-{:016x}-{flags:02x}", self.trace_id, self.span_id)
    }
}

/// A text that is no `traceparent`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotATrace;

impl FromStr for Context {
    type Err = NotATrace;

    fn from_str(text: &str) -> Result<Context, NotATrace> {
        let parts: Vec<&str> = text.split('-').collect();
        let [version, trace, span, flags] = parts.as_slice() else { return Err(NotATrace) };
        if [version.len(), trace.len(), span.len(), flags.len()] != [2, 32, 16, 2] {
            return Err(NotATrace);
        }
        let trace_id = u128::from_str_radix(trace, 16).map_err(|_| NotATrace)?;
        let span_id = u64::from_str_radix(span, 16).map_err(|_| NotATrace)?;
        let flags = u8::from_str_radix(flags, 16).map_err(|_| NotATrace)?;
        if trace_id == 0 || span_id == 0 || *version == "ff" {
            return Err(NotATrace);
        }
        Ok(Context { trace_id, span_id, is_sampled: flags & 1 == 1 })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const GIVEN: &str = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

    #[test]
    fn reads_what_it_writes() {
        let context: Context = GIVEN.parse().unwrap();
        assert_eq!(context.to_string(), GIVEN);
        assert!(context.is_sampled);
        let root = Context::root(0.0);
        assert!(!root.is_sampled);
        assert_eq!(root.to_string().parse(), Ok(root));
        assert!(Context::root(1.0).is_sampled);
    }

    #[test]
    fn refuses_what_names_no_span() {
        for text in [
            "",
            "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7",
            "00-00000000000000000000000000000000-00f067aa0ba902b7-01",
            "00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01",
            "ff-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
            "00-4bf92f3577b34da6a3ce929d0e0e473g-00f067aa0ba902b7-01",
        ] {
            assert!(text.parse::<Context>().is_err(), "{text}");
        }
    }
}
