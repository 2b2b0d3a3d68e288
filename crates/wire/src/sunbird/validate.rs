//! Judges one event by the table. Strict: what the SDK's schemas refuse is refused. Lenient: the union of the SDK's
//! and the collector's schemas, with unknown members kept and noted, null as absent, numbers read out of strings.

use super::repair::Repairs;
use super::schema::{ENVELOPE, EventType, Known, Rule, Shape, event_type};
use crate::json::tree::{Json, Object};
use model::Reason;

/// What is wrong, where, and what would be right. Never a value.
#[derive(Debug)]
pub(super) struct Fault {
    pub(super) reason: Reason,
    path: String,
    allowed: String,
}

impl Fault {
    pub(super) fn new(reason: Reason, allowed: impl Into<String>) -> Fault {
        Fault { reason, path: String::new(), allowed: allowed.into() }
    }

    pub(super) fn at(reason: Reason, path: impl Into<String>, allowed: impl Into<String>) -> Fault {
        Fault { reason, path: path.into(), allowed: allowed.into() }
    }

    /// Says that the fault lies inside this member or element.
    fn inside(mut self, name: &str) -> Fault {
        let dot = if self.path.is_empty() || self.path.starts_with('[') { "" } else { "." };
        self.path = format!("{name}{dot}{}", self.path);
        self
    }

    /// `edata.visits[0].objid: required, string`.
    pub(super) fn detail(&self) -> String {
        if self.path.is_empty() { self.allowed.clone() } else { format!("{}: {}", self.path, self.allowed) }
    }
}

/// Whose schema is asked, and what is mended on the way.
enum Mode<'r> {
    Strict { knows: Known },
    Lenient { repairs: &'r mut Repairs },
}

impl Mode<'_> {
    /// Whose schema alone is asked.
    fn only(&self) -> Option<Known> {
        match self {
            Mode::Strict { knows } => Some(*knows),
            Mode::Lenient { .. } => None,
        }
    }
}

/// Holds an event to the SDK's schemas; METRICS and SUMMARY, for which it has none, to the collector's.
pub(super) fn strict(event: &mut Object<'_>) -> Result<(), Fault> {
    let known = type_of(event)?;
    let knows = if known.in_sdk { Known::Sdk } else { Known::Server };
    check_event(event, known, &mut Mode::Strict { knows })
}

/// Holds a mended event to the union of both schema sets.
pub(super) fn lenient(event: &mut Object<'_>, repairs: &mut Repairs) -> Result<(), Fault> {
    let known = type_of(event)?;
    check_event(event, known, &mut Mode::Lenient { repairs })
}

/// Whether a value is right with nothing mended, by one side's schemas or by both.
pub(super) fn passes_as_it_is(value: &mut Json<'_>, rule: &'static Rule, strict: Option<Known>) -> bool {
    let mut repairs = Repairs::default();
    let mut mode = match strict {
        Some(knows) => Mode::Strict { knows },
        None => Mode::Lenient { repairs: &mut repairs },
    };
    check(value, rule, &mut mode).is_ok() && repairs.is_empty()
}

