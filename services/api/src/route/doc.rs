//! What the OpenAPI document says about a route, told where the route is made.

use schemars::{JsonSchema, Schema, SchemaGenerator};

use super::Route;

/// What the OpenAPI document says about a route.
#[derive(Default)]
pub(crate) struct Doc {
    pub(crate) summary: String,
    pub(crate) tag: &'static str,
    pub(crate) query: Vec<Parameter>,
    /// JSON schema of the body's object, when the route takes one.
    pub(crate) body: Option<Schema>,
    pub(crate) answers: Vec<Answer>,
    /// Problems that are this route's own, by the end of their type.
    pub(crate) problems: &'static [&'static str],
    /// Further pages may follow, as `Link` says.
    pub(crate) is_paged: bool,
    /// Errors have the form of OData.
    pub(crate) is_odata: bool,
    /// The answer has an `ETag`, and `If-None-Match` is understood.
    pub(crate) has_etag: bool,
}

/// One query parameter or header.
pub(crate) struct Parameter {
    pub(crate) name: String,
    pub(crate) place: &'static str,
    pub(crate) required: bool,
    pub(crate) description: String,
    pub(crate) schema: Schema,
    /// `None`: one is made from the schema.
    pub(crate) example: Option<serde_json::Value>,
}

/// One answer that is not an error.
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) description: &'static str,
    pub(crate) content_type: &'static str,
    pub(crate) schema: fn(&mut SchemaGenerator) -> Schema,
}

impl Route {
    /// Names the group and the purpose of the route.
    pub(crate) fn about(mut self, tag: &'static str, summary: impl Into<String>) -> Route {
        self.doc.tag = tag;
        self.doc.summary = summary.into();
        self
    }

    /// Documents an optional query parameter of a JSON type and format (`""` for none).
    pub(crate) fn query(mut self, name: &str, format: &str, description: &str) -> Route {
        let schema = match format {
            "" => schemars::json_schema!({ "type": "string" }),
            "integer" | "boolean" => schemars::json_schema!({ "type": format }),
            format => schemars::json_schema!({ "type": "string", "format": format }),
        };
        self.doc.query.push(Parameter {
            name: name.to_owned(),
            place: "query",
            required: false,
            description: description.to_owned(),
            schema,
            example: None,
        });
        self
    }

    /// Documents the object that the body may hold.
    pub(crate) fn body(mut self, schema: Schema) -> Route {
        self.doc.body = Some(schema);
        self
    }

    /// As [`Route::query`], for one that must be given.
    pub(crate) fn required(self, name: &str, format: &str, description: &str) -> Route {
        let mut route = self.query(name, format, description);
        if let Some(parameter) = route.doc.query.last_mut() {
            parameter.required = true;
        }
        route
    }

    /// Documents a placeholder of the path, by a JSON format (`""` for none) and an example.
    pub(crate) fn placeholder(
        self,
        name: &str,
        format: &str,
        description: &str,
        example: &str,
    ) -> Route {
        let mut route = self.required(name, format, description);
        if let Some(parameter) = route.doc.query.last_mut() {
            parameter.place = "path";
            parameter.example = Some(example.into());
        }
        route
    }

    /// Gives the query parameter that was documented last an example.
    pub(crate) fn such_as(mut self, example: impl Into<serde_json::Value>) -> Route {
        if let Some(parameter) = self.doc.query.last_mut() {
            parameter.example = Some(example.into());
        }
        self
    }

    /// Documents problems that are this route's own, by the end of their type.
    pub(crate) fn fails(mut self, problems: &'static [&'static str]) -> Route {
        self.doc.problems = problems;
        self
    }

    /// Documents that further pages may follow.
    pub(crate) fn paged(mut self) -> Route {
        self.doc.is_paged = true;
        self.page_size()
    }

    /// Documents how many rows a page may hold.
    pub(crate) fn page_size(mut self) -> Route {
        self.bound("limit", 1, crate::page::MAX);
        self
    }

    /// Documents the only values that a query parameter takes.
    pub(crate) fn limit(&mut self, name: &str, values: &[&str]) {
        self.parameter(name, "enum", &serde_json::json!(values));
    }

    /// Documents the bounds of a query parameter that is a number.
    pub(crate) fn bound(&mut self, name: &str, min: i64, max: impl Into<Option<i64>>) {
        self.parameter(name, "minimum", &min.into());
        if let Some(max) = max.into() {
            self.parameter(name, "maximum", &max.into());
        }
    }

    fn parameter(&mut self, name: &str, keyword: &str, value: &serde_json::Value) {
        for parameter in self.doc.query.iter_mut().filter(|parameter| parameter.name == name) {
            parameter.schema.insert(keyword.to_owned(), value.clone());
        }
    }

    /// Documents an answer in JSON.
    pub(crate) fn answers<T: JsonSchema>(
        mut self,
        status: u16,
        description: &'static str,
    ) -> Route {
        self.doc.answers.push(Answer {
            status,
            description,
            content_type: "application/json",
            schema: SchemaGenerator::subschema_for::<T>,
        });
        self
    }

    /// Documents an answer in another type, as text.
    pub(crate) fn answers_text(mut self, content_type: &'static str, what: &'static str) -> Route {
        self.doc.answers.push(Answer {
            status: 200,
            description: what,
            content_type,
            schema: SchemaGenerator::subschema_for::<String>,
        });
        self
    }

    /// Tells errors as OData does.
    pub(crate) fn odata(mut self) -> Route {
        self.doc.is_odata = true;
        self
    }

    /// Documents that the answer has an `ETag`, so that asking again may cost nothing.
    pub(crate) fn has_etag(mut self) -> Route {
        let description = "The `ETag` of an earlier answer: 304 when it has not changed.";
        self.doc.query.push(header("If-None-Match", description));
        self.doc.has_etag = true;
        self
    }

    /// Documents that parts can be asked for.
    pub(crate) fn has_ranges(mut self) -> Route {
        let range = "A part such as `bytes=1000-`: 206. Several parts at once are answered whole.";
        let if_range = "The `ETag` of the part before: another version is answered whole.";
        self.doc.query.extend([header("Range", range), header("If-Range", if_range)]);
        let part = |content_type| Answer {
            status: 206,
            description: "The part that was asked for.",
            content_type,
            schema: SchemaGenerator::subschema_for::<String>,
        };
        self.doc.answers.extend(["text/csv", "application/vnd.apache.parquet"].map(part));
        self
    }

    /// Documents a header of the request, with an example.
    pub(crate) fn header(mut self, name: &str, description: &str, example: &str) -> Route {
        self.doc.query.push(header(name, description));
        self.such_as(example)
    }
}

fn header(name: &str, description: &str) -> Parameter {
    Parameter {
        name: name.to_owned(),
        place: "header",
        required: false,
        description: description.to_owned(),
        schema: schemars::json_schema!({ "type": "string" }),
        example: None,
    }
}
