//! What may be kept: the last room before the first byte is written.
//!
//! Order: level by event type (`policy/levels.toml`), then the never-list, then the clock, then the stamp. Field rules of a level
//! find their place in [`pass_event`], between the two. Nothing above the level gets to the WAL, a log or a metric.

use model::outcome::Outcome;
use model::project::ProjectRules;
use model::time::{DAY, SECOND};
use model::{Event, Level, Micros, NotStored, Reason, Value};
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

/// Passes one project's decoded events through the gate, at `now`.
pub fn pass(rules: &ProjectRules, items: impl IntoIterator<Item = Result<Event, NotStored>>, now: Micros) -> Gated {
    let mut gated = Gated::default();
    let mut scrubber = Scrubber::default();
    for item in items {
        match item {
            Ok(event) => match pass_event(rules, event, &mut scrubber, &mut gated.removed_fields, now) {
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
    now: Micros,
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
    correct_clock(&mut event, now);
    event.level = rules.level;
    Ok(event)
}

/// Property that keeps the instant of an event whose clock cannot be right; RFC 3339, or µs beyond its years.
const EVENT_AT_AS_SENT: &str = "_event_at_as_sent";
/// 2000-01-01T00:00:00Z: earlier clocks were never set.
const CLOCK_SET_AFTER: Micros = 946_684_800 * SECOND;

/// A clock from before 2000, or more than a day ahead, is wrong: the event happened now. This also bounds the days
/// that a sender can spread events over, and with them the files of one flush.
fn correct_clock(event: &mut Event, now: Micros) {
    if (CLOCK_SET_AFTER..=now.saturating_add(DAY)).contains(&event.event_at) {
        return;
    }
    let sent = match jiff::Timestamp::from_microsecond(event.event_at) {
        Ok(at) => at.to_string(),
        Err(_) => event.event_at.to_string(),
    };
    event.properties.set(EVENT_AT_AS_SENT, Value::Text(sent.into()));
    event.event_at = now;
    metrics::counter!("telemetry_event_times_corrected_total").increment(1);
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
    use model::{Dialect, ProjectId, Properties, Uuid};

    const NOW: Micros = 1_767_592_800 * SECOND;

    fn rules(level: Level) -> ProjectRules {
        ProjectRules { id: ProjectId(1), level, sunbird_validation: SunbirdValidation::Lenient }
    }

    fn event(name: &str, properties: &[(&str, &str)]) -> Event {
        Event {
            uuid: Uuid::from_u128(7),
            event: name.into(),
            event_at: NOW,
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
        let gated = pass(&rules(Level::Basic), [Ok(event("IMPRESSION", &[])), Ok(event("INTERACT", &[]))], NOW);
        assert_eq!(gated.events.len(), 1);
        assert_eq!(gated.events[0].level, Level::Basic);
        assert_eq!(gated.not_stored[0].reason, Reason::BelowLevel);
        assert_eq!(gated.not_stored[0].payload, None);
        assert!(pass(&rules(Level::Security), [Ok(event("IMPRESSION", &[]))], NOW).events.is_empty());
    }

    #[test]
    fn person_details_do_not_ride_on_other_events_below_enhanced() {
        let carried = [("$set.email", "a@example.org"), ("$set_once.plan", "x"), ("$settled", "yes")];
        let gated = pass(&rules(Level::Basic), [Ok(event("$pageview", &carried))], NOW);
        assert_eq!(gated.events[0].properties.iter().map(|(key, _)| key).collect::<Vec<_>>(), ["$settled"]);
        assert_eq!(gated.removed_fields["below_level:person_properties"], 2);
        let kept = pass(&rules(Level::Enhanced), [Ok(event("$pageview", &carried))], NOW);
        assert_eq!(kept.events[0].properties.len(), 3);
    }

    #[test]
    fn a_clock_that_cannot_be_right_gives_way_to_ours_and_leaves_its_own_time() {
        let at = |event_at| {
            let sent = Event { event_at, ..event("opened", &[]) };
            let kept = pass(&rules(Level::Full), [Ok(sent)], NOW).events.remove(0);
            (kept.event_at, kept.properties.text(EVENT_AT_AS_SENT).map(str::to_owned))
        };
        for right in [CLOCK_SET_AFTER, NOW, NOW + DAY] {
            assert_eq!(at(right), (right, None));
        }
        assert_eq!(at(NOW + DAY + 1), (NOW, Some("2026-01-06T06:00:00.000001Z".to_owned())));
        assert_eq!(at(0), (NOW, Some("1970-01-01T00:00:00Z".to_owned())));
        assert_eq!(at(Micros::MIN), (NOW, Some(Micros::MIN.to_string())));
    }

    #[test]
    fn what_may_never_be_kept_is_removed_and_counted() {
        let gated =
            pass(&rules(Level::Full), [Ok(event("leave requested", &[("password", "hush"), ("child", "6a")]))], NOW);
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
        assert_eq!(pass(&rules(Level::Full), [Err(failed("START"))], NOW).not_stored[0].payload.as_deref(), Some("{}"));
        assert_eq!(pass(&rules(Level::Basic), [Err(failed("START"))], NOW).not_stored[0].payload, None);
        assert_eq!(pass(&rules(Level::Enhanced), [Err(failed("$snapshot"))], NOW).not_stored[0].payload, None);
    }
}