fn type_of(event: &Object<'_>) -> Result<&'static EventType, Fault> {
    match event.get("eid") {
        None | Some(Json::Null) => Err(Fault::at(Reason::MissingEventName, "eid", "required, string")),
        Some(Json::Text(eid)) if eid.is_empty() => {
            Err(Fault::at(Reason::MissingEventName, "eid", "required, at least one character"))
        }
        Some(Json::Text(eid)) => event_type(eid).ok_or_else(|| {
            Fault::at(Reason::UnknownEventType, "eid", "one of the event types of Sunbird telemetry v3")
        }),
        Some(_) => Err(Fault::at(Reason::InvalidField, "eid", "string")),
    }
}

fn check_event(event: &mut Object<'_>, known: &'static EventType, mode: &mut Mode<'_>) -> Result<(), Fault> {
    check_object(event, &ENVELOPE, mode)?;
    match event.get_mut("edata") {
        Some(edata) if !(matches!(mode, Mode::Lenient { .. }) && *edata == Json::Null) => {
            check(edata, &known.edata, mode).map_err(|fault| fault.inside("edata"))
        }
        _ => Err(Fault::at(Reason::MissingField, "edata", "required, object")),
    }
}

/// Characters of an unknown member that an error names; the name is the client's.
const NAMED_CHARS_MAX: usize = 64;

fn check_object(object: &mut Object<'_>, shape: &'static Shape, mode: &mut Mode<'_>) -> Result<(), Fault> {
    let mut met: u32 = 0;
    for (key, value) in &mut object.0 {
        let Some(index) = shape.field(key, mode.only()) else {
            if shape.closed {
                match mode {
                    Mode::Strict { .. } => {
                        let name: String = key.chars().take(NAMED_CHARS_MAX).collect();
                        return Err(Fault::at(Reason::ExtraField, &name, allowed_members(shape, mode)));
                    }
                    Mode::Lenient { repairs } => repairs.note("extra-member"),
                }
            }
            continue;
        };
        if matches!(mode, Mode::Lenient { .. }) && *value == Json::Null {
            continue;
        }
        met |= 1 << index;
        check(value, &shape.fields[index].rule, mode).map_err(|fault| {
            let time = shape.fields[index].name == "ets" && fault.reason == Reason::InvalidField;
            let reason = if time { Reason::InvalidTimestamp } else { fault.reason };
            Fault { reason, ..fault }.inside(key)
        })?;
    }
    let missing = shape.fields.iter().enumerate().find(|(index, field)| field.required && met & (1 << index) == 0);
    match missing {
        None => Ok(()),
        Some((_, field)) => {
            Err(Fault::at(Reason::MissingField, field.name, format!("required, {}", field.rule.words())))
        }
    }
}

fn check(value: &mut Json<'_>, rule: &'static Rule, mode: &mut Mode<'_>) -> Result<(), Fault> {
    match (rule, &mut *value) {
        (Rule::Text, Json::Text(_)) | (Rule::Number, Json::Number(_)) | (Rule::Anything, Json::Object(_)) => Ok(()),
        (Rule::Filled, Json::Text(text)) if text.is_empty() => {
            Err(Fault::new(Reason::MissingField, "required, at least one character"))
        }
        (Rule::Filled, Json::Text(_)) => Ok(()),
        (Rule::FromMinusOne, Json::Number(number)) if number.as_f64().is_some_and(|number| number >= -1.0) => Ok(()),
        (Rule::Version, Json::Text(version)) => check_version(version, mode),
        (Rule::Version, _) => Err(Fault::new(Reason::UnsupportedVersion, "the string 3.0")),
        (Rule::Object(shape), Json::Object(object)) => check_object(object, shape, mode),
        (Rule::List(element_rule), Json::Array(elements)) => {
            for (index, element) in elements.iter_mut().enumerate() {
                if matches!(mode, Mode::Lenient { .. }) && *element == Json::Null {
                    continue;
                }
                check(element, element_rule, mode).map_err(|fault| fault.inside(&format!("[{index}]")))?;
            }
            Ok(())
        }
        (Rule::Number | Rule::FromMinusOne, Json::Text(text)) => {
            if let Mode::Lenient { repairs } = mode
                && let Some(number) = number_in(text)
            {
                repairs.note("number-from-text");
                *value = Json::Number(number);
                return check(value, rule, mode);
            }
            Err(Fault::new(Reason::InvalidField, rule.words()))
        }
        _ => Err(Fault::new(Reason::InvalidField, rule.words())),
    }
}

fn check_version(version: &str, mode: &Mode<'_>) -> Result<(), Fault> {
    let sdk = matches!(mode, Mode::Strict { knows: Known::Sdk });
    match version {
        "3.0" => Ok(()),
        "3.1" if !sdk => Ok(()),
        _ if sdk => Err(Fault::new(Reason::UnsupportedVersion, "the string 3.0")),
        _ => Err(Fault::new(Reason::UnsupportedVersion, "the string 3.0 or 3.1")),
    }
}

/// The number that a whole string spells; integers stay integers.
fn number_in(text: &str) -> Option<serde_json::Number> {
    if let Ok(integer) = text.parse::<i64>() {
        return Some(integer.into());
    }
    serde_json::Number::from_f64(model::property::decimal(text)?)
}

fn allowed_members(shape: &Shape, mode: &Mode<'_>) -> String {
    let names: Vec<_> =
        shape.fields.iter().map(|field| field.name).filter(|name| shape.field(name, mode.only()).is_some()).collect();
    format!("not allowed; allowed are {}", names.join(", "))
}

impl Rule {
    fn words(&self) -> &'static str {
        match self {
            Rule::Text => "string",
            Rule::Filled => "string of at least one character",
            Rule::Number => "number",
            Rule::FromMinusOne => "number, -1 or more",
            Rule::Version => "the string 3.0",
            Rule::Anything | Rule::Object(_) => "object",
            Rule::List(element) => match element {
                Rule::Text => "array of strings",
                _ => "array of objects",
            },
        }
    }
}

#[cfg(test)]
mod tests;
