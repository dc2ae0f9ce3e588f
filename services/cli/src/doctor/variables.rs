//! Variables that are missing or wrong, each under what it keeps from working.

use settings::{Problem, Problems};

use crate::check::{Cause, Check};

pub(crate) fn checks(problems: &Problems) -> Vec<Check> {
    problems.0.iter().map(check).collect()
}

fn check(Problem { variable, message }: &Problem) -> Check {
    let (cause, advice) = match variable.trim_end_matches("_FILE") {
        "SERVICE_TOKEN" => {
            (Cause::Token, "set it to the output of `openssl rand -hex 32`, here and in n8n alike")
        }
        "API_KEY_PEPPER" => (
            Cause::Settings,
            "set it to the output of `openssl rand -hex 32`, the same for the API, the admin site \
             and the tools",
        ),
        "JWT_SECRET_KEY" | "JWT_PREVIOUS_SECRET_KEY" => {
            (Cause::Settings, "set it to the output of `openssl rand -hex 32`")
        }
        "ADMIN_PASSWORD_HASH" => (
            Cause::Settings,
            "quote it, the output of `courtier hash-password`: it holds dollar signs",
        ),
        "DATABASE_URL" => (Cause::Database, "give the address of the database"),
        "AMQP_URL" => (Cause::Broker, "give the address of the broker"),
        _ => (Cause::Settings, "set it as the example of its role in env/ explains"),
    };
    Check::ill(cause, "variable", format!("{variable} {message}"), advice)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_variable_that_is_wrong_is_blamed_and_no_other() {
        for (variable, cause) in [
            ("SERVICE_TOKEN", Cause::Token),
            ("SERVICE_TOKEN_FILE", Cause::Token),
            ("API_RATE_LIMIT", Cause::Settings),
            ("JWT_SECRET_KEY", Cause::Settings),
            ("DATABASE_URL_FILE", Cause::Database),
            ("AMQP_URL", Cause::Broker),
        ] {
            let problem = Problem { variable: variable.to_owned(), message: "is not set".into() };
            let checks = checks(&Problems(vec![problem]));
            assert_eq!((checks.len(), checks[0].cause), (1, cause), "{variable}");
            assert_eq!(checks[0].detail, format!("{variable} is not set"));
            assert!(!checks[0].advice.is_empty());
        }
    }
}
