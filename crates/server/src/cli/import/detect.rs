//! What a text file holds, told by its beginning.

use model::Dialect;

/// How much of a file is looked at.
pub const HEAD_BYTES: usize = 64 << 10;

/// What the items of a file are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// Sunbird telemetry v3: events, lists of events or batches.
    Sunbird,
    /// PostHog: exported events, lists of them, or capture bodies.
    Posthog,
    /// Our own export.
    Native,
    /// A table with a header.
    Csv,
}

impl Format {
    /// Its name for people.
    pub fn words(self) -> &'static str {
        match self {
            Format::Sunbird => "Sunbird telemetry",
            Format::Posthog => "PostHog events",
            Format::Native => "Telemetry's own events",
            Format::Csv => "CSV",
        }
    }

    /// The protocol that failed events are said to have come in.
    pub fn dialect(self) -> Dialect {
        match self {
            Format::Sunbird => Dialect::Sunbird,
            Format::Posthog => Dialect::Posthog,
            Format::Native | Format::Csv => Dialect::Native,
        }
    }
}

/// The format of a file that begins with `head`; `mapped`: a column map was given. `None`: it cannot be told.
pub fn format(head: &[u8], mapped: bool) -> Option<Format> {
    if mapped {
        return Some(Format::Csv);
    }
    let head = String::from_utf8_lossy(head);
    let text = head.trim_start_matches('\u{feff}').trim_start();
    let has = |word: &str| text.contains(&format!("\"{word}\""));
    if !text.starts_with(['{', '[']) {
        let header: Vec<&str> =
            text.lines().next().unwrap_or_default().split(',').map(|cell| cell.trim_matches('"')).collect();
        let wanted = ["event", "event_at", "distinct_id"];
        return wanted.iter().all(|name| header.contains(name)).then_some(Format::Csv);
    }
    // Ours first: its properties may bear the words of the others.
    if has("event_at") && has("distinct_id") {
        Some(Format::Native)
    } else if has("eid") && has("ets") {
        Some(Format::Sunbird)
    } else if has("event") && has("distinct_id") {
        Some(Format::Posthog)
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formats_are_told_by_their_words() {
        let of = |text: &str| format(text.as_bytes(), false);
        assert_eq!(of(r#"{"eid":"START","ets":1,"mid":"m"}"#), Some(Format::Sunbird));
        assert_eq!(of("[\n  {\"event\": \"a\", \"distinct_id\": \"d\"}"), Some(Format::Posthog));
        assert_eq!(
            of(r#"{"event":"a","event_at":1,"distinct_id":"d","properties":{"eid":1,"ets":2}}"#),
            Some(Format::Native)
        );
        assert_eq!(of("\u{feff}uuid,event,event_at,distinct_id\n"), Some(Format::Csv));
        assert_eq!(of("name,user\n"), None);
        assert_eq!(of("{}"), None);
        assert_eq!(format(b"name,user\n", true), Some(Format::Csv));
    }
}
