//! Small events for unit tests.

use model::{Dialect, Event, Level, Micros, Properties, Uuid, Value};

/// Builds one event.
pub(crate) struct EventBuilder(pub Event);

impl EventBuilder {
    /// Sets a property.
    pub fn with(mut self, key: &str, value: Value) -> Self {
        self.0.properties.set(key, value);
        self
    }
}

/// An event with little in it.
pub(crate) fn event(uuid: u128, name: &str, distinct_id: &str, event_at: Micros) -> EventBuilder {
    EventBuilder(Event {
        uuid: Uuid::from_u128(uuid),
        event: name.into(),
        event_at,
        received_at: 0,
        distinct_id: distinct_id.into(),
        session_id: None,
        window_id: None,
        level: Level::Full,
        dialect: Dialect::Posthog,
        properties: Properties::default(),
    })
}
