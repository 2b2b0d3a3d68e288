//! Rows of a table whose columns a map names: CSV files of any origin.
//!
//! A map says which column is which part of an event (`event=name`, `properties.amount:number=price`). A row without a
//! uuid gets one from `new_uuid`.

use crate::Limits;
use crate::json::flatten::{Flat, Forms};
use crate::json::gate::gate;
use crate::json::tree::Json;
use crate::time;
use model::event::EVENT_NAME_CHARS_MAX;
use model::property::{Kind, decimal};
use model::time::SECOND;
use model::{Dialect, Event, Level, Micros, NotStored, Reason, Uuid};

/// How the column of the time is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum TimeFormat {
    /// Any of the others, told apart by their form and size.
    #[default]
    Auto,
    /// RFC 3339; the offset is required.
    Rfc3339,
    /// Seconds since 1970; a fraction is allowed.
    Seconds,
    /// Milliseconds since 1970.
    Milliseconds,
    /// Microseconds since 1970.
    Microseconds,
}

/// A part of an event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Part {
    /// The uuid.
    Uuid,
    /// The name.
    Event,
    /// The instant.
    EventAt,
    /// The visitor.
    DistinctId,
    /// The session.
    SessionId,
    /// The tab.
    WindowId,
    /// The protocol, as our exports name it.
    Dialect,
    /// A JSON object of properties.
    Properties,
    /// One property, under its flattened key.
    Property(String, Kind),
}

/// What is wrong with a map.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum MapError {
    /// A part that there is not.
    #[error(
        "{part:?} is no part of an event: uuid, event, event_at, distinct_id, session_id, window_id, properties, or \
         properties.KEY, perhaps with :text, :number, :bool or :json behind it"
    )]
    UnknownPart {
        /// As given.
        part: String,
    },
    /// A column that the file does not have.
    #[error("there is no column {column:?}; the header has {header}")]
    NoColumn {
        /// As given.
        column: String,
        /// The columns there are.
        header: String,
    },
    /// A part that every event needs.
    #[error("no column is mapped to {part}; say --map {part}=COLUMN")]
    Missing {
        /// Its name.
        part: &'static str,
    },
}

/// Which column is which part of an event.
#[derive(Debug, Clone, PartialEq)]
pub struct Mapping {
    /// Column and part.
    columns: Vec<(usize, Part)>,
    time: TimeFormat,
    unmapped: Vec<String>,
}

impl Part {
    /// From its name: `event`, `properties.page`, `properties.amount:number`.
    pub fn parse(name: &str) -> Result<Part, MapError> {
        let unknown = || MapError::UnknownPart { part: name.to_owned() };
        Ok(match name {
            "uuid" => Part::Uuid,
            "event" => Part::Event,
            "event_at" => Part::EventAt,
            "distinct_id" => Part::DistinctId,
            "session_id" => Part::SessionId,
            "window_id" => Part::WindowId,
            "properties" => Part::Properties,
            _ => {
                let key = name.strip_prefix("properties.").ok_or_else(unknown)?;
                let kinds =
                    [(":text", Kind::Text), (":number", Kind::Number), (":bool", Kind::Bool), (":json", Kind::Json)];
                let kind = kinds.iter().find_map(|(suffix, kind)| Some((key.strip_suffix(suffix)?, *kind)));
                let (key, kind) = kind.unwrap_or((key, Kind::Text));
                if key.is_empty() {
                    return Err(unknown());
                }
                Part::Property(key.to_owned(), kind)
            }
        })
    }
}

impl Mapping {
    /// From parts and the names of their columns. `*` as the column of `properties` takes all other columns as
    /// properties under their own names, as text.
    pub fn new(header: &[&str], map: &[(String, String)], time: TimeFormat) -> Result<Mapping, MapError> {
        let mut columns = Vec::new();
        let mut all_others = false;
        for (part, column) in map {
            let part = Part::parse(part)?;
            if part == Part::Properties && column == "*" {
                all_others = true;
                continue;
            }
            let at = header.iter().position(|name| name == column).ok_or_else(|| {
                let mut names = header.iter().take(50).copied().collect::<Vec<_>>().join(", ");
                names.truncate(names.char_indices().nth(1_000).map_or(names.len(), |(at, _)| at));
                MapError::NoColumn { column: column.clone(), header: names }
            })?;
            columns.push((at, part));
        }
        for (part, name) in [(Part::Event, "event"), (Part::EventAt, "event_at"), (Part::DistinctId, "distinct_id")] {
            if !columns.iter().any(|(_, known)| *known == part) {
                return Err(MapError::Missing { part: name });
            }
        }
        let mut unmapped = Vec::new();
        for (at, name) in header.iter().enumerate() {
            if !columns.iter().any(|(known, _)| *known == at) {
                if all_others && !name.is_empty() {
                    columns.push((at, Part::Property((*name).to_owned(), Kind::Text)));
                } else {
                    unmapped.push((*name).to_owned());
                }
            }
        }
        Ok(Mapping { columns, time, unmapped })
    }

