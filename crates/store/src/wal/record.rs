//! The payloads of WAL records: a batch as accepted, and commands on what is stored.

use crate::codec::{Malformed, Reader, put_text, put_varint, put_zigzag};
use crate::segment::column::MISSING;
use crate::store::Batch;
use crate::text_table::FastHash;
use model::property::Kind;
use model::{Dialect, Event, Keys, Level, Micros, ProjectId, Properties, Reason, Text, Uuid, Value};
use std::collections::HashMap;
use std::ops::Range;

/// Frame kinds in WAL files.
pub(crate) const BATCH: u8 = 1;
pub(crate) const UNDO: u8 = 2;
pub(crate) const RETRIED: u8 = 3;

/// A batch as it stands in the WAL; borrows the record's bytes. Texts are codes into `texts`.
pub(crate) struct BatchRecord<'a> {
    pub project: ProjectId,
    pub received_at: Micros,
    pub trusted: bool,
    pub duplicates: u64,
    pub removed_fields: Vec<(&'a str, u64)>,
    pub retry_of: Vec<u64>,
    pub not_stored: Vec<NotStoredRecord<'a>>,
    pub texts: Vec<&'a str>,
    pub rows: Vec<RowRecord>,
    pub properties: Vec<PropertyRecord>,
}

/// An event that is not a row.
pub(crate) struct NotStoredRecord<'a> {
    pub reason: Reason,
    pub event: &'a str,
    pub detail: &'a str,
    pub payload: Option<&'a str>,
    pub dialect: Dialect,
}

/// An event that is a row; its properties are `properties[range]`.
pub(crate) struct RowRecord {
    pub uuid: [u8; 16],
    pub event: u32,
    pub event_at: Micros,
    pub distinct_id: u32,
    pub session: u32,
    pub window: u32,
    pub level: u8,
    pub dialect: u8,
    pub policy: u32,
    pub properties: Range<usize>,
}

/// One property: for text and JSON `value` is a code, for numbers the bits of the f64, for booleans 0 or 1.
#[derive(Clone, Copy)]
pub(crate) struct PropertyRecord {
    pub key: u32,
    pub kind: Kind,
    pub value: u64,
}

/// Numbers the texts of one record.
struct Texts<'a> {
    codes: HashMap<&'a str, u32, FastHash>,
    bytes: Vec<u8>,
}

impl<'a> Texts<'a> {
    fn code(&mut self, text: &'a str) -> u64 {
        let next = self.codes.len() as u32;
        let bytes = &mut self.bytes;
        u64::from(*self.codes.entry(text).or_insert_with(|| {
            put_text(bytes, text);
            next
        }))
    }
}

/// The payload of a batch of which only `kept` events are new. `received_at` is the raised one.
pub(crate) fn encode_batch(batch: &Batch, kept: &[u32], received_at: Micros) -> Vec<u8> {
    let mut out = Vec::with_capacity(256 + kept.len() * 256);
    put_varint(&mut out, u64::from(batch.project.0));
    out.extend_from_slice(&received_at.to_le_bytes());
    out.push(u8::from(batch.trusted));
    put_varint(&mut out, (batch.events.len() - kept.len()) as u64);
    put_varint(&mut out, batch.removed_fields.len() as u64);
    for (reason, count) in &batch.removed_fields {
        put_text(&mut out, reason);
        put_varint(&mut out, *count);
    }
    put_varint(&mut out, batch.retry_of.len() as u64);
    for id in &batch.retry_of {
        put_varint(&mut out, id.0);
    }
    put_varint(&mut out, batch.not_stored.len() as u64);
    for not_stored in &batch.not_stored {
        put_text(&mut out, not_stored.reason.code());
        put_text(&mut out, &not_stored.event);
        put_text(&mut out, &not_stored.detail);
        out.push(not_stored.dialect as u8);
        out.push(u8::from(not_stored.payload.is_some()));
        if let Some(payload) = &not_stored.payload {
            put_text(&mut out, payload);
        }
    }
    let mut texts = Texts { codes: HashMap::default(), bytes: Vec::new() };
    let mut forms = Vec::new();
    let mut rows = Vec::with_capacity(kept.len() * 128);
    for index in kept {
        encode_row(&mut rows, &mut texts, &mut forms, &batch.events[*index as usize], received_at);
    }
    put_varint(&mut out, texts.codes.len() as u64);
    out.extend_from_slice(&texts.bytes);
    put_varint(&mut out, kept.len() as u64);
    out.extend_from_slice(&rows);
    out
}

