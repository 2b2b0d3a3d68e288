//! The SDK's and the collector's JSON schemas as one table. Where they differ a field says whose it is.
//!
//! `validate/tests.rs` holds it to the schema files themselves (tests/sunbird-schemas/).

use crate::json::tree::is_key;

/// What a value must be.
pub(super) enum Rule {
    /// A string, also empty.
    Text,
    /// A string of at least one character.
    Filled,
    /// A number.
    Number,
    /// A number, -1 or more.
    FromMinusOne,
    /// `3.0`, and for the collector `3.1`.
    Version,
    /// Any object.
    Anything,
    /// An object of this shape.
    Object(&'static Shape),
    /// An array, every element of this kind.
    List(&'static Rule),
}

/// Whose schema knows a field.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Known {
    Both,
    Sdk,
    Server,
}

pub(super) struct Field {
    pub(super) name: &'static str,
    pub(super) rule: Rule,
    pub(super) required: bool,
    pub(super) known: Known,
}

/// An object: its fields (at most 32), and whether others are refused.
pub(super) struct Shape {
    pub(super) fields: &'static [Field],
    pub(super) closed: bool,
}

impl Shape {
    /// The index of a field, in the schemas that are asked: one side's, or both.
    pub(super) fn field(&self, name: &str, only: Option<Known>) -> Option<usize> {
        let knows = |field: &Field| only.is_none_or(|side| field.known == Known::Both || field.known == side);
        self.fields.iter().position(|field| is_key(field.name, name) && knows(field))
    }
}

/// An event type.
pub(super) struct EventType {
    pub(super) eid: &'static str,
    /// Whether the SDK has a schema for it; the others are judged by the collector's.
    pub(super) in_sdk: bool,
    pub(super) edata: Rule,
}

pub(super) fn event_type(eid: &str) -> Option<&'static EventType> {
    TYPES.iter().find(|known| known.eid == eid)
}

const fn must(name: &'static str, rule: Rule) -> Field {
    Field { name, rule, required: true, known: Known::Both }
}

const fn may(name: &'static str, rule: Rule) -> Field {
    Field { name, rule, required: false, known: Known::Both }
}

const fn server(name: &'static str, rule: Rule) -> Field {
    Field { name, rule, required: false, known: Known::Server }
}

const fn sdk(name: &'static str, rule: Rule) -> Field {
    Field { name, rule, required: false, known: Known::Sdk }
}

const fn open(fields: &'static [Field]) -> Shape {
    Shape { fields, closed: false }
}

const fn closed(fields: &'static [Field]) -> Shape {
    Shape { fields, closed: true }
}

use Rule::{Anything, Filled, FromMinusOne, List, Number, Object, Text, Version};

const TEXTS: Rule = List(&Text);
const OBJECTS: Rule = List(&Anything);

/// All but `eid` and `edata`, which depend on each other.
pub(super) static ENVELOPE: Shape = open(&[
    must("ets", Number),
    must("ver", Version),
    must("mid", Filled),
    must("actor", Object(&ACTOR)),
    must("context", Object(&CONTEXT)),
    may("object", Object(&OBJECT)),
    may("tags", TEXTS),
]);

static ACTOR: Shape = open(&[must("id", Text), must("type", Text)]);
static CONTEXT: Shape = open(&[
    must("channel", Filled),
    must("pdata", Object(&PDATA)),
    must("env", Text),
    may("sid", Text),
    may("did", Text),
    may("cdata", List(&Object(&CDATA))),
]);
static PDATA: Shape = open(&[must("id", Text), may("pid", Text), may("ver", Text)]);
static CDATA: Shape = closed(&[must("type", Text), must("id", Text)]);
static OBJECT: Shape = open(&[may("id", Text), may("type", Text), may("ver", Text), may("rollup", Object(&ROLLUP))]);
static ROLLUP: Shape = open(&[may("l1", Text), may("l2", Text), may("l3", Text), may("l4", Text)]);
static PARENT: Shape = open(&[may("id", Text), may("type", Text)]);
static TARGET: Shape =
    closed(&[must("id", Text), must("ver", Text), must("type", Text), may("parent", Object(&PARENT))]);
static PLUGIN: Shape = closed(&[must("id", Text), must("ver", Text), may("category", Text)]);
static INLINE_OBJECT: Shape = closed(&[
    must("id", Text),
    must("type", Text),
    must("ver", Text),
    may("subtype", Text),
    may("name", Text),
    may("code", Text),
    may("parent", Object(&PARENT)),
]);
static QUESTION: Shape = closed(&[
    must("id", Text),
    may("maxscore", Number),
    may("exlength", Number),
    may("params", OBJECTS),
    may("uri", Text),
    may("desc", Text),
    may("title", Text),
    may("mmc", TEXTS),
    may("mc", TEXTS),
    server("type", Text),
]);
static DSPEC: Shape = open(&[
    may("os", Text),
    may("make", Text),
    may("id", Text),
    may("mem", FromMinusOne),
    may("idisk", FromMinusOne),
    may("edisk", FromMinusOne),
    may("scrn", FromMinusOne),
    may("camera", Text),
    may("cpu", Text),
    may("sims", FromMinusOne),
    may("cap", TEXTS),
]);
static UASPEC: Shape =
    open(&[may("agent", Text), may("ver", Text), may("system", Text), may("platform", Text), may("raw", Text)]);