    /// The map of our own CSV export, if the header is one: `uuid`, `event`, `event_at`, `distinct_id`, `properties`.
    pub fn of_export(header: &[&str]) -> Option<Mapping> {
        let wanted = ["uuid", "event", "event_at", "distinct_id", "properties"];
        if !wanted.iter().all(|name| header.contains(name)) {
            return None;
        }
        let optional = ["session_id", "window_id"].into_iter().filter(|name| header.contains(name));
        let map: Vec<_> = wanted.into_iter().chain(optional).map(|name| (name.to_owned(), name.to_owned())).collect();
        let mut mapping = Mapping::new(header, &map, TimeFormat::Auto).ok()?;
        let dialect = header.iter().position(|name| *name == "dialect");
        mapping.columns.extend(dialect.map(|at| (at, Part::Dialect)));
        mapping.unmapped.retain(|name| !matches!(name.as_str(), "dialect" | "received_at" | "level"));
        Some(mapping)
    }

    /// Columns that are mapped to nothing.
    pub fn unmapped(&self) -> &[String] {
        &self.unmapped
    }

    /// Reads one row; cells that are not there are empty, and an empty cell is a missing value.
    pub fn decode(
        &self,
        cells: &[&str],
        now: Micros,
        limits: &Limits,
        new_uuid: &mut dyn FnMut() -> Uuid,
    ) -> Result<Event, NotStored> {
        self.read(cells, now, limits, new_uuid).map_err(|(reason, detail)| {
            let name = self.cell(cells, &Part::Event).unwrap_or("");
            NotStored {
                reason,
                event: name.chars().take(EVENT_NAME_CHARS_MAX).collect(),
                detail,
                payload: (reason != Reason::EventTooLarge).then(|| self.payload(cells)),
                dialect: Dialect::Native,
            }
        })
    }

