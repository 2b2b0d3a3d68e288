//! Events that repeat one of their batch but for some values. What a phone sends is mostly what it sent just before:
//! those values are neither parsed nor judged nor copied again.
//!
//! The result is that of the long way, or none: whatever is not plainly the same goes the long way.

use super::map;
use super::schema::{ENVELOPE, EventType, Known, Rule, Shape, event_type};
use super::validate::passes_as_it_is;
use crate::json::holes::{HoleKind, holes, value_at};
use crate::json::tree::Json;
use model::project::SunbirdValidation;
use model::{Event, Micros, Text, Value};

/// Forms that are looked through for each event.
const FORMS_MAX: usize = 8;
/// Only in these does the mending depend on more than which members there are.
const OTHER_TYPES: [&str; 7] = ["END", "EXDATA", "FEEDBACK", "METRICS", "SHARE", "START", "SUMMARY"];

/// The forms of a batch, the last one used first.
#[derive(Default)]
pub(super) struct Repeats<'a> {
    forms: Vec<Form<'a>>,
    learned: usize,
    read: usize,
}

/// So many forms are learned before one is used again; a batch of nothing but new forms is not worth more.
const LEARNED_AHEAD_MAX: usize = 16;

/// One form: the text of its first event, and the event that came last.
struct Form<'a> {
    text: &'a str,
    places: Vec<Place<'a>>,
    event: Event,
    channel: Option<String>,
    strict: Option<Known>,
}

/// A hole, what was last found there, and what it means.
struct Place<'a> {
    start: usize,
    end: usize,
    kind: HoleKind,
    last: &'a str,
    meaning: Meaning,
    rule: Option<&'static Rule>,
}

#[derive(Clone, Copy, PartialEq)]
enum Meaning {
    /// `mid`.
    Identity,
    /// `ets`.
    Instant,
    /// `actor.id`, which is the distinct_id.
    Actor,
    /// A property.
    Property(usize),
    /// `context.sid`, also a property.
    Session(usize),
    /// `context.did`, which is two properties.
    Device(usize, usize),
    /// What depends on it is not said here.
    Fixed,
}

impl<'a> Repeats<'a> {
    /// The event of `text` and its channel, if a form fits.
    pub(super) fn read(&mut self, text: &'a str, now: Micros) -> Option<(Event, Option<String>)> {
        let index = self.forms.iter_mut().position(|form| form.take(text, now))?;
        self.forms[..=index].rotate_right(1);
        self.read += 1;
        let form = &self.forms[0];
        Some((form.event.clone(), form.channel.clone()))
    }

    /// Learns the form of an event that was read the long way. `channel` is its own, as sent and cleaned.
    pub(super) fn learn(&mut self, text: &'a str, event: &Event, channel: Option<&str>, validation: SunbirdValidation) {
        if self.learned > LEARNED_AHEAD_MAX + self.read {
            return;
        }
        self.learned += 1;
        if let Some(form) = Form::of(text, event, channel, validation) {
            self.forms.truncate(FORMS_MAX - 1);
            self.forms.insert(0, form);
        }
    }
}

