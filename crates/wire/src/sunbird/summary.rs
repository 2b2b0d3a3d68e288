//! Workflow summaries as `SUMMARY` events, as a client would have sent them.

use super::map::MID_NAMESPACE;
use model::Uuid;
use model::insight::workflow::WorkflowRow;
use serde_json::{Map, Value, json};

/// Appends one event and a line break.
///
/// Its `mid` is made of device, channel, producer, start, type and mode: the same workflow asked for again has the same
/// one, also when late events have changed its end.
pub fn write_summary(row: &WorkflowRow, out: &mut Vec<u8>) {
    // Instants of answers are RFC 3339; one that is not would say nothing about when.
    let millis = |text: &str| text.parse::<jiff::Timestamp>().map_or(0, |at| at.as_millisecond());
    let name = [&row.device_id, &row.channel, &row.producer, &row.start, &row.kind, &row.mode].map(String::as_str);
    let mid = Uuid::new_v5(&MID_NAMESPACE, name.join("|").as_bytes());
    let mut context = Map::new();
    context.insert("channel".to_owned(), json!(row.channel));
    context.insert("pdata".to_owned(), json!({"id": row.producer}));
    context.insert("env".to_owned(), json!(row.envs.first().map_or("", |env| &*env.env)));
    let texts = [("sid", row.session_id.as_deref()), ("did", Some(&*row.device_id).filter(|id| !id.is_empty()))];
    for (key, text) in texts {
        context.extend(text.map(|text| (key.to_owned(), json!(text))));
    }
    let event = json!({
        "eid": "SUMMARY",
        "ets": millis(&row.end),
        "ver": "3.0",
        "mid": format!("SUMMARY:{mid}"),
        "actor": {"id": row.person, "type": "User"},
        "context": context,
        "object": row.object.as_ref().map_or_else(|| json!({}), |id| json!({"id": id})),
        "tags": [],
        "edata": {
            "type": row.kind,
            "mode": row.mode,
            "starttime": millis(&row.start),
            "endtime": millis(&row.end),
            "timespent": row.time_spent_s,
            "pageviews": row.pages.iter().map(|page| page.visits).sum::<u64>(),
            "interactions": row.interactions,
            "extra": extra(row),
        },
    });
    out.extend_from_slice(event.to_string().as_bytes());
    out.push(b'\n');
}

/// What the collector's schema has no member for, as text.
fn extra(row: &WorkflowRow) -> Vec<Value> {
    let said = [("time_diff", row.time_diff_s), ("interactions_per_minute", row.interactions_per_minute)];
    let said = said.map(|(id, number)| json!({"id": id, "value": number.to_string()}));
    let pages = row.pages.iter().map(|page| {
        json!({"id": format!("page:{}", page.page), "value": format!("{} s, {} visits", page.time_spent_s, page.visits)})
    });
    said.into_iter().chain(pages).collect()
}
