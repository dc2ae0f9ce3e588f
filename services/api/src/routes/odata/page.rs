//! A page of rows as JSON, and the link to the next one.

use bytes::Bytes;
use exports::json::{self, Numbers};
use http::{HeaderName, HeaderValue, StatusCode, header};
use odata::{EntitySet, Place, Query};
use store::star;
use warp::reply::Response;

use super::{ROOT, sets};
use crate::problem::Problem;
use crate::route::Call;
use crate::{page, reply, request_id};

/// Rows of a page at most.
const ROWS_MAX: u64 = 5_000;
const VERSION: HeaderName = HeaderName::from_static("odata-version");
pub(super) const JSON: &str = "application/json;odata.metadata=minimal";
const JSON_QUOTED: &str = "application/json;odata.metadata=minimal;IEEE754Compatible=true";
/// Options that the link to the next page does not repeat: its token says what is left of them.
const SPENT: [&str; 4] = ["$top", "$skip", "$count", "$skiptoken"];

/// What a request wants of the answer's form.
pub(super) struct Wish {
    /// Rows of this page.
    pub(super) n_rows: u64,
    /// Rows of this page and of those that follow; `None` for all.
    n_left: Option<u64>,
    numbers: Numbers,
}

impl Wish {
    pub(super) fn of(call: &Call, query: &Query) -> Wish {
        let n_left = query.after.as_ref().map_or(query.top, |place| place.left);
        let size = call.header("prefer").and_then(page_size).unwrap_or(ROWS_MAX);
        let accept = call.header("accept").unwrap_or_default();
        let is_quoted = [accept, query.format.as_deref().unwrap_or_default()]
            .iter()
            .any(|text| text.to_ascii_lowercase().contains("ieee754compatible=true"));
        Wish {
            n_rows: n_left.unwrap_or(size).min(size),
            n_left,
            numbers: if is_quoted { Numbers::Quoted } else { Numbers::Plain },
        }
    }
}

/// `odata.maxpagesize=500`, in the form of 4.0 and of 4.01.
fn page_size(prefer: &str) -> Option<u64> {
    let size = prefer.split([',', ';']).find_map(|part| {
        let part = part.trim();
        part.strip_prefix("odata.maxpagesize=").or_else(|| part.strip_prefix("maxpagesize="))
    });
    size?.trim().parse().ok().filter(|size| *size > 0).map(|size: u64| size.min(ROWS_MAX))
}

/// Everything of an answer.
pub(super) struct Answer {
    pub(super) set: &'static EntitySet,
    pub(super) query: Query,
    pub(super) wish: Wish,
    pub(super) count: Option<i64>,
    pub(super) rows: star::Page,
    /// See [`base`].
    pub(super) base: String,
}

/// Writes a page, on a thread that may take its time.
pub(super) async fn answer(
    answer: Answer,
    options: Vec<(String, String)>,
) -> Result<Response, Problem> {
    let content_type = match answer.wish.numbers {
        Numbers::Plain => JSON,
        Numbers::Quoted => JSON_QUOTED,
    };
    let written = tokio::task::spawn_blocking(move || answer.write(&options)).await;
    match written.map_err(|error| error.to_string()).and_then(|written| written) {
        Ok(body) => {
            let response = reply::typed(StatusCode::OK, "application/json", Bytes::from(body));
            Ok(with_headers(response, content_type))
        }
        Err(error) => {
            let request_id = request_id::current();
            tracing::error!(error, request_id, "rows could not be written as JSON");
            Err(Problem::Internal)
        }
    }
}

impl Answer {
    fn write(&self, options: &[(String, String)]) -> Result<Vec<u8>, String> {
        let mut out = Vec::new();
        out.extend_from_slice(b"{\"@odata.context\":");
        text(&mut out, &self.context())?;
        if let Some(count) = self.count {
            out.extend_from_slice(format!(",\"@odata.count\":{count}").as_bytes());
        }
        out.extend_from_slice(b",\"value\":[");
        let columns = sets::columns(self.set, self.query.select.iter().copied());
        for (n, row) in self.rows.rows().enumerate() {
            if n > 0 {
                out.push(b',');
            }
            json::object(&mut out, &columns, row, self.wish.numbers)?;
        }
        out.push(b']');
        if let Some(next) = self.next(options)? {
            out.extend_from_slice(b",\"@odata.nextLink\":");
            text(&mut out, &next)?;
        }
        out.push(b'}');
        Ok(out)
    }

    fn context(&self) -> String {
        let set = self.set.name;
        let mut context = format!("{}{ROOT}/$metadata#{set}", self.base);
        if self.query.is_selected {
            let selected = self.query.select.iter();
            let names: Vec<&str> = selected.map(|index| self.set.properties[*index].name).collect();
            context.extend(["(", &names.join(","), ")"]);
        }
        context
    }

    /// The next page, unless this is the last one.
    fn next(&self, options: &[(String, String)]) -> Result<Option<String>, String> {
        let n_rows = self.rows.n_rows() as u64;
        let n_left = self.wish.n_left.map(|left| left.saturating_sub(n_rows));
        let Some(last) = self.rows.last().filter(|_| self.rows.has_more && n_left != Some(0))
        else {
            return Ok(None);
        };
        let ordered = self.query.order.iter().map(|order| order.property);
        let values = sets::columns(self.set, ordered).into_iter().zip(last);
        let values = values
            .map(|(column, value)| value.map(|value| json::text(column.kind, value)).transpose());
        let token = Place::token(&values.collect::<Result<Vec<_>, _>>()?, n_left);
        let is_kept = |option: &&(String, String)| !SPENT.contains(&option.0.as_str());
        let kept: Vec<(String, String)> = options.iter().filter(is_kept).cloned().collect();
        let path = format!("{}{ROOT}/{}", self.base, self.set.name);
        Ok(Some(page::next(&path, &kept, &[("$skiptoken", &token)])))
    }
}

fn text(out: &mut Vec<u8>, text: &str) -> Result<(), String> {
    serde_json::to_writer(out, text).map_err(|error| error.to_string())
}

/// Where the client reached us. Links are relative to the host when the request does not tell.
pub(super) fn base(call: &Call) -> String {
    web::origin(&call.headers, call.by_proxy).unwrap_or_default()
}

/// Names the version of OData, and the content type with its parameters.
pub(super) fn with_headers(mut response: Response, content_type: &'static str) -> Response {
    let headers = response.headers_mut();
    headers.insert(VERSION, HeaderValue::from_static("4.0"));
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(content_type));
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_are_as_large_as_preferred_and_no_larger_than_allowed() {
        for (prefer, size) in [
            ("odata.maxpagesize=10", Some(10)),
            ("return=minimal, maxpagesize=20", Some(20)),
            ("odata.maxpagesize=999999", Some(ROWS_MAX)),
            ("odata.maxpagesize=0", None),
            ("odata.maxpagesize=x", None),
            ("wait=5", None),
        ] {
            assert_eq!(page_size(prefer), size, "{prefer}");
        }
    }
}
