//! Follows the spans of `tracing`, and hands over those that end.

use std::time::SystemTime;

use tokio::sync::mpsc;
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Level, Metadata, Subscriber};
use tracing_subscriber::Layer;
use tracing_subscriber::layer::Context as Tree;
use tracing_subscriber::registry::LookupSpan;

use crate::context::{Context, random_id};
use crate::otlp::EndedSpan;
use crate::span::{Fields, OpenSpan, is_of_database, name_of};

/// Ours: other crates' spans say nothing about a command.
const TARGETS: [&str; 8] =
    ["admin", "api", "commands", "ebay", "scheduler", "store", "tests", "worker"];

/// The layer; spans go to `ended`, and are dropped while nobody keeps up.
pub(crate) struct Spans {
    pub(crate) ended: mpsc::Sender<EndedSpan>,
    /// The share of the traces that begin here which are kept.
    pub(crate) ratio: f64,
}

/// Our spans, and what went wrong in them.
pub(crate) fn is_wanted(metadata: &Metadata<'_>) -> bool {
    let target = metadata.target().split("::").next().unwrap_or_default();
    TARGETS.contains(&target) && (metadata.is_span() || *metadata.level() <= Level::WARN)
}

impl Spans {
    /// The place of a new span: chosen beforehand, below another one, or the begin of a trace.
    fn place(&self, fields: &Fields, above: Option<Context>) -> (Context, Option<u64>) {
        let parent = fields.parent.or(above);
        let parent_id = parent.map(|parent| parent.span_id);
        match (fields.own, parent) {
            (Some(own), _) => (own, parent_id),
            (None, Some(parent)) => (Context { span_id: random_id(), ..parent }, parent_id),
            (None, None) => (Context::root(self.ratio), None),
        }
    }
}

impl<S> Layer<S> for Spans
where
    S: Subscriber + for<'a> LookupSpan<'a>,
{
    fn on_new_span(&self, attributes: &Attributes<'_>, id: &Id, tree: Tree<'_, S>) {
        let Some(span) = tree.span(id) else { return };
        let mut fields = Fields::default();
        attributes.record(&mut fields);
        fields.name_after_command();
        let above = span
            .parent()
            .and_then(|above| above.extensions().get::<OpenSpan>().map(|above| above.context));
        if above.is_none() && fields.parent.is_none() && is_of_database(span.metadata()) {
            return;
        }
        let (context, parent_id) = self.place(&fields, above);
        span.extensions_mut().insert(OpenSpan {
            context,
            parent_id,
            name: name_of(span.metadata()),
            started: SystemTime::now(),
            fields,
            events: Vec::new(),
            failed: false,
        });
    }

    fn on_record(&self, id: &Id, values: &Record<'_>, tree: Tree<'_, S>) {
        let Some(span) = tree.span(id) else { return };
        if let Some(open) = span.extensions_mut().get_mut::<OpenSpan>() {
            values.record(&mut open.fields);
        }
    }

    fn on_event(&self, event: &Event<'_>, tree: Tree<'_, S>) {
        let Some(span) = tree.event_span(event) else { return };
        if let Some(open) = span.extensions_mut().get_mut::<OpenSpan>() {
            let mut fields = Fields::default();
            event.record(&mut fields);
            open.events.push((SystemTime::now(), fields));
            open.failed = true;
        }
    }

    fn on_close(&self, id: Id, tree: Tree<'_, S>) {
        let Some(span) = tree.span(&id) else { return };
        let Some(open) = span.extensions_mut().remove::<OpenSpan>() else { return };
        if !open.context.is_sampled {
            return;
        }
        let is_of_database = is_of_database(span.metadata());
        let ended = EndedSpan { open, ended: SystemTime::now(), is_of_database };
        if self.ended.try_send(ended).is_err() {
            metrics::counter!("traces_dropped_total").increment(1);
        }
    }
}
