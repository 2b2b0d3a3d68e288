//! What may be kept: the last room before the first byte is written.
//!
//! Order: level by event type (`policy/levels.toml`), then the never-list, then the stamp. Field rules of a level
//! find their place in [`pass_event`], between the two. Nothing above the level gets to the WAL, a log or a metric.

use model::outcome::Outcome;
use model::project::ProjectRules;
use model::{Event, Level, NotStored, Reason};
use std::collections::BTreeMap;
use wire::scrub::Scrubber;

/// A decoded batch, sorted into what is kept and what is not.
#[derive(Debug, Default)]
pub struct Gated {
    /// Kept, stamped with the level.
    pub events: Vec<Event>,
    /// Not stored, each with its reason.
    pub not_stored: Vec<NotStored>,
    /// How many fields were removed, by reason.
    pub removed_fields: BTreeMap<String, u64>,
}

/// Passes one project's decoded events through the gate.
pub fn pass(rules: &ProjectRules, items: impl IntoIterator<Item = Result<Event, NotStored>>) -> Gated {
    let mut gated = Gated::default();
    let mut scrubber = Scrubber::default();
    for item in items {
        match item {
            Ok(event) => match pass_event(rules, event, &mut scrubber, &mut gated.removed_fields) {
                Ok(event) => gated.events.push(event),
                Err(refused) => gated.not_stored.push(refused),
            },
            Err(refused) => gated.not_stored.push(pass_refused(rules, refused, &mut gated.removed_fields)),
        }
    }
    gated
}

/// Whether the level forbids this event type.
pub fn is_above_level(rules: &ProjectRules, event: &str) -> bool {
    model::level::kept_from(event) > rules.level
}

fn pass_event(
    rules: &ProjectRules,
    mut event: Event,
    scrubber: &mut Scrubber,
    removed: &mut BTreeMap<String, u64>,
) -> Result<Event, NotStored> {
    if is_above_level(rules, &event.event) {
        return Err(NotStored {
            reason: Reason::BelowLevel,
            event: event.event.to_string(),
            detail: format!("the project keeps {}", rules.level.as_str()),
            payload: None,
            dialect: event.dialect,
        });
    }
    if rules.level < Level::Enhanced {
        remove_person_details(&mut event, removed);
    }
    for (reason, count) in scrubber.scrub(&mut event) {
        *removed.entry(reason.to_owned()).or_default() += count;
    }
    event.level = rules.level;
    Ok(event)
}

/// Any event may carry `$set`; where `$set` events are not kept, neither is what rides on others.
fn remove_person_details(event: &mut Event, removed: &mut BTreeMap<String, u64>) {
    let before = event.properties.len();
    event.properties.retain(|key, _| {
        !["$set", "$set_once", "$unset"]
            .iter()
            .any(|name| key.strip_prefix(name).is_some_and(|rest| rest.is_empty() || rest.starts_with('.')))
    });
    let gone = (before - event.properties.len()) as u64;
    if gone > 0 {
        *removed.entry("below_level:person_properties".to_owned()).or_default() += gone;
    }
}

/// A wrong event keeps its payload for a retry, unless the level forbids to keep what is in it.
fn pass_refused(rules: &ProjectRules, mut refused: NotStored, removed: &mut BTreeMap<String, u64>) -> NotStored {
    let payload_allowed = refused.reason.outcome() == Outcome::Failed
        && rules.level >= Level::Enhanced
        && !is_above_level(rules, &refused.event);
    if payload_allowed {
        for (reason, count) in wire::scrub::scrub_not_stored(&mut refused) {
            *removed.entry(reason.to_owned()).or_default() += count;
        }
    } else {
        refused.payload = None;
        // The path of an extra field is a name that the client chose.
        if refused.reason == Reason::ExtraField {
            "a field that the schema does not know".clone_into(&mut refused.detail);
        }
    }
    refused
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::project::SunbirdValidation;
    use model::{Dialect, ProjectId, Properties, Uuid, Value};

    fn rules(level: Level) -> ProjectRules {
        ProjectRules { id: ProjectId(1), level, sunbird_validation: SunbirdValidation::Lenient }
    }

    fn event(name: &str, properties: &[(&str, &str)]) -> Event {
        Event {
            uuid: Uuid::from_u128(7),
            event: name.into(),
            event_at: 0,
            received_at: 0,
            distinct_id: "p".into(),
            session_id: None,
            window_id: None,
            level: Level::Security,
            dialect: Dialect::Sunbird,
            properties: properties
                .iter()
                .map(|(k, v)| (Box::from(*k), Value::Text((*v).into())))
                .collect::<Properties>(),
        }
    }

    #[test]
    fn an_event_type_above_the_level_is_counted_and_not_kept() {
        let gated = pass(&rules(Level::Basic), [Ok(event("IMPRESSION", &[])), Ok(event("INTERACT", &[]))]);
        assert_eq!(gated.events.len(), 1);
        assert_eq!(gated.events[0].level, Level::Basic);
        assert_eq!(gated.not_stored[0].reason, Reason::BelowLevel);
        assert_eq!(gated.not_stored[0].payload, None);
        assert!(pass(&rules(Level::Security), [Ok(event("IMPRESSION", &[]))]).events.is_empty());
    }

    #[test]
    fn person_details_do_not_ride_on_other_events_below_enhanced() {
        let carried = [("$set.email", "a@example.org"), ("$set_once.plan", "x"), ("$settled", "yes")];
        let gated = pass(&rules(Level::Basic), [Ok(event("$pageview", &carried))]);
        assert_eq!(gated.events[0].properties.iter().map(|(key, _)| key).collect::<Vec<_>>(), ["$settled"]);
        assert_eq!(gated.removed_fields["below_level:person_properties"], 2);
        let kept = pass(&rules(Level::Enhanced), [Ok(event("$pageview", &carried))]);
        assert_eq!(kept.events[0].properties.len(), 3);
    }

    #[test]
    fn what_may_never_be_kept_is_removed_and_counted() {
        let gated = pass(&rules(Level::Full), [Ok(event("leave requested", &[("password", "hush"), ("child", "6a")]))]);
        assert_eq!(gated.events[0].properties.text("child"), Some("6a"));
        assert_ne!(gated.events[0].properties.text("password"), Some("hush"));
        assert_eq!(gated.removed_fields.values().sum::<u64>(), 1);
    }

    #[test]
    fn a_failed_event_keeps_its_payload_only_where_the_level_allows_it() {
        let failed = |event: &str| NotStored {
            reason: Reason::MissingField,
            event: event.to_owned(),
            detail: "edata.type is missing".to_owned(),
            payload: Some("{}".to_owned()),
            dialect: Dialect::Sunbird,
        };
        assert_eq!(pass(&rules(Level::Full), [Err(failed("START"))]).not_stored[0].payload.as_deref(), Some("{}"));
        assert_eq!(pass(&rules(Level::Basic), [Err(failed("START"))]).not_stored[0].payload, None);
        assert_eq!(pass(&rules(Level::Enhanced), [Err(failed("$snapshot"))]).not_stored[0].payload, None);
    }
}