    fn cell<'c>(&self, cells: &[&'c str], part: &Part) -> Option<&'c str> {
        let (at, _) = self.columns.iter().find(|(_, known)| known == part)?;
        cells.get(*at).copied().filter(|cell| !cell.is_empty())
    }

    /// What was read of the row, as a line of our own form where that is possible: a retry can read it.
    fn payload(&self, cells: &[&str]) -> String {
        let mut row = serde_json::Map::new();
        let mut properties = serde_json::Map::new();
        for (at, part) in &self.columns {
            let Some(cell) = cells.get(*at).filter(|cell| !cell.is_empty()) else { continue };
            let name = match part {
                Part::Uuid => "uuid",
                Part::Event => "event",
                Part::EventAt => "event_at",
                Part::DistinctId => "distinct_id",
                Part::SessionId => "session_id",
                Part::WindowId => "window_id",
                Part::Dialect => "dialect",
                Part::Properties => "properties",
                Part::Property(key, _) => {
                    properties.insert(key.clone(), (*cell).into());
                    continue;
                }
            };
            row.insert(name.to_owned(), (*cell).into());
        }
        if !properties.is_empty() {
            row.insert("properties".to_owned(), properties.into());
        }
        serde_json::Value::Object(row).to_string()
    }

    fn read(
        &self,
        cells: &[&str],
        now: Micros,
        limits: &Limits,
        new_uuid: &mut dyn FnMut() -> Uuid,
    ) -> Result<Event, (Reason, String)> {
        if cells.iter().map(|cell| cell.len()).sum::<usize>() > limits.event_bytes_max {
            return Err((Reason::EventTooLarge, format!("a row: at most {} bytes", limits.event_bytes_max)));
        }
        let required = |part, reason, name: &str| self.cell(cells, &part).ok_or((reason, format!("{name}: empty")));
        let name = required(Part::Event, Reason::MissingEventName, "event")?;
        if name.chars().count() > EVENT_NAME_CHARS_MAX {
            return Err((Reason::EventNameTooLong, format!("event: at most {EVENT_NAME_CHARS_MAX} characters")));
        }
        let distinct_id = required(Part::DistinctId, Reason::MissingDistinctId, "distinct_id")?;
        let time_text = required(Part::EventAt, Reason::InvalidTimestamp, "event_at")?;
        let event_at = self.instant(time_text).ok_or_else(|| {
            (Reason::InvalidTimestamp, "event_at: not a time of the format that was named".to_owned())
        })?;
        let uuid = match self.cell(cells, &Part::Uuid) {
            None => new_uuid(),
            Some(text) => Uuid::try_parse(text)
                .map_err(|_| (Reason::InvalidUuid, "uuid: 36 characters, 8-4-4-4-12".to_owned()))?,
        };
        let dialect = [Dialect::Sunbird, Dialect::Posthog]
            .into_iter()
            .find(|dialect| self.cell(cells, &Part::Dialect) == Some(dialect.as_str()))
            .unwrap_or(Dialect::Native);
        let forms = Forms::default();
        let mut flat = Flat::new(limits.properties, &forms);
        for (at, part) in &self.columns {
            let Some(cell) = cells.get(*at).copied().filter(|cell| !cell.is_empty()) else { continue };
            match part {
                Part::Properties => json_cell("properties", cell, limits, &mut |json| match json {
                    Json::Object(members) => {
                        flat.push_members("", members);
                        Ok(())
                    }
                    _ => Err((Reason::InvalidProperties, "properties: a JSON object".to_owned())),
                })?,
                Part::Property(key, Kind::Text) => flat.push_text(key, cell),
                Part::Property(key, Kind::Number) => {
                    let number = decimal(cell).and_then(serde_json::Number::from_f64);
                    let number = number.ok_or_else(|| (Reason::InvalidField, format!("{key}: not a number")))?;
                    flat.push(key, &Json::Number(number));
                }
                Part::Property(key, Kind::Bool) => {
                    let flag = match cell.to_ascii_lowercase().as_str() {
                        "true" | "t" | "1" | "yes" => true,
                        "false" | "f" | "0" | "no" => false,
                        _ => return Err((Reason::InvalidField, format!("{key}: not true or false"))),
                    };
                    flat.push(key, &Json::Bool(flag));
                }
                Part::Property(key, Kind::Json) => json_cell(key, cell, limits, &mut |json| {
                    flat.push(key, json);
                    Ok(())
                })?,
                _ => {}
            }
        }
        Ok(Event {
            uuid,
            event: name.into(),
            event_at,
            received_at: now,
            distinct_id: distinct_id.into(),
            session_id: self.cell(cells, &Part::SessionId).map(Into::into),
            window_id: self.cell(cells, &Part::WindowId).map(Into::into),
            level: Level::default(),
            dialect,
            properties: flat.finish(),
        })
    }

    fn instant(&self, text: &str) -> Option<Micros> {
        let scaled = |scale: f64| {
            let at = (decimal(text.trim())? * scale).round();
            (at.abs() < 4e18).then_some(at as Micros)
        };
        match self.time {
            TimeFormat::Auto => time::parse(text),
            TimeFormat::Rfc3339 => time::rfc3339(text.trim()),
            TimeFormat::Seconds => scaled(SECOND as f64),
            TimeFormat::Milliseconds => scaled(1_000.0),
            TimeFormat::Microseconds => text.trim().parse().ok(),
        }
    }
}

/// Takes a parsed cell; the error is why its row fails.
type TakeJson<'a> = dyn FnMut(&Json<'_>) -> Result<(), (Reason, String)> + 'a;

/// Parses a cell under the limits of an event and hands its tree on.
fn json_cell(key: &str, cell: &str, limits: &Limits, take: &mut TakeJson<'_>) -> Result<(), (Reason, String)> {
    let invalid = || (Reason::InvalidProperties, format!("{key}: not valid JSON"));
    let gated = gate(cell.as_bytes(), limits).map_err(|_| invalid())?;
    if gated.depth > limits.depth_max {
        return Err((Reason::TooDeep, format!("{key}: at most {} levels", limits.depth_max)));
    }
    take(&Json::parse(&gated.text).map_err(|_| invalid())?)
}

#[cfg(test)]
mod tests;
