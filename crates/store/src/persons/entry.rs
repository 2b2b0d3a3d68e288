//! What the identity log holds: decisions, in WAL order. The state of persons is a fold of them (`fold.rs`).

use super::IdentityWarningCode;
use crate::codec::{Malformed, Reader, put_text, put_varint};
use crate::wal::record::kind_of;
use model::person::{ClaimKind, PersonUpdate};
use model::{Micros, Uuid, Value};

/// One decision. Ordinals count new ids from 0 in the order of their entries.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Entry {
    /// An id was named for the first time.
    NewId { id: Box<str>, at: Micros, profile: bool },
    /// An id known from personless events only got its first event with a profile.
    Profile { ordinal: u32 },
    /// A claim within one person: only marks it as identified.
    Identified { ordinal: u32 },
    /// All ids of the person of `other` went to the person of `target`.
    Merge { kind: ClaimKind, target: u32, other: u32, at: Micros, event: Uuid },
    /// A claim was refused.
    Refused { code: IdentityWarningCode, kind: ClaimKind, target: Box<str>, other: Box<str>, at: Micros, event: Uuid },
    /// Person properties changed.
    Update { ordinal: u32, at: Micros, update: PersonUpdate },
    /// The merge with this number counts as never done.
    Undo { seq: u64, by: Box<str>, at: Micros },
}

const KINDS: [ClaimKind; 3] = [ClaimKind::Identify, ClaimKind::Alias, ClaimKind::MergeDangerously];
const CODES: [IdentityWarningCode; 3] = [
    IdentityWarningCode::CannotMergeWithIllegalDistinctId,
    IdentityWarningCode::CannotMergeAlreadyIdentified,
    IdentityWarningCode::MergeNeedsSecretKey,
];

impl Entry {
    pub fn encode(&self, out: &mut Vec<u8>) {
        match self {
            Entry::NewId { id, at, profile } => {
                out.push(1);
                put_text(out, id);
                out.extend_from_slice(&at.to_le_bytes());
                out.push(u8::from(*profile));
            }
            Entry::Profile { ordinal } => {
                out.push(2);
                put_varint(out, u64::from(*ordinal));
            }
            Entry::Identified { ordinal } => {
                out.push(3);
                put_varint(out, u64::from(*ordinal));
            }
            Entry::Merge { kind, target, other, at, event } => {
                out.push(4);
                out.push(*kind as u8);
                put_varint(out, u64::from(*target));
                put_varint(out, u64::from(*other));
                out.extend_from_slice(&at.to_le_bytes());
                out.extend_from_slice(event.as_bytes());
            }
            Entry::Refused { code, kind, target, other, at, event } => {
                out.push(5);
                out.push(*code as u8);
                out.push(*kind as u8);
                put_text(out, target);
                put_text(out, other);
                out.extend_from_slice(&at.to_le_bytes());
                out.extend_from_slice(event.as_bytes());
            }
            Entry::Update { ordinal, at, update } => {
                out.push(6);
                put_varint(out, u64::from(*ordinal));
                out.extend_from_slice(&at.to_le_bytes());
                for changes in [&update.set_once, &update.set] {
                    put_varint(out, changes.len() as u64);
                    for (key, value) in changes {
                        put_text(out, key);
                        put_value(out, value);
                    }
                }
                put_varint(out, update.unset.len() as u64);
                update.unset.iter().for_each(|key| put_text(out, key));
            }
            Entry::Undo { seq, by, at } => {
                out.push(7);
                put_varint(out, *seq);
                put_text(out, by);
                out.extend_from_slice(&at.to_le_bytes());
            }
        }
    }

    pub fn decode(reader: &mut Reader<'_>) -> Result<Entry, Malformed> {
        let kind = |byte: u8| KINDS.get(usize::from(byte)).copied().ok_or(Malformed("claim kind"));
        Ok(match reader.u8()? {
            1 => Entry::NewId { id: reader.text()?.into(), at: reader.i64()?, profile: reader.u8()? != 0 },
            2 => Entry::Profile { ordinal: reader.varint32()? },
            3 => Entry::Identified { ordinal: reader.varint32()? },
            4 => Entry::Merge {
                kind: kind(reader.u8()?)?,
                target: reader.varint32()?,
                other: reader.varint32()?,
                at: reader.i64()?,
                event: Uuid::from_bytes(reader.uuid()?),
            },
            5 => Entry::Refused {
                code: CODES.get(usize::from(reader.u8()?)).copied().ok_or(Malformed("warning code"))?,
                kind: kind(reader.u8()?)?,
                target: reader.text()?.into(),
                other: reader.text()?.into(),
                at: reader.i64()?,
                event: Uuid::from_bytes(reader.uuid()?),
            },
            6 => Entry::Update {
                ordinal: reader.varint32()?,
                at: reader.i64()?,
                update: PersonUpdate {
                    set_once: read_changes(reader)?,
                    set: read_changes(reader)?,
                    unset: (0..reader.count()?).map(|_| Ok(reader.text()?.into())).collect::<Result<_, Malformed>>()?,
                },
            },
            7 => Entry::Undo { seq: reader.varint()?, by: reader.text()?.into(), at: reader.i64()? },
            _ => return Err(Malformed("identity entry")),
        })
    }
}

fn read_changes(reader: &mut Reader<'_>) -> Result<Vec<(Box<str>, Value)>, Malformed> {
    (0..reader.count()?).map(|_| Ok((reader.text()?.into(), read_value(reader)?))).collect()
}

fn put_value(out: &mut Vec<u8>, value: &Value) {
    out.push(value.kind() as u8);
    match value {
        Value::Text(text) | Value::Json(text) => put_text(out, text),
        Value::Number(number) => out.extend_from_slice(&number.to_bits().to_le_bytes()),
        Value::Bool(flag) => out.push(u8::from(*flag)),
    }
}

fn read_value(reader: &mut Reader<'_>) -> Result<Value, Malformed> {
    use model::property::Kind;
    Ok(match kind_of(u64::from(reader.u8()?)) {
        Kind::Text => Value::Text(reader.text()?.into()),
        Kind::Json => Value::Json(reader.text()?.into()),
        Kind::Number => Value::Number(f64::from_bits(reader.u64()?)),
        Kind::Bool => Value::Bool(reader.u8()? != 0),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_entry_comes_back() {
        let update = PersonUpdate {
            set_once: vec![("a".into(), Value::Number(1.5))],
            set: vec![("b".into(), Value::Bool(true)), ("c".into(), Value::Json("[]".into()))],
            unset: vec!["d".into()],
        };
        let event = Uuid::from_u128(9);
        let entries = [
            Entry::NewId { id: "x".into(), at: -1, profile: true },
            Entry::Profile { ordinal: 3 },
            Entry::Identified { ordinal: 300 },
            Entry::Merge { kind: ClaimKind::Alias, target: 1, other: 2, at: 5, event },
            Entry::Refused { code: CODES[2], kind: KINDS[2], target: "t".into(), other: "o".into(), at: 5, event },
            Entry::Update { ordinal: 1, at: 2, update },
            Entry::Undo { seq: 1, by: "me".into(), at: 8 },
        ];
        let mut bytes = Vec::new();
        entries.iter().for_each(|entry| entry.encode(&mut bytes));
        let mut reader = Reader::new(&bytes);
        for entry in entries {
            assert_eq!(Entry::decode(&mut reader), Ok(entry));
        }
        assert!(reader.is_empty());
    }
}
