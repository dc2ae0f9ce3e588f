//! eBay's errors, in its own shape.

use super::http::Reply;

/// One entry of `errors` or `warnings`.
pub(super) struct Notice {
    id: u32,
    domain: &'static str,
    category: &'static str,
    message: &'static str,
    long_message: &'static str,
}

const fn browse(id: u32, message: &'static str) -> Notice {
    Notice { id, domain: "API_BROWSE", category: "REQUEST", message, long_message: message }
}

const fn oauth(id: u32, message: &'static str) -> Notice {
    Notice { id, domain: "OAuth", category: "REQUEST", message, long_message: message }
}

pub(super) const INVALID_TOKEN: Notice = oauth(1001, "Invalid access token");
pub(super) const NO_TOKEN: Notice = oauth(1002, "Missing access token");
pub(super) const FORBIDDEN: Notice = Notice {
    id: 1100,
    domain: "ACCESS",
    category: "REQUEST",
    message: "Access denied",
    long_message: "Insufficient permissions to fulfill the request.",
};
pub(super) const LIMIT: Notice = Notice {
    id: 2001,
    domain: "ACCESS",
    category: "REQUEST",
    message: "Too many requests.",
    long_message: "The request limit has been reached for the resource.",
};
pub(super) const NO_RESOURCE: Notice = Notice {
    id: 2002,
    domain: "ACCESS",
    category: "REQUEST",
    message: "Resource not found",
    long_message: "The requested resource could not be found.",
};
pub(super) const NOT_FOUND: Notice = browse(11001, "The specified item was not found.");
pub(super) const INTERNAL: Notice = Notice {
    id: 12000,
    domain: "API_BROWSE",
    category: "APPLICATION",
    message: "Internal error",
    long_message: "There was a problem with an internal system. Try again later.",
};
pub(super) const NO_QUERY: Notice = browse(12001, "A query, a category or a product is needed.");
pub(super) const IGNORED: Notice = browse(12002, "A filter is not known and was ignored.");
pub(super) const WRONG_OFFSET: Notice =
    browse(12004, "The offset must be zero or a multiple of the limit.");
pub(super) const WRONG_LIMIT: Notice = browse(12006, "The limit must be from 1 to 200.");
pub(super) const NO_CURRENCY: Notice =
    browse(12012, "A filter by price needs priceCurrency and was ignored.");
pub(super) const NO_MARKETPLACE: Notice = browse(12019, "The marketplace is not supported.");
pub(super) const OFFSET_TOO_LARGE: Notice = browse(12029, "The offset must be below 10,000.");
pub(super) const TOO_MANY_CATEGORIES: Notice = browse(12030, "Only one category is allowed.");

pub(super) fn reply(status: u16, notice: &Notice) -> Reply {
    Reply::json(status, envelope("errors", notice))
}

pub(super) fn limit_reached() -> Reply {
    reply(429, &LIMIT)
}

/// `{"errors":[…]}` or `{"warnings":[…]}`.
pub(super) fn envelope(name: &str, notice: &Notice) -> String {
    format!(r#"{{"{name}":[{}]}}"#, entry(notice))
}

pub(super) fn entry(notice: &Notice) -> String {
    let Notice { id, domain, category, message, long_message } = notice;
    format!(
        r#"{{"errorId":{id},"domain":"{domain}","category":"{category}","message":"{message}","longMessage":"{long_message}"}}"#
    )
}