/// Keys of events met so far.
type Forms<'a> = Vec<(&'a Keys, Vec<Place<'a>>)>;
/// Looked through for each event.
const FORMS_MAX: usize = 16;

/// The code of a key, and the text that was last under it with its own code: events of one phone share most texts.
struct Place<'a> {
    key: u64,
    last: Option<(&'a Text, u64)>,
}

impl<'a> Place<'a> {
    fn code(&mut self, text: &'a Text, texts: &mut Texts<'a>) -> u64 {
        match self.last {
            Some((last, code)) if last.is_same(text) => code,
            _ => self.last.insert((text, texts.code(text))).1,
        }
    }
}

/// The place of an event's keys among the forms.
fn form_of<'a>(forms: &mut Forms<'a>, texts: &mut Texts<'a>, keys: &'a Keys) -> usize {
    forms.iter().position(|(own, _)| own.is_same(keys)).unwrap_or_else(|| {
        forms.truncate(FORMS_MAX - 1);
        forms.push((keys, keys.iter().map(|key| Place { key: texts.code(key), last: None }).collect()));
        forms.len() - 1
    })
}

fn encode_row<'a>(
    out: &mut Vec<u8>,
    texts: &mut Texts<'a>,
    forms: &mut Forms<'a>,
    event: &'a Event,
    received_at: Micros,
) {
    out.extend_from_slice(event.uuid.as_bytes());
    put_varint(out, texts.code(&event.event));
    // Wrapping: hostile instants may be further apart than an i64 holds, and wrap back when read.
    put_zigzag(out, event.event_at.wrapping_sub(received_at));
    put_varint(out, texts.code(&event.distinct_id));
    put_varint(out, event.session_id.as_deref().map_or(0, |text| texts.code(text) + 1));
    put_varint(out, event.window_id.as_deref().map_or(0, |text| texts.code(text) + 1));
    out.push(event.level as u8);
    out.push(event.dialect as u8);
    put_varint(out, u64::from(model::level::POLICY_VERSION));
    put_varint(out, event.properties.len() as u64);
    let form = form_of(forms, texts, event.properties.keys());
    for (place, value) in forms[form].1.iter_mut().zip(event.properties.values()) {
        put_varint(out, place.key << 2 | value.kind() as u64);
        match value {
            Value::Text(text) | Value::Json(text) => put_varint(out, place.code(text, texts)),
            Value::Number(number) => out.extend_from_slice(&number.to_bits().to_le_bytes()),
            Value::Bool(flag) => out.push(u8::from(*flag)),
        }
    }
}

/// The kind with this number on disk.
pub(crate) fn kind_of(number: u64) -> Kind {
    [Kind::Text, Kind::Number, Kind::Bool, Kind::Json][(number & 3) as usize]
}

/// The reason with this code on disk.
pub(crate) fn reason_of(code: &str) -> Result<Reason, Malformed> {
    use serde::Deserialize;
    use serde::de::value::{Error, StrDeserializer};
    Reason::deserialize(StrDeserializer::<Error>::new(code)).map_err(|_| Malformed("reason"))
}

