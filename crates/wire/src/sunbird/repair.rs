//! Mends what Sunbird producers are known to get wrong, before the event is judged. Every change leaves a code that
//! is stored with the event as `_repairs`. The list: docs/ingest/sunbird.md.

use crate::json::tree::{Json, Object};
use std::borrow::Cow;

/// Stable codes of what was changed or noticed, each at most once.
#[derive(Debug, Default)]
pub(super) struct Repairs(Vec<&'static str>);

impl Repairs {
    pub(super) fn note(&mut self, code: &'static str) {
        if !self.0.contains(&code) {
            self.0.push(code);
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// A JSON array of the codes, `None` when there are none.
    pub(super) fn to_json(&self) -> Option<String> {
        // Codes are plain words: they need no escaping.
        (!self.0.is_empty()).then(|| format!("[\"{}\"]", self.0.join("\",\"")))
    }
}

/// Mends the event in place; what cannot be mended is left for the validator to refuse.
pub(super) fn mend(event: &mut Object<'_>, repairs: &mut Repairs) {
    mend_eid(event, repairs);
    mend_version(event, repairs);
    mend_tags(event, repairs);
    mend_object(event, repairs);
    let eid = event.text("eid").unwrap_or("").to_owned();
    match eid.as_str() {
        "IMPRESSION" => mend_impression(event, repairs),
        "START" => mend_start(event, repairs),
        "END" => {
            wrap(event, "summary", "summary-wrapped", repairs);
            mend_content_id(event, repairs);
        }
        "FEEDBACK" => mend_content_id(event, repairs),
        "SHARE" => mend_share(event, repairs),
        "SUMMARY" => mend_summary(event, repairs),
        "METRICS" => mend_metrics(event, repairs),
        _ => {}
    }
}

fn mend_eid(event: &mut Object<'_>, repairs: &mut Repairs) {
    if let Some(Json::Text(eid)) = event.get_mut("eid")
        && eid.bytes().any(|byte| byte.is_ascii_lowercase())
    {
        *eid = Cow::Owned(eid.to_ascii_uppercase());
        repairs.note("eid-upper-cased");
    }
}

fn mend_version(event: &mut Object<'_>, repairs: &mut Repairs) {
    let Some(version) = event.get_mut("ver") else { return };
    let text = match version.number() {
        Some(3.0) => "3.0",
        Some(3.1) => "3.1",
        _ => return,
    };
    *version = Json::Text(text.into());
    repairs.note("ver-from-number");
}

/// `tags` may be null or an empty object by mistake; an object with members is kept under its own paths.
fn mend_tags(event: &mut Object<'_>, repairs: &mut Repairs) {
    let Some(tags) = event.get_mut("tags") else { return };
    match tags {
        Json::Null => {}
        Json::Object(members) if members.0.is_empty() => {}
        Json::Object(members) => {
            let elements = std::mem::take(members).0.into_iter();
            // One object per member, so that an array can hold them without losing a name.
            *tags = Json::Array(elements.map(|(key, value)| Json::Text(pair(&key, &value).into())).collect());
            repairs.note("tags-replaced");
            return;
        }
        _ => return,
    }
    *tags = Json::Array(Vec::new());
    repairs.note("tags-replaced");
}

fn pair(key: &str, value: &Json<'_>) -> String {
    match value {
        Json::Text(text) => format!("{key}:{text}"),
        other => format!("{key}:{}", other.to_text()),
    }
}

fn mend_object(event: &mut Object<'_>, repairs: &mut Repairs) {
    let Some(object) = event.object_mut("object") else { return };
    if matches!(object.get("ver"), None | Some(Json::Null))
        && let Some(version @ Json::Text(_)) = object.get("version")
    {
        let version = version.clone();
        object.set("ver", version);
        object.remove("version");
        repairs.note("object-version-as-ver");
    }
}

fn mend_impression(event: &mut Object<'_>, repairs: &mut Repairs) {
    wrap(event, "visits", "visits-wrapped", repairs);
    if let Some(edata) = event.object_mut("edata")
        && matches!(edata.get("uri"), None | Some(Json::Null))
    {
        edata.set("uri", Json::Text("".into()));
        repairs.note("uri-added");
    }
}

fn mend_start(event: &mut Object<'_>, repairs: &mut Repairs) {
    if let Some(edata) = event.object_mut("edata")
        && matches!(edata.get("pageid"), None | Some(Json::Null))
        && let Some(stage @ Json::Text(_)) = edata.get("stageid")
    {
        let stage = stage.clone();
        edata.set("pageid", stage);
        edata.remove("stageid");
        repairs.note("stageid-as-pageid");
    }
}

/// `edata.contentId` names the object where the event has none; beside an object it is one more member.
fn mend_content_id(event: &mut Object<'_>, repairs: &mut Repairs) {
    let free = match event.get("object") {
        None | Some(Json::Null) => true,
        Some(Json::Object(object)) => object.filled("id").is_none() && object.filled("type").is_none(),
        Some(_) => false,
    };
    let Some(edata) = event.object_mut("edata") else { return };
    if !free || edata.filled("contentId").is_none() {
        return;
    }
    let Some(content) = edata.remove("contentId") else { return };
    match event.object_mut("object") {
        Some(object) => object.set("id", content),
        None => event.set("object", Json::Object(Object(vec![("id".into(), content)]))),
    }
    repairs.note("contentid-as-object-id");
}

/// A SHARE item that nests `obj{id,type,ver}` as the docs' table says; its members move up where they are free.
fn mend_share(event: &mut Object<'_>, repairs: &mut Repairs) {
    let Some(Json::Array(items)) = event.object_mut("edata").and_then(|edata| edata.get_mut("items")) else { return };
    for item in items {
        let Json::Object(item) = item else { continue };
        let Some(nested) = item.object_mut("obj") else { continue };
        let nested = std::mem::take(nested);
        item.remove("obj");
        let mut left = Object::default();
        for (key, value) in nested.0 {
            if item.get(&key).is_none() { item.0.push((key, value)) } else { left.0.push((key, value)) }
        }
        if !left.0.is_empty() {
            item.set("obj", Json::Object(left));
        }
        repairs.note("share-obj-flattened");
    }
}

fn mend_summary(event: &mut Object<'_>, repairs: &mut Repairs) {
    let Some(Json::Array(extra)) = event.object_mut("edata").and_then(|edata| edata.get_mut("extra")) else { return };
    for member in extra {
        let Json::Object(member) = member else { continue };
        if let Some(value) = member.get_mut("value")
            && !matches!(value, Json::Text(_) | Json::Null)
        {
            *value = Json::Text(value.to_text().into());
            repairs.note("extra-value-as-text");
        }
    }
}

/// The older METRICS form: any names with numbers. They become `metrics[{metric, value}]`; the two required names,
/// which that form does not have, become empty.
fn mend_metrics(event: &mut Object<'_>, repairs: &mut Repairs) {
    let Some(edata) = event.object_mut("edata") else { return };
    let members = std::mem::take(&mut edata.0);
    let (numbers, mut kept): (Vec<_>, Vec<_>) =
        members.into_iter().partition(|(_, value)| matches!(value, Json::Number(_)));
    let metrics_are_free = match kept.iter().find(|(key, _)| key == "metrics") {
        None => true,
        Some((_, metrics)) => matches!(metrics, Json::Array(_) | Json::Null),
    };
    if numbers.is_empty() || !metrics_are_free {
        kept.extend(numbers);
        edata.0 = kept;
        return;
    }
    edata.0 = kept;
    for name in ["system", "subsystem"] {
        if matches!(edata.get(name), None | Some(Json::Null)) {
            edata.set(name, Json::Text("".into()));
        }
    }
    let listed = numbers
        .into_iter()
        .map(|(key, value)| Json::Object(Object(vec![("metric".into(), Json::Text(key)), ("value".into(), value)])));
    match edata.get_mut("metrics") {
        Some(Json::Array(metrics)) => metrics.extend(listed),
        _ => {
            let listed = listed.collect();
            edata.set("metrics", Json::Array(listed));
        }
    }
    repairs.note("metrics-from-members");
}

/// Wraps an object in an array.
fn wrap(event: &mut Object<'_>, key: &str, code: &'static str, repairs: &mut Repairs) {
    if let Some(value @ Json::Object(_)) = event.object_mut("edata").and_then(|edata| edata.get_mut(key)) {
        let object = std::mem::replace(value, Json::Null);
        *value = Json::Array(vec![object]);
        repairs.note(code);
    }
}
