//! What a browser sent: pairs of names and values, and files.

use bytes::{Bytes, BytesMut};
use futures::{Stream, StreamExt as _};
use http::{HeaderMap, header};

use crate::failure::Failure;

/// Names and values, in the order in which they came.
#[derive(Clone, Debug, Default)]
pub(crate) struct Form {
    pairs: Vec<(String, String)>,
    files: Vec<(String, Upload)>,
}

/// A file that somebody chose.
#[derive(Clone, Debug)]
pub(crate) struct Upload {
    pub(crate) name: String,
    pub(crate) bytes: Bytes,
}

impl Form {
    pub(crate) fn of_query(query: &str) -> Form {
        Form { pairs: urlencoded(query.as_bytes()), files: Vec::new() }
    }

    /// Reads a body of one of the two kinds that forms send, of at most `limit` bytes.
    pub(crate) async fn read<S, B>(
        headers: &HeaderMap,
        body: S,
        limit: usize,
    ) -> Result<Form, Failure>
    where
        S: Stream<Item = Result<B, warp::Error>> + Send,
        B: warp::Buf,
    {
        let bytes = collect(body, limit).await?;
        let kind = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
        match kind.and_then(|kind| multer::parse_boundary(kind).ok()) {
            Some(boundary) => multipart(bytes, boundary).await,
            None => Ok(Form { pairs: urlencoded(&bytes), files: Vec::new() }),
        }
    }

    /// The value of a field; empty when it was not sent.
    pub(crate) fn get(&self, name: &str) -> &str {
        let found = self.pairs.iter().find(|(known, _)| known == name);
        found.map_or("", |(_, value)| value.as_str())
    }

    /// The value of a field that holds more than space.
    pub(crate) fn given(&self, name: &str) -> Option<&str> {
        Some(self.get(name).trim()).filter(|value| !value.is_empty())
    }

    /// Whether the field was sent at all: how a box that is ticked differs from one that is not.
    pub(crate) fn has(&self, name: &str) -> bool {
        self.pairs.iter().any(|(known, _)| known == name)
    }

    /// All values of a field that may come several times.
    pub(crate) fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.pairs.iter().filter(move |(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// The file of a field.
    pub(crate) fn file(&self, name: &str) -> Option<&Upload> {
        self.files.iter().find(|(known, _)| known == name).map(|(_, file)| file)
    }

    pub(crate) fn pairs(&self) -> &[(String, String)] {
        &self.pairs
    }
}

async fn collect<S, B>(body: S, limit: usize) -> Result<Bytes, Failure>
where
    S: Stream<Item = Result<B, warp::Error>> + Send,
    B: warp::Buf,
{
    let mut body = std::pin::pin!(body);
    let mut bytes = BytesMut::new();
    while let Some(chunk) = body.next().await {
        let mut chunk = chunk.map_err(|_| Failure::Broken)?;
        if bytes.len() + chunk.remaining() > limit {
            return Err(Failure::TooLarge { limit });
        }
        bytes.extend_from_slice(&chunk.copy_to_bytes(chunk.remaining()));
    }
    Ok(bytes.freeze())
}

async fn multipart(bytes: Bytes, boundary: String) -> Result<Form, Failure> {
    let body = futures::stream::once(async move { Ok::<_, std::convert::Infallible>(bytes) });
    let mut parts = multer::Multipart::new(body, boundary);
    let mut form = Form::default();
    while let Some(part) = parts.next_field().await.map_err(|_| Failure::Broken)? {
        let name = part.name().unwrap_or_default().to_owned();
        let file_name = part.file_name().map(str::to_owned);
        let bytes = part.bytes().await.map_err(|_| Failure::Broken)?;
        match file_name {
            // A browser sends a nameless, empty file when none was chosen.
            Some(file) if file.is_empty() && bytes.is_empty() => {}
            Some(file) => form.files.push((name, Upload { name: file, bytes })),
            None => form.pairs.push((name, String::from_utf8_lossy(&bytes).into_owned())),
        }
    }
    Ok(form)
}

fn urlencoded(bytes: &[u8]) -> Vec<(String, String)> {
    let pairs = bytes.split(|byte| *byte == b'&').filter(|pair| !pair.is_empty());
    pairs
        .map(|pair| {
            let mut halves = pair.splitn(2, |byte| *byte == b'=');
            let mut half = || decoded(halves.next().unwrap_or_default());
            (half(), half())
        })
        .collect()
}

fn decoded(text: &[u8]) -> String {
    let spaced: Vec<u8> =
        text.iter().map(|byte| if *byte == b'+' { b' ' } else { *byte }).collect();
    percent_encoding::percent_decode(&spaced).decode_utf8_lossy().into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn body(text: &str) -> impl Stream<Item = Result<Bytes, warp::Error>> + Send {
        futures::stream::iter([Ok(Bytes::copy_from_slice(text.as_bytes()))])
    }

    #[test]
    fn a_query_is_decoded() {
        let form = Form::of_query("q=%C3%A9toile+noire&id=1&id=2&empty=&flag");
        assert_eq!(form.get("q"), "étoile noire");
        assert_eq!(form.all("id").collect::<Vec<_>>(), ["1", "2"]);
        assert!(form.has("flag") && form.has("empty") && !form.has("other"));
        assert_eq!(form.given("empty"), None);
    }

    #[tokio::test]
    async fn a_form_with_a_file_is_read() {
        let text = "--x\r\nContent-Disposition: form-data; name=\"note\"\r\n\r\nhello\r\n\
                    --x\r\nContent-Disposition: form-data; name=\"csv\"; filename=\"a.csv\"\r\n\r\n\
                    1;2\r\n--x--\r\n";
        let headers = HeaderMap::from_iter([(
            header::CONTENT_TYPE,
            "multipart/form-data; boundary=x".parse().unwrap(),
        )]);
        let form = Form::read(&headers, body(text), 1000).await.unwrap();
        assert_eq!(form.get("note"), "hello");
        let file = form.file("csv").unwrap();
        assert_eq!((file.name.as_str(), &file.bytes[..]), ("a.csv", &b"1;2"[..]));
        let broken = Form::read(&headers, body("--x\r\nnonsense"), 1000).await;
        assert!(matches!(broken, Err(Failure::Broken)));
    }

    #[tokio::test]
    async fn a_body_is_read_up_to_its_limit() {
        let read =
            |limit| async move { Form::read(&HeaderMap::new(), body("a=12345"), limit).await };
        assert_eq!(read(7).await.unwrap().get("a"), "12345");
        assert!(matches!(read(6).await, Err(Failure::TooLarge { limit: 6 })));
    }
}