static VISIT: Shape = closed(&[
    must("objid", Text),
    must("objtype", Text),
    may("objver", Text),
    may("section", Text),
    may("index", Number),
]);
static ITEM: Shape = closed(&[
    may("id", Text),
    may("type", Text),
    may("ver", Text),
    may("params", OBJECTS),
    may("origin", Object(&PARENT)),
    may("to", Object(&PARENT)),
]);
static METRIC: Shape = open(&[may("metric", Text), may("value", Number)]);
static SUMMARY_EXTRA: Shape = open(&[may("id", Text), may("value", Text)]);

static START: Shape = closed(&[
    must("type", Text),
    may("dspec", Object(&DSPEC)),
    may("uaspec", Object(&UASPEC)),
    may("loc", Text),
    may("mode", Text),
    may("duration", Number),
    may("pageid", Text),
]);
static END: Shape = closed(&[
    must("type", Text),
    may("mode", Text),
    may("duration", Number),
    may("pageid", Text),
    may("summary", OBJECTS),
]);
static IMPRESSION: Shape = closed(&[
    must("type", Text),
    must("pageid", Text),
    must("uri", Text),
    may("subtype", Text),
    may("duration", Number),
    may("visits", List(&Object(&VISIT))),
]);
static INTERACT: Shape = closed(&[
    must("type", Text),
    must("id", Text),
    may("subtype", Text),
    may("pageid", Text),
    may("duration", Number),
    may("target", Object(&TARGET)),
    may("plugin", Object(&PLUGIN)),
    may("extra", Anything),
]);
static ASSESS: Shape = closed(&[
    must("item", Object(&QUESTION)),
    must("pass", Text),
    must("score", Number),
    must("resvalues", OBJECTS),
    must("duration", Number),
    may("index", Number),
]);
static RESPONSE: Shape = closed(&[must("target", Object(&TARGET)), must("type", Text), must("values", OBJECTS)]);
static INTERRUPT: Shape = closed(&[must("type", Text), may("pageid", Text)]);
static FEEDBACK: Shape =
    closed(&[may("rating", Number), may("comments", Text), server("commentid", Text), server("commenttxt", Text)]);
static SHARE: Shape = closed(&[must("items", List(&Object(&ITEM))), may("dir", Text), may("type", Text)]);
static AUDIT: Shape = closed(&[
    may("props", TEXTS),
    may("state", Text),
    may("prevstate", Text),
    server("type", Text),
    server("duration", Number),
]);
static ERROR: Shape = closed(&[
    must("err", Text),
    must("errtype", Text),
    must("stacktrace", Text),
    may("pageid", Text),
    may("object", Object(&INLINE_OBJECT)),
    may("plugin", Object(&PLUGIN)),
    sdk("traceid", Text),
]);
static LOG: Shape = closed(&[
    must("type", Text),
    must("level", Text),
    must("message", Text),
    may("pageid", Text),
    may("params", OBJECTS),
]);
static SEARCH: Shape = closed(&[
    must("query", Text),
    must("size", Number),
    must("topn", OBJECTS),
    may("type", Text),
    may("correlationid", Text),
    may("filters", Anything),
    may("sort", Anything),
]);
static EXDATA: Shape = closed(&[may("type", Text), may("data", Text)]);
static METRICS: Shape =
    closed(&[must("system", Text), must("subsystem", Text), may("metrics", List(&Object(&METRIC)))]);
static SUMMARY: Shape = closed(&[
    must("type", Text),
    must("starttime", Number),
    must("endtime", Number),
    must("timespent", Number),
    must("pageviews", Number),
    must("interactions", Number),
    may("mode", Text),
    may("extra", List(&Object(&SUMMARY_EXTRA))),
]);

const fn of(eid: &'static str, shape: &'static Shape) -> EventType {
    EventType { eid, in_sdk: true, edata: Object(shape) }
}

// The common ones first: the search is linear.
static TYPES: [EventType; 17] = [
    of("IMPRESSION", &IMPRESSION),
    of("INTERACT", &INTERACT),
    of("START", &START),
    of("END", &END),
    of("EXDATA", &EXDATA),
    of("LOG", &LOG),
    of("SEARCH", &SEARCH),
    of("ASSESS", &ASSESS),
    of("RESPONSE", &RESPONSE),
    of("INTERRUPT", &INTERRUPT),
    of("FEEDBACK", &FEEDBACK),
    of("SHARE", &SHARE),
    of("AUDIT", &AUDIT),
    of("ERROR", &ERROR),
    EventType { eid: "HEARTBEAT", in_sdk: true, edata: Anything },
    EventType { eid: "METRICS", in_sdk: false, edata: Object(&METRICS) },
    EventType { eid: "SUMMARY", in_sdk: false, edata: Object(&SUMMARY) },
];