/// Reads a batch back; every code in it is below the number of texts.
pub(crate) fn decode_batch(payload: &[u8]) -> Result<BatchRecord<'_>, Malformed> {
    let reader = &mut Reader::new(payload);
    let project = ProjectId(reader.varint32()?);
    let received_at = reader.i64()?;
    let trusted = reader.u8()? != 0;
    let duplicates = reader.varint()?;
    let removed_fields =
        (0..reader.count()?).map(|_| Ok((reader.text()?, reader.varint()?))).collect::<Result<_, Malformed>>()?;
    let retry_of = (0..reader.count()?).map(|_| reader.varint()).collect::<Result<_, _>>()?;
    let not_stored = (0..reader.count()?).map(|_| decode_not_stored(reader)).collect::<Result<_, _>>()?;
    let texts = (0..reader.count()?).map(|_| reader.text()).collect::<Result<Vec<_>, _>>()?;
    let count = reader.count()?;
    let mut rows = Vec::with_capacity(count);
    let mut properties = Vec::new();
    for _ in 0..count {
        rows.push(decode_row(reader, texts.len(), received_at, &mut properties)?);
    }
    if !reader.is_empty() {
        return Err(Malformed("end of batch"));
    }
    Ok(BatchRecord {
        project,
        received_at,
        trusted,
        duplicates,
        removed_fields,
        retry_of,
        not_stored,
        texts,
        rows,
        properties,
    })
}

fn decode_not_stored<'a>(reader: &mut Reader<'a>) -> Result<NotStoredRecord<'a>, Malformed> {
    Ok(NotStoredRecord {
        reason: reason_of(reader.text()?)?,
        event: reader.text()?,
        detail: reader.text()?,
        dialect: Dialect::from_u8(reader.u8()?).ok_or(Malformed("dialect"))?,
        payload: if reader.u8()? != 0 { Some(reader.text()?) } else { None },
    })
}

fn decode_row(
    reader: &mut Reader<'_>,
    texts: usize,
    received_at: Micros,
    properties: &mut Vec<PropertyRecord>,
) -> Result<RowRecord, Malformed> {
    let code = |value: u64| match u32::try_from(value) {
        Ok(code) if (code as usize) < texts => Ok(code),
        _ => Err(Malformed("text code")),
    };
    let optional = |value: u64| if value == 0 { Ok(MISSING) } else { code(value - 1) };
    let uuid = reader.uuid()?;
    let event = code(reader.varint()?)?;
    let event_at = received_at.wrapping_add(reader.zigzag()?);
    let distinct_id = code(reader.varint()?)?;
    let session = optional(reader.varint()?)?;
    let window = optional(reader.varint()?)?;
    let level = reader.u8()?;
    let dialect = reader.u8()?;
    Dialect::from_u8(dialect).ok_or(Malformed("dialect"))?;
    let policy = reader.varint32()?;
    let first = properties.len();
    for _ in 0..reader.count()? {
        let tag = reader.varint()?;
        let key = code(tag >> 2)?;
        let kind = kind_of(tag);
        let value = match kind {
            Kind::Text | Kind::Json => u64::from(code(reader.varint()?)?),
            Kind::Number => reader.u64()?,
            Kind::Bool => u64::from(reader.u8()? != 0),
        };
        properties.push(PropertyRecord { key, kind, value });
    }
    let properties = first..properties.len();
    Ok(RowRecord { uuid, event, event_at, distinct_id, session, window, level, dialect, policy, properties })
}

impl BatchRecord<'_> {
    /// The value of one property.
    pub fn value(&self, property: &PropertyRecord) -> Value {
        match property.kind {
            Kind::Text => Value::Text(self.texts[property.value as usize].into()),
            Kind::Json => Value::Json(self.texts[property.value as usize].into()),
            Kind::Number => Value::Number(f64::from_bits(property.value)),
            Kind::Bool => Value::Bool(property.value != 0),
        }
    }

    /// A row as an event.
    pub fn event(&self, row: &RowRecord) -> Event {
        let text = |code: u32| self.texts.get(code as usize).map(|text| Text::from(*text));
        let properties: Properties = self.properties[row.properties.clone()]
            .iter()
            .map(|property| (self.texts[property.key as usize].into(), self.value(property)))
            .collect();
        Event {
            uuid: Uuid::from_bytes(row.uuid),
            event: self.texts[row.event as usize].into(),
            event_at: row.event_at,
            received_at: self.received_at,
            distinct_id: self.texts[row.distinct_id as usize].into(),
            session_id: text(row.session),
            window_id: text(row.window),
            level: Level::from_u8(row.level),
            dialect: Dialect::from_u8(row.dialect).unwrap_or(Dialect::Native),
            properties,
        }
    }
}

