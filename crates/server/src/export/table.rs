//! Events as CSV (RFC 4180): a header, one row an event.

use crate::clock::rfc3339;
use model::{Event, Value};
use std::io::{self, Write};

/// What to do with texts that a spreadsheet would take for a formula.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Formulas {
    /// An apostrophe before them, so that they are shown and not run.
    #[default]
    Guard,
    /// As they are, for programs.
    Keep,
}

/// The form of a table.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct TableOptions {
    /// Columns in order: `uuid`, `event`, `event_at`, `received_at`, `distinct_id`, `session_id`, `window_id`, `level`,
    /// `dialect`, `properties` (all as one JSON object), and any other name is the key of a property, which may be
    /// written `properties.KEY`. Empty: those ten.
    pub columns: Vec<String>,
    /// What to do with formulas.
    pub formulas: Formulas,
}

/// The columns when none are named.
pub const COLUMNS: [&str; 10] = [
    "uuid",
    "event",
    "event_at",
    "received_at",
    "distinct_id",
    "session_id",
    "window_id",
    "level",
    "dialect",
    "properties",
];

/// Characters that begin a formula in one spreadsheet or another.
const FORMULA_STARTS: [char; 6] = ['=', '+', '-', '@', '\t', '\r'];

/// Writes rows.
pub struct Table<W: Write> {
    writer: csv::Writer<W>,
    columns: Vec<Column>,
    formulas: Formulas,
    cell: Vec<u8>,
}

enum Column {
    Uuid,
    Event,
    EventAt,
    ReceivedAt,
    DistinctId,
    SessionId,
    WindowId,
    Level,
    Dialect,
    Properties,
    Property(String),
}

impl Column {
    fn of(name: &str) -> Column {
        match name {
            "uuid" => Column::Uuid,
            "event" => Column::Event,
            "event_at" => Column::EventAt,
            "received_at" => Column::ReceivedAt,
            "distinct_id" => Column::DistinctId,
            "session_id" => Column::SessionId,
            "window_id" => Column::WindowId,
            "level" => Column::Level,
            "dialect" => Column::Dialect,
            "properties" => Column::Properties,
            key => Column::Property(key.strip_prefix("properties.").unwrap_or(key).to_owned()),
        }
    }
}

impl<W: Write> Table<W> {
    /// Writes the header.
    pub fn new(out: W, options: TableOptions) -> io::Result<Table<W>> {
        let writer = csv::WriterBuilder::new().buffer_capacity(1 << 18).from_writer(out);
        let default = || COLUMNS.map(str::to_owned).to_vec();
        let names = if options.columns.is_empty() { default() } else { options.columns };
        let columns = names.iter().map(|name| Column::of(name)).collect();
        let mut table = Table { writer, columns, formulas: options.formulas, cell: Vec::new() };
        for name in &names {
            // Keys come from outside, too.
            table.text(name)?;
        }
        table.writer.write_record(None::<&[u8]>).map_err(io_error)?;
        Ok(table)
    }

    /// Writes one event.
    pub fn push(&mut self, event: &Event) -> io::Result<()> {
        for at in 0..self.columns.len() {
            match &self.columns[at] {
                Column::Uuid => self.writer.write_field(event.uuid.to_string()).map_err(io_error)?,
                Column::Event => self.text(&event.event)?,
                Column::EventAt => self.writer.write_field(rfc3339(event.event_at)).map_err(io_error)?,
                Column::ReceivedAt => self.writer.write_field(rfc3339(event.received_at)).map_err(io_error)?,
                Column::DistinctId => self.text(&event.distinct_id)?,
                Column::SessionId => self.text(event.session_id.as_deref().unwrap_or_default())?,
                Column::WindowId => self.text(event.window_id.as_deref().unwrap_or_default())?,
                Column::Level => self.writer.write_field(event.level.as_str()).map_err(io_error)?,
                Column::Dialect => self.writer.write_field(event.dialect.as_str()).map_err(io_error)?,
                Column::Properties => {
                    self.cell.clear();
                    wire::native::write_properties(event, &mut self.cell);
                    self.writer.write_field(&self.cell).map_err(io_error)?;
                }
                Column::Property(key) => match event.properties.get(key) {
                    None => self.writer.write_field("").map_err(io_error)?,
                    Some(Value::Text(text) | Value::Json(text)) => self.text(text)?,
                    Some(value @ (Value::Number(_) | Value::Bool(_))) => {
                        self.cell.clear();
                        wire::native::write_value(value, &mut self.cell);
                        self.writer.write_field(&self.cell).map_err(io_error)?;
                    }
                },
            }
        }
        self.writer.write_record(None::<&[u8]>).map_err(io_error)
    }

