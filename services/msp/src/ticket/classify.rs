//! What a source's own words mean. Words are compared without regard to ASCII case.

const CLOSED: [&str; 14] = [
    "closed",
    "completed",
    "complete",
    "resolved",
    "cancelled",
    "canceled",
    "done",
    "solved",
    "fermé",
    "clos",
    "clôturé",
    "résolu",
    "terminé",
    "annulé",
];
const HIGH: [&str; 12] = [
    "high",
    "highest",
    "critical",
    "urgent",
    "emergency",
    "p1",
    "p2",
    "haute",
    "élevée",
    "critique",
    "urgente",
    "bloquant",
];
const MISSED: [&str; 6] = ["breach", "breached", "missed", "overdue", "violated", "dépassé"];
const MET: [&str; 5] = ["ok", "met", "within", "achieved", "respecté"];

/// Whether a status is a closed one, by its first word: `Closed`, `>Closed (resolved)`, `Done`.
/// Sources that have a flag of their own are believed instead.
pub fn is_closed_status(status: &str) -> bool {
    words(status).next().is_some_and(|word| is_one_of(word, &CLOSED))
}

/// Whether a priority is of the classes critical or high: `High`, `Priority 1 - Critical`, `P2`.
pub fn is_high_priority(priority: &str) -> bool {
    let mut before = None;
    for word in words(priority) {
        let follows_priority =
            before.is_none_or(|before: &str| before.eq_ignore_ascii_case("priority"));
        if is_one_of(word, &HIGH) || follows_priority && matches!(word, "1" | "2") {
            return true;
        }
        before = Some(word);
    }
    false
}

/// What a textual SLA status says about the target: met, missed, or nothing.
pub fn sla_verdict(status: &str) -> Option<bool> {
    if words(status).any(|word| is_one_of(word, &MISSED)) {
        return Some(false);
    }
    words(status).next().filter(|word| is_one_of(word, &MET)).map(|_| true)
}

fn words(text: &str) -> impl Iterator<Item = &str> {
    let text = text.strip_prefix("&gt;").unwrap_or(text);
    text.split(|letter: char| !letter.is_alphanumeric()).filter(|word| !word.is_empty())
}

fn is_one_of(word: &str, list: &[&str]) -> bool {
    list.iter().any(|candidate| candidate.eq_ignore_ascii_case(word))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn closed_by_the_first_word() {
        for closed in ["Closed", "closed", ">Closed", "&gt;Closed", "Completed - billed", "Résolu"]
        {
            assert!(is_closed_status(closed), "{closed}");
        }
        for open in ["", "New", "In Progress", "Not closed", "Reopened", "Waiting (closed soon)"] {
            assert!(!is_closed_status(open), "{open}");
        }
    }

    #[test]
    fn high_by_word_or_number() {
        for high in ["High", "CRITICAL", "Priority 1 - Emergency", "Priority 2", "P1", "1", "Haute"]
        {
            assert!(is_high_priority(high), "{high}");
        }
        for low in ["", "Medium", "Low", "Priority 3 - Normal", "Priority 12", "P3", "4 in 2 days"]
        {
            assert!(!is_high_priority(low), "{low}");
        }
    }

    #[test]
    fn sla_words() {
        assert_eq!(sla_verdict("OK"), Some(true));
        assert_eq!(sla_verdict("Within SLA"), Some(true));
        assert_eq!(sla_verdict("BREACH"), Some(false));
        assert_eq!(sla_verdict("Resolution breached"), Some(false));
        assert_eq!(sla_verdict("Waiting"), None);
        assert_eq!(sla_verdict("Not met"), None);
    }
}