/// A command on what is stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Command {
    /// Undo a merge.
    Undo { project: ProjectId, seq: u64, by: String, at: Micros },
    /// Mark failed events as retried.
    Retried { project: ProjectId, ids: Vec<u64>, at: Micros },
}

impl Command {
    pub fn project(&self) -> ProjectId {
        match self {
            Command::Undo { project, .. } | Command::Retried { project, .. } => *project,
        }
    }

    /// Frame kind and payload.
    pub fn encode(&self) -> (u8, Vec<u8>) {
        let mut out = Vec::new();
        put_varint(&mut out, u64::from(self.project().0));
        match self {
            Command::Undo { seq, by, at, .. } => {
                out.extend_from_slice(&at.to_le_bytes());
                put_varint(&mut out, *seq);
                put_text(&mut out, by);
                (UNDO, out)
            }
            Command::Retried { ids, at, .. } => {
                out.extend_from_slice(&at.to_le_bytes());
                put_varint(&mut out, ids.len() as u64);
                ids.iter().for_each(|id| put_varint(&mut out, *id));
                (RETRIED, out)
            }
        }
    }

    pub fn decode(kind: u8, payload: &[u8]) -> Result<Command, Malformed> {
        let reader = &mut Reader::new(payload);
        let project = ProjectId(reader.varint32()?);
        let at = reader.i64()?;
        match kind {
            UNDO => Ok(Command::Undo { project, at, seq: reader.varint()?, by: reader.text()?.to_owned() }),
            RETRIED => {
                let ids = (0..reader.count()?).map(|_| reader.varint()).collect::<Result<_, _>>()?;
                Ok(Command::Retried { project, at, ids })
            }
            _ => Err(Malformed("record kind")),
        }
    }
}

/// Whether the property under this key changes a person.
pub(crate) fn is_person_key(key: &str) -> bool {
    key.starts_with("$set.") || key.starts_with("$set_once.") || key.starts_with("$unset")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::event;
    use model::NotStored;

    #[test]
    fn a_batch_comes_back_as_it_was() {
        let mut batch = Batch::new(ProjectId(3), 50);
        batch.events = vec![
            event(1, "a", "x", i64::MIN).with("n", Value::Number(-0.0)).with("b", Value::Bool(true)),
            event(2, "a", "y", 7).with("j", Value::Json("[1]".into())).with("t", Value::Text("a".into())),
        ]
        .into_iter()
        .map(|event| event.0)
        .collect();
        batch.events[1].session_id = Some("s".into());
        batch.not_stored = vec![NotStored {
            reason: Reason::MissingEventName,
            event: String::new(),
            detail: "event".into(),
            payload: Some("{}".into()),
            dialect: Dialect::Posthog,
        }];
        batch.removed_fields = vec![("level".into(), 2)];
        let bytes = encode_batch(&batch, &[0, 1], 60);
        let record = decode_batch(&bytes).expect("just encoded");
        for (row, event) in record.rows.iter().zip(&mut batch.events) {
            event.received_at = 60;
            assert_eq!(&record.event(row), event);
        }
        assert_eq!(record.not_stored[0].payload, Some("{}"));
        assert_eq!(record.removed_fields, [("level", 2)]);
        for cut in 0..bytes.len() {
            assert!(decode_batch(&bytes[..cut]).is_err(), "cut at {cut}");
        }
    }

    #[test]
    fn commands_come_back() {
        for command in [
            Command::Undo { project: ProjectId(1), seq: 4, by: "me".into(), at: 9 },
            Command::Retried { project: ProjectId(1), ids: vec![1, 300], at: 9 },
        ] {
            let (kind, bytes) = command.encode();
            assert_eq!(Command::decode(kind, &bytes), Ok(command));
        }
    }
}