    /// One cell of text from outside.
    fn text(&mut self, text: &str) -> io::Result<()> {
        if self.formulas == Formulas::Guard && text.starts_with(FORMULA_STARTS) {
            self.cell.clear();
            self.cell.push(b'\'');
            self.cell.extend_from_slice(text.as_bytes());
            return self.writer.write_field(&self.cell).map_err(io_error);
        }
        self.writer.write_field(text).map_err(io_error)
    }

    /// Gives back what it was written to.
    pub fn finish(self) -> io::Result<W> {
        self.writer.into_inner().map_err(|error| io::Error::other(error.to_string()))
    }
}

fn io_error(error: csv::Error) -> io::Error {
    match error.into_kind() {
        csv::ErrorKind::Io(error) => error,
        other => io::Error::other(format!("{other:?}")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::{Dialect, Level, Properties, Uuid};

    fn written(options: TableOptions) -> String {
        let properties: Properties = [
            ("page", Value::Text("=HYPERLINK(\"x\")".into())),
            ("n", Value::Number(-1.5)),
            ("list", Value::Json("[1,\"a,b\"]".into())),
        ]
        .into_iter()
        .map(|(key, value)| (key.into(), value))
        .collect();
        let event = Event {
            uuid: Uuid::from_u128(1),
            event: "@view".into(),
            event_at: 1_767_582_000_000_001,
            received_at: 1_767_582_000_000_002,
            distinct_id: "+91,\n\"x\"".into(),
            session_id: None,
            window_id: None,
            level: Level::Full,
            dialect: Dialect::Native,
            properties,
        };
        let mut table = Table::new(Vec::new(), options).expect("written");
        table.push(&event).expect("written");
        String::from_utf8(table.finish().expect("written")).expect("text")
    }

    #[test]
    fn formulas_are_shown_and_numbers_stay_numbers() {
        let columns = ["event", "distinct_id", "page", "properties.n", "list", "absent"].map(str::to_owned).to_vec();
        let guarded = written(TableOptions { columns: columns.clone(), formulas: Formulas::Guard });
        let rows = "'@view,\"'+91,\n\"\"x\"\"\",\"'=HYPERLINK(\"\"x\"\")\",-1.5,\"[1,\"\"a,b\"\"]\",\n";
        assert_eq!(guarded, format!("event,distinct_id,page,properties.n,list,absent\n{rows}"));
        let kept = written(TableOptions { columns, formulas: Formulas::Keep });
        assert_eq!(kept, guarded.replace("'@", "@").replace("'+", "+").replace("'=", "="));
    }

    #[test]
    fn all_columns_are_written_when_none_is_named() {
        let text = written(TableOptions::default());
        assert!(text.starts_with(
            "uuid,event,event_at,received_at,distinct_id,session_id,window_id,level,dialect,properties\n"
        ));
        assert!(text.contains("2026-01-05T03:00:00.000001Z"));
        assert!(
            text.contains(r#"full,native,"{""list"":[1,""a,b""],""n"":-1.5,""page"":""=HYPERLINK(\""x\"")""}""#),
            "{text}"
        );
    }
}