impl<'a> Form<'a> {
    /// `None` where not every value is plainly where it was.
    fn of(text: &'a str, event: &Event, channel: Option<&str>, validation: SunbirdValidation) -> Option<Form<'a>> {
        let known = event_type(&event.event).filter(|known| !OTHER_TYPES.contains(&known.eid))?;
        if event.properties.get("_repairs").is_some() {
            return None;
        }
        let strict = match validation {
            SunbirdValidation::Strict => Some(if known.in_sdk { Known::Sdk } else { Known::Server }),
            SunbirdValidation::Lenient => None,
        };
        let mut taken = vec![false; event.properties.len()];
        let mut places = Vec::new();
        for hole in holes(text)? {
            let last = &text[hole.place.clone()];
            let meaning = meaning(&hole.path, hole.kind, last, event, &mut taken)?;
            let rule = rule_at(&hole.path, known, strict);
            places.push(Place { start: hole.place.start, end: hole.place.end, kind: hole.kind, last, meaning, rule });
        }
        let by_actor = places.iter().any(|place| place.meaning == Meaning::Actor);
        for place in &mut places {
            if !by_actor && matches!(place.meaning, Meaning::Session(_) | Meaning::Device(..)) {
                // It may be what names the person.
                place.meaning = Meaning::Fixed;
            }
        }
        Some(Form { text, places, event: event.clone(), channel: channel.map(str::to_owned), strict })
    }

    /// Makes `self.event` that of `text`. `false`: the text is of another form, or must go the long way; what was
    /// taken until then stays, each value with its text.
    fn take(&mut self, text: &'a str, now: Micros) -> bool {
        let (own, mut own_at, mut at) = (self.text.as_bytes(), 0, 0);
        let bytes = text.as_bytes();
        for place in &mut self.places {
            let between = &own[own_at..place.start];
            if bytes.get(at..at + between.len()) != Some(between) {
                return false;
            }
            at += between.len();
            let Some(found) = value_at(text, at, place.kind, place.last) else { return false };
            if found != place.last {
                if !place.set(found, &mut self.event, self.strict, now) {
                    return false;
                }
                place.last = found;
            }
            at += found.len();
            own_at = place.end;
        }
        bytes.get(at..) == Some(&own[own_at..])
    }
}

impl Place<'_> {
    /// `false`: the long way decides, and nothing was changed.
    fn set(&self, found: &str, event: &mut Event, strict: Option<Known>, now: Micros) -> bool {
        let Some(mut json) = parsed(found, self.kind) else { return false };
        if self.meaning == Meaning::Fixed || self.rule.is_some_and(|rule| !passes_as_it_is(&mut json, rule, strict)) {
            return false;
        }
        match self.meaning {
            Meaning::Identity => event.uuid = map::uuid_of(found),
            Meaning::Instant => match map::instant(&json).filter(|at| map::is_usual_time(*at, now)) {
                Some(at) => event.event_at = at,
                None => return false,
            },
            Meaning::Actor => {
                if map::distinct_id(found, None, None) != Some(found) {
                    return false;
                }
                event.distinct_id = found.into();
            }
            Meaning::Session(index) => {
                if found.is_empty() {
                    return false;
                }
                let session = Text::from(found);
                event.session_id = Some(session.clone());
                event.properties.values_mut()[index] = Value::Text(session);
            }
            Meaning::Device(index, device) => {
                if found.is_empty() {
                    return false;
                }
                let did = Text::from(found);
                event.properties.values_mut()[index] = Value::Text(did.clone());
                event.properties.values_mut()[device] = Value::Text(did);
            }
            Meaning::Property(index) => match json.to_value() {
                Some(value) => event.properties.values_mut()[index] = value,
                None => return false,
            },
            Meaning::Fixed => return false,
        }
        true
    }
}

/// The value of a hole; text in a hole has no escapes.
fn parsed(found: &str, kind: HoleKind) -> Option<Json<'_>> {
    match kind {
        HoleKind::Text => Some(Json::Text(found.into())),
        HoleKind::Number => Json::parse(found).ok().filter(|json| matches!(json, Json::Number(_))),
        HoleKind::Array => Json::parse(found).ok().filter(|json| matches!(json, Json::Array(_))),
    }
}

/// `None` if the event does not have this value where it should.
fn meaning(path: &[&str], kind: HoleKind, last: &str, event: &Event, taken: &mut [bool]) -> Option<Meaning> {
    match (path, kind) {
        (["mid"], HoleKind::Text) => return Some(Meaning::Identity),
        (["ets"], HoleKind::Number) => return Some(Meaning::Instant),
        (["eid"], _) => return Some(Meaning::Fixed),
        (["actor", "id"], HoleKind::Text)
            if *event.distinct_id == *last && map::distinct_id(last, None, None) == Some(last) =>
        {
            return Some(Meaning::Actor);
        }
        _ => {}
    }
    let mut property = |key: &str| {
        let index = event.properties.keys().iter().position(|own| own == key)?;
        let value = &event.properties.values()[index];
        let is_same = match kind {
            // With escapes the two differ; then the text must stay as it is.
            HoleKind::Text => matches!(value, Value::Text(text) if **text == *last || last.contains('\\')),
            HoleKind::Number | HoleKind::Array => parsed(last, kind)?.to_value().as_ref() == Some(value),
        };
        (is_same && !std::mem::replace(&mut taken[index], true)).then_some(index)
    };
    let index = property(&path.join("."))?;
    Some(match path {
        ["ver"] | ["actor", "id"] | ["context", "channel"] | ["object", "type"] => Meaning::Fixed,
        // An escape, and whatever else is not what it seems.
        _ if kind == HoleKind::Text && last.contains('\\') => Meaning::Fixed,
        ["context", "sid"] => match event.session_id.as_deref() {
            Some(session) if session == last => Meaning::Session(index),
            _ => Meaning::Fixed,
        },
        ["context", "did"] => property("$device_id").map_or(Meaning::Fixed, |device| Meaning::Device(index, device)),
        _ => Meaning::Property(index),
    })
}

/// What the schema says of the value at a path; `None`: nothing.
fn rule_at(path: &[&str], known: &'static EventType, strict: Option<Known>) -> Option<&'static Rule> {
    let field = |shape: &'static Shape, name: &str| shape.field(name, strict).map(|index| &shape.fields[index].rule);
    let (first, rest) = path.split_first()?;
    let first = if *first == "edata" { Some(&known.edata) } else { field(&ENVELOPE, first) };
    rest.iter().try_fold(first?, |rule, name| match rule {
        Rule::Object(shape) => field(shape, name),
        _ => None,
    })
}

#[cfg(test)]
mod tests;
